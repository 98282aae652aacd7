import { type Build, vocabulary, type XmlElement } from '@countersign/xml';
import { namespaces, type TrustVersion, trustVersions } from '../vocabulary.ts';

/** An endpoint of WS-Trust over TLS. */
export interface TrustEndpoint {
  version: TrustVersion;
  /** What proves the requester: a user name with password, or an issued token. */
  credential: 'password' | 'token';
  /** Interop: MSAL for Python only looks at addresses that begin with "https://". */
  address: string;
}

const policyNamespaces = {
  trust13: 'http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702',
  trust2005: 'http://schemas.xmlsoap.org/ws/2005/07/securitypolicy',
} as const satisfies Record<TrustVersion, string>;

type Prefix = 'sp' | 'soap12' | 'tns' | 't' | 'wsa10' | 'wsaw' | 'wsdl' | 'wsp' | 'wsu';

const targetNamespace = 'http://schemas.microsoft.com/ws/2008/06/identity/securitytokenservice';

function vocabularyOf(version: TrustVersion): Build<Prefix> {
  return vocabulary({
    sp: policyNamespaces[version],
    soap12: 'http://schemas.xmlsoap.org/wsdl/soap12/',
    t: trustVersions[version].namespace,
    tns: targetNamespace,
    wsa10: namespaces.addressing,
    wsaw: 'http://www.w3.org/2006/05/addressing/wsdl',
    wsdl: 'http://schemas.xmlsoap.org/wsdl/',
    wsp: namespaces.policy,
    wsu: namespaces.utility,
  });
}

const builds = { trust13: vocabularyOf('trust13'), trust2005: vocabularyOf('trust2005') };

/**
 * Writes the WSDL 1.1 document that WS-MetadataExchange gives to active clients: for each endpoint its policy, by which
 * clients (adal-node, MSAL for Python, WCF) choose it, and its address.
 */
export function buildMetadataExchange(endpoints: readonly TrustEndpoint[]): XmlElement {
  const build = builds.trust13;
  const versions = [...new Set(endpoints.map(({ version }) => version))];
  return build(
    'wsdl:definitions',
    { name: 'SecurityTokenService', targetNamespace },
    [
      endpoints.map(buildPolicy),
      versions.flatMap(buildMessages),
      versions.map(buildPortType),
      endpoints.map(buildBinding),
      build('wsdl:service', { name: 'SecurityTokenService' }, endpoints.map(buildPort)),
    ],
    ['tns'],
  );
}

const nameOf = ({ version, credential }: TrustEndpoint) =>
  `${version === 'trust13' ? 'Trust13' : 'Trust2005'}${credential === 'password' ? 'UserName' : 'IssuedToken'}Mixed`;

function buildPolicy(endpoint: TrustEndpoint): XmlElement {
  const build = builds[endpoint.version];
  const all = build('wsp:All', {}, [
    buildTransportBinding(endpoint),
    buildSupportingTokens(endpoint),
    build('wsaw:UsingAddressing'),
  ]);
  return build('wsp:Policy', { 'wsu:Id': `${nameOf(endpoint)}_policy` }, build('wsp:ExactlyOne', {}, all));
}

function buildTransportBinding({ version }: TrustEndpoint): XmlElement {
  const build = builds[version];
  const nest = (name: `sp:${string}`, ...content: XmlElement[]) => build(name, {}, build('wsp:Policy', {}, content));
  const https =
    version === 'trust13' ? nest('sp:HttpsToken') : build('sp:HttpsToken', { RequireClientCertificate: false });
  return nest(
    'sp:TransportBinding',
    nest('sp:TransportToken', https),
    nest('sp:AlgorithmSuite', build('sp:Basic256')),
    nest('sp:Layout', build('sp:Strict')),
    build('sp:IncludeTimestamp'),
  );
}

/** WS-SecurityPolicy 1.2 8.2, 8.4: the credential is a supporting token, protected by the transport. */
function buildSupportingTokens({ version, credential }: TrustEndpoint): XmlElement {
  const build = builds[version];
  const includeToken = { 'sp:IncludeToken': `${policyNamespaces[version]}/IncludeToken/AlwaysToRecipient` };
  const token =
    credential === 'password'
      ? build('sp:UsernameToken', includeToken, build('wsp:Policy', {}, build('sp:WssUsernameToken10')))
      : build('sp:IssuedToken', includeToken, [
          build('sp:RequestSecurityTokenTemplate', {}, build('t:KeyType', {}, trustVersions[version].bearerKey)),
          build('wsp:Policy'),
        ]);
  const name = version === 'trust13' ? 'sp:SignedEncryptedSupportingTokens' : 'sp:SignedSupportingTokens';
  return build(name, {}, build('wsp:Policy', {}, token));
}

function buildMessages(version: TrustVersion): XmlElement[] {
  const build = builds[version];
  const answer = version === 'trust13' ? 'RequestSecurityTokenResponseCollection' : 'RequestSecurityTokenResponse';
  const message = (name: string, element: string) =>
    build('wsdl:message', { name }, build('wsdl:part', { name: 'message', element: `t:${element}` }, [], ['t']));
  return [message(`${version}Request`, 'RequestSecurityToken'), message(`${version}Response`, answer)];
}

function buildPortType(version: TrustVersion): XmlElement {
  const build = builds[version];
  const { issueAction, issuedAction } = trustVersions[version];
  return build(
    'wsdl:portType',
    { name: version },
    build('wsdl:operation', { name: 'Issue' }, [
      build('wsdl:input', { 'wsaw:Action': issueAction, message: `tns:${version}Request` }),
      build('wsdl:output', { 'wsaw:Action': issuedAction, message: `tns:${version}Response` }),
    ]),
  );
}

function buildBinding(endpoint: TrustEndpoint): XmlElement {
  const build = builds[endpoint.version];
  const literal = build('soap12:body', { use: 'literal' });
  return build('wsdl:binding', { name: nameOf(endpoint), type: `tns:${endpoint.version}` }, [
    build('wsp:PolicyReference', { URI: `#${nameOf(endpoint)}_policy` }),
    build('soap12:binding', { transport: 'http://schemas.xmlsoap.org/soap/http' }),
    build('wsdl:operation', { name: 'Issue' }, [
      build('soap12:operation', { soapAction: trustVersions[endpoint.version].issueAction, style: 'document' }),
      build('wsdl:input', {}, literal),
      build('wsdl:output', {}, literal),
    ]),
  ]);
}

function buildPort(endpoint: TrustEndpoint): XmlElement {
  const build = builds[endpoint.version];
  return build('wsdl:port', { name: nameOf(endpoint), binding: `tns:${nameOf(endpoint)}` }, [
    build('soap12:address', { location: endpoint.address }),
    build('wsa10:EndpointReference', {}, build('wsa10:Address', {}, endpoint.address)),
  ]);
}
