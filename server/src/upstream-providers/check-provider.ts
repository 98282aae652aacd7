import { contentAlgorithms } from '@countersign/xml';
import { xmlVerificationKey } from '../issuance/index.ts';
import { refuse } from './errors.ts';
import {
  type OidcTrust,
  oidcAlgorithms,
  type SamlTrust,
  type UpstreamProvider,
  type WsFederationTrust,
} from './provider.ts';

const idForm = /^[a-z0-9][a-z0-9._-]{0,63}$/i;
/** Words that flows have for accounts of this tenant. */
const reservedIds: ReadonlySet<string> = new Set([
  'local',
  'emailpassword-oauth',
  'usernamepassword',
  'userprincipalnamepassword',
]);
const longestName = 256;
const longestIssuer = 512;
const mostDomains = 1_000;
const mostResolutionServices = 20;
const largestLogo = 65_536;

/**
 * Checks what the types cannot say, but for the rules.
 * @throws Refusal `upstream-providers.invalid`
 */
export function checkProvider(provider: UpstreamProvider): void {
  const problem = problems(provider).next().value;
  if (problem) throw refuse('upstream-providers.invalid', { id: provider.id.slice(0, 100), problem });
}

function* problems(provider: UpstreamProvider): Generator<string, undefined> {
  const { id, displayName, issuer, domains, logo } = provider;
  if (!idForm.test(id)) yield 'its id must be 1 to 64 letters, digits, dots, dashes and underscores';
  if (reservedIds.has(id.toLowerCase())) yield 'its id stands for accounts of the tenant itself';
  if (displayName.trim() === '' || displayName.length > longestName) {
    yield `its display name must have 1 to ${longestName} characters`;
  }
  if (issuer.trim() !== issuer || issuer === '' || issuer.length > longestIssuer || /[\r\n]/.test(issuer)) {
    yield `its issuer must have 1 to ${longestIssuer} characters, without spaces around them`;
  }
  if (domains.length > mostDomains) yield `it has more than ${mostDomains} domains`;
  if (new Set(domains).size < domains.length) yield 'it names a domain twice';
  if (logo !== null && !isPicture(logo)) {
    yield `its logo must be a data: address of a PNG, JPEG, WebP or SVG picture of at most ${largestLogo} characters`;
  }
  yield* activeProblems(provider);
  yield* protocolProblems(provider);
  return undefined;
}

function* activeProblems({ protocol, metadataExchangeAddress, activeSignInAddress }: UpstreamProvider) {
  const addresses = [metadataExchangeAddress, activeSignInAddress].filter((address) => address !== null);
  if (!addresses.every(isAddress)) yield 'its addresses of WS-Trust must be https URLs';
  if (protocol === 'oidc' && addresses.length > 0) yield 'a provider of OpenID Connect has no addresses of WS-Trust';
}

function isPicture(logo: string): boolean {
  return logo.length <= largestLogo && /^data:image\/(png|jpeg|webp|svg\+xml);base64,[a-z0-9+/]+=*$/i.test(logo);
}

function* protocolProblems(provider: UpstreamProvider): Generator<string> {
  if (provider.protocol === 'oidc') yield* oidcProblems(provider);
  else if (provider.protocol === 'saml') yield* samlProblems(provider.saml);
  else yield* wsFederationProblems(provider.wsFederation);
}

function* samlProblems(trust: SamlTrust): Generator<string> {
  const { singleSignOn, singleLogout, singleLogoutBySoap, signingCertificates, contentEncryption, mustBeEncrypted } =
    trust;
  if (!isAddress(singleSignOn.location)) yield 'its address for sign-ins must be an https URL';
  const { location = singleSignOn.location, responseLocation = null } = singleLogout ?? {};
  const signOutAddresses = [location, responseLocation, singleLogoutBySoap].filter((address) => address !== null);
  if (!signOutAddresses.every(isAddress)) {
    yield 'its addresses for sign-outs must be https URLs';
  }
  yield* artifactProblems(trust);
  yield* certificateProblems(signingCertificates);
  if (!contentEncryption.every((name) => Object.hasOwn(contentAlgorithms, name))) {
    yield `its content encryption must be some of ${Object.keys(contentAlgorithms).join(', ')}`;
  }
  if (mustBeEncrypted && contentEncryption.length === 0) {
    yield 'its assertions must be encrypted, but no content encryption is taken';
  }
}

