import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseXml, walk, writeXml, type XmlElement, type XmlNode } from '@countersign/xml';
import fc from 'fast-check';
import {
  buildSoapFault,
  checkEnvelope,
  checkTimestamp,
  issuerOf,
  parseEnvelope,
  parseSecurityHeader,
  parseTokenRequest,
  SoapFault,
  type TrustVersion,
  tokenTypes,
  trustVersions,
  verifyToken,
} from '../src/index.ts';
import {
  cryptography,
  expected,
  issuer,
  later,
  now,
  realm,
  refusal,
  signedSaml11,
  signedSaml20,
  trust,
} from './tokens.ts';

const clock = { now, clockSkewSeconds: 60 };
const address = 'https://sts.example/adfs/services/trust/13/usernamemixed';

/** A request as MSAL for Python and adal-node write it. */
function requestText(version: TrustVersion = 'trust13'): string {
  const { namespace, issueAction, issueRequest, bearerKey } = trustVersions[version];
  return `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="http://www.w3.org/2005/08/addressing"
      xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd">
    <s:Header>
      <wsa:Action s:mustUnderstand="1">${issueAction}</wsa:Action>
      <wsa:messageID>urn:uuid:1</wsa:messageID><wsa:MessageID>urn:uuid:2</wsa:MessageID>
      <wsa:ReplyTo><wsa:Address>http://www.w3.org/2005/08/addressing/anonymous</wsa:Address></wsa:ReplyTo>
      <wsa:To s:mustUnderstand="1">${address}</wsa:To>
      <wsse:Security s:mustUnderstand="1" xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">
        <wsu:Timestamp wsu:Id="_0"><wsu:Created>2026-11-21T19:23:00.000Z</wsu:Created><wsu:Expires>2026-11-21T19:33:00.000Z</wsu:Expires></wsu:Timestamp>
        <wsse:UsernameToken wsu:Id="ADALUsernameToken"><wsse:Username>marge@jogcloud.com</wsse:Username><wsse:Password>a &amp; &lt;b&gt; </wsse:Password></wsse:UsernameToken>
      </wsse:Security>
    </s:Header>
    <s:Body>
      <wst:RequestSecurityToken xmlns:wst="${namespace}">
        <wsp:AppliesTo xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy"><wsa:EndpointReference><wsa:Address>${realm}</wsa:Address></wsa:EndpointReference></wsp:AppliesTo>
        <wst:KeyType>${bearerKey}</wst:KeyType>
        <wst:RequestType>${issueRequest}</wst:RequestType>
      </wst:RequestSecurityToken>
    </s:Body>
  </s:Envelope>`;
}

const parse = (text: string) => parseEnvelope(parseXml(text));

test('WS-Trust 1.3 4.1: requests as MSAL for Python and adal-node write them are read, in both versions', () => {
  for (const version of ['trust13', 'trust2005'] as const) {
    const envelope = parse(requestText(version));
    assert.deepEqual([envelope.to, envelope.messageId], [address, 'urn:uuid:2']);
    checkEnvelope(envelope, { addresses: [address] });
    const header = parseSecurityHeader(envelope.security);
    checkTimestamp(header, clock);
    assert.deepEqual(header.credential, { kind: 'password', username: 'marge@jogcloud.com', password: 'a & <b> ' });
    assert.deepEqual(parseTokenRequest(envelope), {
      version,
      context: undefined,
      appliesTo: realm,
      kind: undefined,
      tokenType: undefined,
      claimTypes: [],
      onBehalfOf: undefined,
      actAs: undefined,
    });
  }
});

test('Interop: adal-node sends no MessageID', () => {
  const envelope = parse(requestText().replace(/<wsa:MessageID>.*<\/wsa:MessageID>/, ''));
  assert.equal(envelope.messageId, undefined);
  assert.ok(!writeXml(buildSoapFault(new SoapFault('soap.action', ''), undefined)).includes('RelatesTo'));
});

const body = (content: string, text = requestText()) => text.replace('<wst:KeyType>', `${content}<wst:KeyType>`);

