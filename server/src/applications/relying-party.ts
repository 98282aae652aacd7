import { X509Certificate } from 'node:crypto';
import type { EncryptionKeyDescriptor, Endpoint, Entity, IndexedEndpoint } from '@countersign/saml';
import type { FederationMetadata } from '@countersign/ws-federation';
import { changeIncluded, type GivenGroups, type IncludedGroups, noGroups } from '../rule-groups/index.ts';
import { refuse } from './errors.ts';

/** How an application trusts us that signs people in by SAML 2.0 or WS-Federation. Belongs to its service principal. */
export interface RelyingParty {
  /** Object id of the service principal. */
  servicePrincipalId: string;
  protocol: 'saml' | 'wsFederation';
  /** Entity identifier (SAML) or realm (WS-Federation), unique in the tenant and compared as it is written. */
  identifier: string;
  /** Where answers may go. WS-Federation looks at the locations only. */
  replyAddresses: readonly IndexedEndpoint[];
  /** Where the application is told that a person signs out. */
  signOutAddresses: readonly Endpoint[];
  /** Sign-outs are told by SOAP where there is an address for it, though the browser could go to another. */
  prefersSoapSignOut: boolean;
  /** Certificates, DER in base64, of the keys that sign the application's requests. */
  signingCertificates: readonly string[];
  /** Requests without a signature of these keys are refused. */
  mustSignRequests: boolean;
  encryptionKeys: readonly EncryptionKeyDescriptor[];
  encryptsTokens: boolean;
  /** SAML: what of an answer carries a signature. */
  signs: 'response' | 'assertion' | 'both';
  /** URI of the format of names of people, when the request asks for none. */
  nameIdFormat: string;
  /** SAML carries `saml20` only. */
  tokenKind: 'saml20' | 'saml11' | 'jwt';
  tokenLifetimeSeconds: number;
  /** Sign-ins may begin here, without a request of the application (an unsolicited response). */
  isUnsolicitedAllowed: boolean;
  /** WS-Trust: programs that send a person's password get a token. */
  isPasswordRequestAllowed: boolean;
  /** WS-Trust: programs that send a token of an identity provider get one for the application. */
  isTokenRequestAllowed: boolean;
  /** WS-Trust: the application may ask other applications' tokens for people whose tokens it got, as far as those let it. */
  isActingAllowed: boolean;
  /** Identifiers of the applications that may ask for tokens for this one as actors, in a person's name. */
  actors: readonly string[];
  /** The metadata that is followed is past its validity: no tokens are issued until there is other metadata. */
  isMetadataExpired: boolean;
  /** In the claims rule language of AD FS. Null, and no groups: what Entra sends by default. */
  issuanceRules: string | null;
  issuanceRuleGroups: IncludedGroups;
  /** Who may have a token at all. Null, and no groups: everybody who may sign in. */
  authorizationRules: string | null;
  authorizationRuleGroups: IncludedGroups;
}

/** What may be left out when a relying party is made. */
export type RelyingPartyInput = Pick<RelyingParty, 'protocol' | 'identifier'> &
  Partial<Omit<RelyingParty, 'servicePrincipalId' | 'issuanceRuleGroups' | 'authorizationRuleGroups'>> & {
    issuanceRuleGroups?: GivenGroups | undefined;
    authorizationRuleGroups?: GivenGroups | undefined;
  };

const emailAddressFormat = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress';

/** A relying party with everything that was left out as most applications want it. */
export function completeRelyingParty(servicePrincipalId: string, input: RelyingPartyInput): RelyingParty {
  return {
    servicePrincipalId,
    replyAddresses: [],
    signOutAddresses: [],
    prefersSoapSignOut: false,
    signingCertificates: [],
    mustSignRequests: false,
    encryptionKeys: [],
    encryptsTokens: false,
    signs: 'both',
    nameIdFormat: emailAddressFormat,
    tokenKind: input.protocol === 'saml' ? 'saml20' : 'saml11',
    tokenLifetimeSeconds: 3600,
    isUnsolicitedAllowed: false,
    isPasswordRequestAllowed: false,
    isTokenRequestAllowed: false,
    isActingAllowed: false,
    actors: [],
    isMetadataExpired: false,
    issuanceRules: null,
    authorizationRules: null,
    ...input,
    issuanceRuleGroups: changeIncluded(noGroups, input.issuanceRuleGroups),
    authorizationRuleGroups: changeIncluded(noGroups, input.authorizationRuleGroups),
  };
}

/**
 * What the metadata of a service provider says of the trust. Formats that it names first are preferred; what it does not
 * say is left out, so that a change of metadata keeps what administrators decided.
 *
 * @throws Refusal `applications.relying_party_invalid` when it describes no service provider
 */
