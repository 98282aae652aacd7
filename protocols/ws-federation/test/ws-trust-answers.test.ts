import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signedSaml11Assertion } from '@countersign/saml';
import {
  findAttribute,
  getChild,
  listChildren,
  listElements,
  parseXml,
  tokenOf,
  verifySignature,
  writeXml,
  type XmlElement,
} from '@countersign/xml';
import {
  buildMetadataExchange,
  buildSoapFault,
  buildTokenAnswer,
  parseEnvelope,
  parseSignInResult,
  SoapFault,
  soapRefusals,
  trustVersions,
  verifyToken,
} from '../src/index.ts';
import { cryptography, expected, later, now, realm, sent, signedSaml11, signedSaml20, trust } from './tokens.ts';

const address = 'https://sts.example/adfs/services/trust/13/usernamemixed';

test('WS-Trust 1.3 4.2, 4.3: answers hold the token as it was signed, able to stand alone', async () => {
  for (const version of ['trust13', 'trust2005'] as const) {
    const answer = sent(
      buildTokenAnswer({
        version,
        relatesTo: 'urn:uuid:2',
        createdAt: now,
        expiresAt: later(3600),
        appliesTo: realm,
        kind: 'saml11',
        token: signedSaml11,
        tokenId: '_token',
      }),
    );
    const { body, action } = parseEnvelope(answer);
    assert.equal(action, trustVersions[version].issuedAction);
    assert.equal(
      body.name,
      version === 'trust13' ? 'RequestSecurityTokenResponseCollection' : 'RequestSecurityTokenResponse',
    );
    const received = parseSignInResult(writeXml(body));
    assert.equal((await verifyToken(received, trust, expected, cryptography)).id, '_token');
    const text = writeXml(answer);
    assert.match(text, /<t:TokenType>urn:oasis:names:tc:SAML:1.0:assertion</);
    assert.match(text, /urn:uuid:2<\/wsa:RelatesTo>/);
    assert.match(text, /#SAMLAssertionID">_token</);
    // Interop: MSAL for Python cuts the token out by a regular expression.
    const cut = parseXml(/<t:RequestedSecurityToken>(.*)<\/t:RequestedSecurityToken>/.exec(text)?.[1] ?? '');
    assert.equal(
      (await verifySignature(cut, cut, [signedSaml11Assertion], trust.signatures, cryptography.digest)).keyId,
      'issuer',
    );
  }
  const saml20 = buildTokenAnswer({
    version: 'trust13',
    relatesTo: undefined,
    createdAt: now,
    expiresAt: later(1),
    appliesTo: realm,
    kind: 'saml20',
    token: signedSaml20,
    tokenId: '_token',
  });
  assert.ok(writeXml(saml20).includes('#SAMLID'));
});

test('SOAP 1.2 part 1, 5.4: faults have code, subcode and reason', () => {
  for (const reason of Object.keys(soapRefusals) as (keyof typeof soapRefusals)[]) {
    const fault = new SoapFault(reason, 'for the log');
    const { body } = parseEnvelope(sent(buildSoapFault(fault, 'urn:uuid:2')));
    const soap = 'http://www.w3.org/2003/05/soap-envelope';
    const code = getChild(body, soap, 'Code');
    assert.equal(tokenOf(getChild(code, soap, 'Value')), `s:${fault.code}`);
    const subcode = getChild(getChild(code, soap, 'Subcode'), soap, 'Value');
    assert.equal(tokenOf(subcode), `a:${fault.subcode[1]}`);
    assert.equal(subcode.scope.declared.get('a'), fault.subcode[0]);
    assert.equal(tokenOf(getChild(getChild(body, soap, 'Reason'), soap, 'Text')), fault.description);
    assert.ok(!writeXml(body).includes('for the log') && fault.spec !== '' && !fault.mayRedirect);
  }
  assert.equal(new SoapFault('security.authentication', '').subcode[1], 'FailedAuthentication');
});

test('WS-MetadataExchange: clients find policy, binding and address, as MSAL for Python and adal-node look for them', () => {
  const endpoints = [
    { version: 'trust13', credential: 'password', address: `${address}` },
    { version: 'trust2005', credential: 'password', address: address.replace('13', '2005') },
    { version: 'trust13', credential: 'token', address: address.replace('usernamemixed', 'issuedtokenmixed') },
    {
      version: 'trust2005',
      credential: 'token',
      address: address.replace('13/usernamemixed', '2005/issuedtokenmixed'),
    },
  ] as const;
  const document = sent(buildMetadataExchange(endpoints));
  const wsdl = 'http://schemas.xmlsoap.org/wsdl/';
  const policyNamespace = 'http://schemas.xmlsoap.org/ws/2004/09/policy';
  const soap12 = 'http://schemas.xmlsoap.org/wsdl/soap12/';
  assert.equal(`{${document.namespace}}${document.name}`, `{${wsdl}}definitions`);
  const path = (element: XmlElement, namespace: string, ...names: string[]) =>
    names.reduce((at, name) => getChild(at, namespace, name), element);
  const policies = listChildren(document, policyNamespace, 'Policy');
  const bindings = listChildren(document, wsdl, 'binding');
  const ports = listChildren(getChild(document, wsdl, 'service'), wsdl, 'port');
  for (const [at, { version, address, credential }] of endpoints.entries()) {
    const port = ports[at];
    assert.ok(port);
    const reference = getChild(port, 'http://www.w3.org/2005/08/addressing', 'EndpointReference');
    assert.equal(tokenOf(getChild(reference, 'http://www.w3.org/2005/08/addressing', 'Address')), address);
    const binding = bindings.find(
      (candidate) => `tns:${findAttribute(candidate, 'name')}` === findAttribute(port, 'binding'),
    );
    assert.ok(binding);
    assert.equal(
      findAttribute(getChild(binding, soap12, 'binding'), 'transport'),
      'http://schemas.xmlsoap.org/soap/http',
    );
    const operation = getChild(getChild(binding, wsdl, 'operation'), soap12, 'operation');
    assert.equal(findAttribute(operation, 'soapAction'), trustVersions[version].issueAction);
    const uri = findAttribute(getChild(binding, policyNamespace, 'PolicyReference'), 'URI');
    const policy = policies.find((candidate) => `#${candidate.attributes[0]?.value}` === uri);
    assert.ok(policy);
    const all = path(policy, policyNamespace, 'ExactlyOne', 'All');
    const sp =
      version === 'trust13'
        ? 'http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702'
        : 'http://schemas.xmlsoap.org/ws/2005/07/securitypolicy';
    getChild(all, sp, 'TransportBinding');
    const tokens = getChild(
      all,
      sp,
      version === 'trust13' ? 'SignedEncryptedSupportingTokens' : 'SignedSupportingTokens',
    );
    const supporting = getChild(tokens, policyNamespace, 'Policy');
    if (credential === 'token') getChild(supporting, sp, 'IssuedToken');
    else getChild(path(getChild(supporting, sp, 'UsernameToken'), policyNamespace, 'Policy'), sp, 'WssUsernameToken10');
  }
  const names = listElements(document).map(({ name }) => name);
  assert.deepEqual([...new Set(names)], ['Policy', 'message', 'portType', 'binding', 'service']);
});