test('WS-Trust 1.3 4.1, 9.1, WS-Trust 1.4 9.3: token type, claims and delegation are read', () => {
  const claims =
    '<wst:Claims Dialect="http://docs.oasis-open.org/wsfed/authorization/200706"><auth:ClaimType xmlns:auth="http://docs.oasis-open.org/wsfed/authorization/200706" Uri="urn:c" Optional="true"/><other/></wst:Claims>';
  const onBehalfOf = `<wst:OnBehalfOf>${writeXml(signedSaml11)}</wst:OnBehalfOf>`;
  const actAs = `<x:ActAs xmlns:x="http://docs.oasis-open.org/ws-sx/ws-trust/200802">${writeXml(signedSaml20).replaceAll('_token', '_other')}</x:ActAs>`;
  const type = tokenTypes.saml20[1];
  const read = (delegation: string) =>
    parseTokenRequest(
      parse(
        body(`<wst:TokenType>${type}</wst:TokenType>${claims}${delegation}`).replace(
          '<wst:RequestSecurityToken ',
          '<wst:RequestSecurityToken Context="c" ',
        ),
      ),
    );
  const request = read(onBehalfOf);
  assert.deepEqual(
    [request.kind, request.tokenType, request.claimTypes, request.context],
    ['saml20', type, ['urn:c'], 'c'],
  );
  assert.deepEqual([request.onBehalfOf?.kind, request.actAs], ['assertion', undefined]);
  const { actAs: acted } = read(actAs);
  assert.ok(acted?.kind === 'assertion');
  assert.deepEqual([acted.token.namespace, issuerOf(acted.token)], [tokenTypes.saml20[0], issuer]);
  assert.throws(() => read(onBehalfOf + actAs), refusal('trust.delegation'));
});

test('WS-Trust 1.3 9.1: the assertion of a delegation is verified like any other', async () => {
  const envelope = parse(body(`<wst:OnBehalfOf>${writeXml(signedSaml11)}</wst:OnBehalfOf>`));
  const { onBehalfOf } = parseTokenRequest(envelope);
  assert.ok(onBehalfOf?.kind === 'assertion');
  const { document } = envelope;
  const { token } = onBehalfOf;
  assert.equal((await verifyToken({ document, token }, trust, expected, cryptography)).subject?.value, 'marge');
  const other = { ...expected, issuer: 'https://other-tenant.example' };
  await assert.rejects(verifyToken({ document, token }, trust, other, cryptography), refusal('assertion.issuer'));
});

test('WS-Security 1.1 6.3: a delegation may hold a JSON Web Token in base64, of the type that AD FS names, and no other', () => {
  const security = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
  const base64 = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary';
  const read = (text: string, type = 'urn:ietf:params:oauth:token-type:jwt', encoding = base64, more = '') => {
    const content = Buffer.from(text).toString('base64');
    const token = `<o:BinarySecurityToken xmlns:o="${security}" ValueType="${type}" EncodingType="${encoding}">${content}</o:BinarySecurityToken>`;
    return parseTokenRequest(parse(body(`<wst:OnBehalfOf>${token}${more}</wst:OnBehalfOf>`))).onBehalfOf;
  };
  assert.deepEqual(read('e30.e30.AA'), { kind: 'jwt', token: 'e30.e30.AA' });
  for (const text of ['', 'e30.e30', 'e30.e30.', 'a.b.c.d.e', '{"payload":"e30"}', 'e30.e30.AA\n', 'ä.b.c']) {
    assert.throws(() => read(text), refusal('trust.delegation'), text);
  }
  assert.throws(
    () => read('e30.e30.AA', 'urn:ietf:params:oauth:token-type:refresh_token'),
    refusal('trust.delegation'),
  );
  assert.throws(() => read('e30.e30.AA', undefined, `${security}#HexBinary`), refusal('trust.delegation'));
  assert.throws(() => read('e30.e30.AA', undefined, base64, writeXml(signedSaml11)), refusal('trust.delegation'));
});