export function relyingPartyOfMetadata(entity: Entity): RelyingPartyInput {
  const { entityId, serviceProvider } = entity;
  if (!serviceProvider) throw invalid('its metadata describes no service provider');
  const { signingCertificates, encryptionKeys, nameIdFormats, authnRequestsSigned } = serviceProvider;
  const [nameIdFormat] = nameIdFormats;
  return {
    protocol: 'saml',
    identifier: entityId,
    replyAddresses: serviceProvider.assertionConsumerServices,
    signOutAddresses: serviceProvider.singleLogoutServices,
    signingCertificates,
    mustSignRequests: authnRequestsSigned && signingCertificates.length > 0,
    encryptionKeys,
    ...(nameIdFormat !== undefined && !nameIdFormat.endsWith(':unspecified') && { nameIdFormat }),
  };
}

/**
 * What federation metadata says of an application's trust: its first audience is the realm, browsers bring tokens to its
 * passive endpoints.
 *
 * @throws Refusal `applications.relying_party_invalid` when it describes no application
 */
export function relyingPartyOfFederationMetadata({ entityId, application }: FederationMetadata): RelyingPartyInput {
  if (!application) throw invalid('its metadata describes no application of WS-Federation');
  const { audiences, passiveEndpoints, encryptionCertificates } = application;
  return {
    protocol: 'wsFederation',
    identifier: audiences[0] ?? entityId,
    replyAddresses: passiveEndpoints.map((location, index) => ({ binding: 'post', location, index })),
    encryptionKeys: encryptionCertificates.map((certificate) => ({ certificate, methods: [] })),
  };
}

const longestIdentifier = 1024;
const mostActors = 100;
const shortestLifetime = 60;
const longestLifetime = 86_400;

/** Checks everything but the rules. @throws Refusal `applications.relying_party_invalid` */
export function checkRelyingParty(party: RelyingParty): void {
  const reason = whyInvalid(party);
  if (reason !== undefined) throw invalid(reason);
}

function whyInvalid(party: RelyingParty): string | undefined {
  const { identifier, replyAddresses, signOutAddresses, tokenLifetimeSeconds } = party;
  if (identifier.trim() !== identifier || identifier === '') return 'its identifier is empty or has spaces around it';
  if (identifier.length > longestIdentifier) return `its identifier is longer than ${longestIdentifier} characters`;
  if (replyAddresses.length === 0) return 'it has no address for answers';
  const addresses = [...replyAddresses, ...signOutAddresses].flatMap(({ location, responseLocation }) => [
    location,
    ...(responseLocation === undefined ? [] : [responseLocation]),
  ]);
  const wrong = addresses.find((address) => !isAddress(address));
  if (wrong !== undefined) return `its address ${wrong} is no https URL (http is for loopback addresses only)`;
  const indexes = replyAddresses.map(({ index }) => index);
  if (new Set(indexes).size < indexes.length) return 'two of its addresses for answers have the same index';
  const certificates = [...party.signingCertificates, ...party.encryptionKeys.map(({ certificate }) => certificate)];
  if (!certificates.every(isCertificate)) return 'one of its certificates is no X.509 certificate, DER in base64';
  if (party.mustSignRequests && party.signingCertificates.length === 0) {
    return 'its requests must be signed, and it has no certificate for that';
  }
  if (party.encryptsTokens && party.encryptionKeys.length === 0) {
    return 'its tokens are to be encrypted, and it has no certificate for that';
  }
  const isOfWsFederation = party.protocol === 'wsFederation';
  if (isOfWsFederation && party.mustSignRequests) return 'requests of WS-Federation carry no signature';
  if (isOfWsFederation && party.isUnsolicitedAllowed) return 'sign-ins by WS-Federation begin at the application';
  if (!isOfWsFederation && isForPrograms(party)) return 'programs ask for tokens of WS-Federation applications only';
  if (party.actors.length > mostActors) return `more than ${mostActors} applications act for people at it`;
  if (!isOfWsFederation && party.tokenKind !== 'saml20') return 'SAML 2.0 carries no tokens but its own (saml20)';
  if (party.encryptsTokens && party.tokenKind === 'jwt') return 'its tokens of the kind jwt cannot be encrypted';
  const isWhole = Number.isInteger(tokenLifetimeSeconds);
  if (!isWhole || tokenLifetimeSeconds < shortestLifetime || tokenLifetimeSeconds > longestLifetime) {
    return `its tokens live between ${shortestLifetime} and ${longestLifetime} seconds`;
  }
  return undefined;
}

/** Whether anything is allowed that is asked for by WS-Trust. */
function isForPrograms(party: RelyingParty): boolean {
  const { isPasswordRequestAllowed, isTokenRequestAllowed, isActingAllowed, actors } = party;
  return isPasswordRequestAllowed || isTokenRequestAllowed || isActingAllowed || actors.length > 0;
}

/** Where browsers may be sent with a token: by https, or by http on this machine. */
function isAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.hash !== '' || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopbackHosts.has(url.hostname));
}

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]']);

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(Buffer.from(text, 'base64')).publicKey !== undefined;
  } catch {
    return false;
  }
}

function invalid(reason: string): Error {
  return refuse('applications.relying_party_invalid', { reason });
}