function* artifactProblems({ artifactResolution, responseBinding }: SamlTrust): Generator<string> {
  if (!artifactResolution.every(({ location }) => isAddress(location))) {
    yield 'its addresses for artifacts must be https URLs';
  }
  const indexes = artifactResolution.map(({ index }) => index);
  // An artifact has two bytes for it (SAML Bindings 3.6.4.2).
  if (!indexes.every((index) => Number.isInteger(index) && index >= 0 && index <= 0xffff)) {
    yield 'the index of an address for artifacts must be a whole number from 0 to 65535';
  }
  if (new Set(indexes).size < indexes.length) yield 'two of its addresses for artifacts have the same index';
  if (indexes.length > mostResolutionServices) {
    yield `it has more than ${mostResolutionServices} addresses for artifacts`;
  }
  if (responseBinding === 'artifact' && indexes.length === 0) {
    yield 'its answers are asked for by artifact, but it has no address for artifacts';
  }
}

function* wsFederationProblems({ passiveEndpoint, signingCertificates }: WsFederationTrust): Generator<string> {
  if (!isAddress(passiveEndpoint)) yield 'its address for sign-ins must be an https URL';
  yield* certificateProblems(signingCertificates);
}

function* certificateProblems(certificates: readonly string[]): Generator<string> {
  if (certificates.length === 0) yield 'it has no certificate, so that nothing that it says could be verified';
  if (!certificates.every(isCertificate)) yield 'one of its certificates is no X.509 certificate, DER in base64';
}

function isCertificate(text: string): boolean {
  try {
    return xmlVerificationKey(text).bits > 0;
  } catch {
    return false;
  }
}

function* oidcProblems({ issuer, oidc }: { issuer: string; oidc: OidcTrust }): Generator<string> {
  const { clientId, endpoints, scopes, algorithms, identifiedBy, subjectClaim, endsSession } = oidc;
  if (clientId === '' || clientId.length > 512) yield 'its client id must have 1 to 512 characters';
  if (!scopes.every((scope) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope)))
    yield 'a scope has a character that none can have';
  if (algorithms.length === 0 || !algorithms.every((name) => oidcAlgorithms.includes(name))) {
    yield `its algorithms must be some of ${oidcAlgorithms.join(', ')}`;
  }
  if (subjectClaim === '') yield 'the claim that names the person is missing';
  if (endpoints === null && !isAddress(issuer)) {
    yield 'its issuer must be an https URL without query, where its discovery document is (http is for loopback addresses only)';
  }
  for (const [name, address] of Object.entries(endpoints ?? {})) {
    if (address != null && !isAddress(address)) yield `its ${name} address must be an https URL`;
  }
  if (identifiedBy === 'idToken') {
    // OIDC Core 3.1.2.1: without this scope it is no request for an ID token.
    if (!scopes.includes('openid')) yield 'ID tokens need the scope openid';
    if (endpoints !== null && endpoints.jwks === null) yield 'ID tokens need the address of its keys';
    if (isOfManyTenants(issuer)) yield 'its issuer stands for many tenants of the vendor: name one, by its id';
  } else if (endpoints !== null && endpoints.userInfo === null) yield 'the address of its user information is missing';
  if (endsSession && identifiedBy === 'userInfo') yield 'nobody can be signed out at a provider without ID tokens';
  if (endsSession && endpoints !== null && !endpoints.endSession) yield 'its address for sign-outs is missing';
}

/** Authorities of Entra ID whose tokens, and whose metadata, name another issuer: that of a tenant, or of all by `{tenantid}`. */
const sharedAuthority =
  /^https:\/\/(?:login\.(?:partner\.)?microsoftonline\.(?:com|us|cn)|(?:login|sts)\.windows\.net)\/(?:common|organizations|consumers)(?:\/|$)/i;

/** OIDC Core 3.1.3.7 step 2: no token has such an issuer, and whoever fills it in from the token lets every tenant in. */
function isOfManyTenants(issuer: string): boolean {
  return /[{}]|%7[bd]/i.test(issuer) || sharedAuthority.test(issuer);
}

const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Where the hub may ask for keys and identities: by https, or by http on this machine. */
function isAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, hash, username, password } = new URL(address);
  if (hash !== '' || username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && loopbackHosts.has(hostname));
}