test('WS-Trust 1.3 4.1, 9.2: what is not issued here is refused', () => {
  const text = requestText();
  const refused: [string | RegExp, string, string][] = [
    [
      'RequestSecurityToken xmlns:wst="http://docs.oasis-open.org/ws-sx/ws-trust/200512"',
      'RequestSecurityToken xmlns:wst="urn:x"',
      'trust.request_type',
    ],
    [/wst:RequestSecurityToken(?=[ >])/g, 'wst:RequestSecurityTokenCollection', 'trust.request_type'],
    ['200512/Issue<', '200512/Validate<', 'trust.request_type'],
    [/<wst:RequestType>.*<\/wst:RequestType>/, '', 'trust.request_type'],
    ['200512/Bearer', '200512/SymmetricKey', 'trust.key_type'],
    ['200512/Bearer', '200512/PublicKey', 'trust.key_type'],
    [/<wst:KeyType>.*<\/wst:KeyType>/, '', 'trust.key_type'],
    [/<wsp:AppliesTo.*<\/wsp:AppliesTo>/, '', 'trust.applies_to'],
    [`<wsa:Address>${realm}</wsa:Address>`, '<wsa:Address/>', 'trust.applies_to'],
    [`<wsa:Address>${realm}</wsa:Address>`, '', 'soap.content'],
    ['<wst:KeyType>', '<wst:TokenType>urn:jwt</wst:TokenType><wst:KeyType>', 'trust.token_type'],
    ['<wst:KeyType>', '<wst:TokenType/><wst:KeyType>', 'trust.token_type'],
    ['<wst:KeyType>', '<wst:OnBehalfOf/><wst:KeyType>', 'trust.delegation'],
    ['<wst:KeyType>', '<wst:OnBehalfOf><a/></wst:OnBehalfOf><wst:KeyType>', 'trust.delegation'],
    [
      '<wst:KeyType>',
      `<wst:OnBehalfOf>${writeXml(signedSaml11)}${writeXml(signedSaml11)}</wst:OnBehalfOf><wst:KeyType>`,
      'trust.delegation',
    ],
    ['200512/RST/Issue', '200512/RST/Renew', 'soap.action'],
    [/<wsa:Action.*<\/wsa:Action>/, '', 'soap.action'],
    ['<wst:KeyType>', '<wst:KeyType>x</wst:KeyType><wst:KeyType>', 'soap.content'],
  ];
  for (const [search, replacement, reason] of refused) {
    const changed = text.replace(search, replacement);
    assert.notEqual(changed, text);
    assert.throws(() => parseTokenRequest(parse(changed)), refusal(reason), `${search} -> ${replacement}`);
  }
});

test('SOAP 1.2 part 1, 5: what is no envelope with one body, or demands what is not understood, is refused', () => {
  const text = requestText();
  const refused: [string | RegExp, string, string][] = [
    ['http://www.w3.org/2003/05/soap-envelope', 'http://schemas.xmlsoap.org/soap/envelope/', 'soap.version'],
    [/<s:Body>[\s\S]*<\/s:Body>/, '', 'soap.content'],
    [/<s:Body>[\s\S]*<\/s:Body>/, '<s:Body/>', 'soap.content'],
    ['<s:Body>', '<s:Body><a/>', 'soap.content'],
    ['<s:Header>', '<s:Header><x s:mustUnderstand="1"/>', 'soap.not_understood'],
    ['<s:Header>', '<s:Header><wsa:Unknown s:mustUnderstand="true"/>', 'soap.not_understood'],
    ['<s:Header>', '<s:Header><wsa:To>x</wsa:To>', 'soap.content'],
  ];
  for (const [search, replacement, reason] of refused) {
    assert.throws(() => parse(text.replace(search, replacement)), refusal(reason), `${search} -> ${replacement}`);
  }
  assert.equal(parse(text.replace('<s:Header>', '<s:Header><x/><y s:mustUnderstand="0"/>')).to, address);
  const bare = parse(text.replace(/<s:Header>[\s\S]*<\/s:Header>/, ''));
  assert.deepEqual([bare.action, bare.security], [undefined, undefined]);
});

test('WS-Addressing 1.0 SOAP Binding 6.4.1: address and action are those by HTTP', () => {
  const envelope = parse(requestText());
  const { issueAction } = trustVersions.trust13;
  checkEnvelope(envelope, { addresses: [address], httpAction: `"${issueAction}"` });
  checkEnvelope(envelope, { addresses: [address], httpAction: issueAction });
  checkEnvelope(envelope, { addresses: [address], httpAction: '' });
  checkEnvelope({ ...envelope, to: undefined }, { addresses: [] });
  assert.throws(
    () => checkEnvelope(envelope, { addresses: ['https://sts.example.evil/'] }),
    refusal('soap.destination'),
  );
  assert.throws(() => checkEnvelope(envelope, { addresses: [address], httpAction: 'urn:x' }), refusal('soap.action'));
  assert.throws(
    () => checkEnvelope({ ...envelope, action: undefined }, { addresses: [address], httpAction: 'urn:x' }),
    refusal('soap.action'),
  );
});

test('WS-Security 1.1 10, 12: messages without timestamp or with other credentials are refused', () => {
  const text = requestText();
  const refused: [string | RegExp, string, string][] = [
    [/<wsse:Security [\s\S]*<\/wsse:Security>/, '', 'security.missing'],
    [/<wsu:Timestamp.*<\/wsu:Timestamp>/, '', 'security.missing'],
    [/<wsu:Expires>.*<\/wsu:Expires>/, '', 'security.missing'],
    [/<wsse:UsernameToken.*<\/wsse:UsernameToken>/, '', 'security.missing'],
    [/<wsse:Password>.*<\/wsse:Password>/, '', 'security.missing'],
    ['2026-11-21T19:33:00.000Z', 'tomorrow', 'security.missing'],
    [
      '<wsse:Password>',
      '<wsse:Password Type="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest">',
      'security.unsupported',
    ],
    [/<wsse:UsernameToken.*<\/wsse:UsernameToken>/, '<wsse:BinarySecurityToken/>', 'security.unsupported'],
    [
      '</wsse:UsernameToken>',
      '</wsse:UsernameToken><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>',
      'security.unsupported',
    ],
  ];
  for (const [search, replacement, reason] of refused) {
    assert.throws(
      () => parseSecurityHeader(parse(text.replace(search, replacement)).security),
      refusal(reason),
      `${search} -> ${replacement}`,
    );
  }
});

test('WS-Security 1.1 10: messages of another time are refused', () => {
  const check = (createdAt: Date, expiresAt: Date) =>
    checkTimestamp({ createdAt, expiresAt, credential: { kind: 'password', username: '', password: '' } }, clock);
  check(later(60), later(300));
  check(later(-300), later(-59));
  for (const [from, until] of [
    [61, 300],
    [-300, -60],
    [0, 0],
    [10, 0],
    [0, 3601],
    [-100_000, 100_000],
  ] as const) {
    assert.throws(() => check(later(from), later(until)), refusal('security.expired'), `${from} ${until}`);
  }
});

test('WS-Trust 1.3 4.4: a token can be the credential, and is verified', async () => {
  for (const [token, kind] of [
    [signedSaml11, 'saml11'],
    [signedSaml20, 'saml20'],
  ] as const) {
    const envelope = parse(requestText().replace(/<wsse:UsernameToken.*<\/wsse:UsernameToken>/, writeXml(token)));
    const { credential } = parseSecurityHeader(envelope.security);
    assert.ok(credential.kind === 'token');
    const verified = await verifyToken(
      { document: envelope.document, token: credential.token },
      trust,
      expected,
      cryptography,
    );
    assert.equal(verified.kind, kind);
  }
});

test('whatever is made of a request, it is read or answered by a fault', () => {
  const good = requestText();
  const elements: XmlElement[] = [];
  walk(parseXml(good), (element) => elements.push(element));
  fc.assert(
    fc.property(fc.nat(elements.length - 1), fc.nat(elements.length - 1), fc.boolean(), (from, to, isRemoved) => {
      const [moved, target] = [elements[from], elements[to]];
      const rebuild = (element: XmlElement): XmlElement => ({
        ...element,
        children: element.children.flatMap((child): XmlNode[] => {
          if (typeof child === 'string') return [child];
          if (child === moved && isRemoved) return [];
          return child === target && moved ? [moved, rebuild(child)] : [rebuild(child)];
        }),
      });
      try {
        const envelope = parse(writeXml(rebuild(elements[0] as XmlElement)));
        parseSecurityHeader(envelope.security);
        parseTokenRequest(envelope);
      } catch (error) {
        assert.ok(error instanceof SoapFault, String(error));
      }
    }),
    { numRuns: 500 },
  );
});
