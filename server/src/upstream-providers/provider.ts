import { type ContentAlgorithm, defaultContentAlgorithms } from '@countersign/xml';
import { parseDomain } from '../directory/index.ts';
import { changeIncluded, type GivenGroups, type IncludedGroups, noGroups } from '../rule-groups/index.ts';

/** How a provider is spoken to, and what of its words is believed. Every protocol has its own part. */
export type UpstreamProvider = ProviderCommon & ProtocolTrust;

export type ProtocolTrust =
  | { protocol: 'oidc'; oidc: OidcTrust }
  | { protocol: 'saml'; saml: SamlTrust }
  | { protocol: 'wsFederation'; wsFederation: WsFederationTrust };
export type UpstreamProtocolName = ProtocolTrust['protocol'];

/** What all identity providers have that a tenant trusts. */
export interface ProviderCommon {
  /** Name in addresses, user flows and files, such as `MyCompany-OIDC`; compared without regard to case. */
  id: string;
  displayName: string;
  /** A picture for the page on which people choose, as `data:` address; null for none. */
  logo: string | null;
  isEnabled: boolean;
  /** People are offered it by name. Otherwise a domain or a hint must lead to it. */
  isListed: boolean;
  /** By what the provider names itself: issuer or entity identifier. Two providers of a tenant never share it. */
  issuer: string;
  /** Domains whose people are at home there. It speaks of no others when there are any. */
  domains: readonly string[];
  /** Whoever comes for the first time gets an account. */
  createsUsers: boolean;
  /** What it says of several factors is believed; otherwise our own are asked where they are wanted. */
  isMultiFactorTrusted: boolean;
  /** In the claims rule language of AD FS: what becomes of its claims. Null, and no groups: the usual ones of a person. */
  acceptanceRules: string | null;
  acceptanceRuleGroups: IncludedGroups;
  /** Where programs read its addresses of WS-Trust (WS-MetadataExchange); null: it has none, or nobody has told. */
  metadataExchangeAddress: string | null;
  /** Where programs send it a person's name and password by WS-Trust. */
  activeSignInAddress: string | null;
  /** The metadata that is followed is past its validity: nothing counts until there is other metadata. */
  isMetadataExpired: boolean;
}

/** Whether people may come from the provider now. */
export function isUsable({ isEnabled, isMetadataExpired }: ProviderCommon): boolean {
  return isEnabled && !isMetadataExpired;
}

/** OpenID Connect, or plain OAuth 2.0 with an address that tells who somebody is. */
export interface OidcTrust {
  clientId: string;
  scopes: readonly string[];
  /** Null: as the discovery document of the issuer says. */
  endpoints: OidcEndpoints | null;
  clientAuthentication: 'client_secret_post' | 'client_secret_basic' | 'none';
  /** Signature algorithms of ID tokens that are believed, whatever a token names. */
  algorithms: readonly OidcAlgorithm[];
  /** How the answer comes back to us. */
  responseMode: 'query' | 'form_post';
  /** `userInfo`: plain OAuth 2.0, whose user information alone says who somebody is. */
  identifiedBy: 'idToken' | 'userInfo';
  /** The claim that never changes and is never given to somebody else. */
  subjectClaim: string;
  /** Asks for the user information besides the ID token; one that describes nobody makes it ask anyway. */
  readsUserInfo: boolean;
  /** Whoever signs out here is sent there to sign out as well. */
  endsSession: boolean;
}

/**
 * How it is asked for a fresh sign-in, by Microsoft Graph's words: for one with a password, by the parameter `prompt` that
 * AD FS reads in WS-Federation, or as its protocol has it.
 */
export type PromptLoginBehavior = 'translateToFreshPasswordAuthentication' | 'nativeSupport' | 'disabled';

/** SAML 2.0, Web Browser SSO Profile. */
export interface SamlTrust {
  /** Where people are sent. */
  singleSignOn: { binding: 'redirect' | 'post'; location: string };
  /** Where people are sent when their session ends, which it may also end itself; null: it takes no such messages. */
  singleLogout: { binding: 'redirect' | 'post'; location: string; responseLocation: string | null } | null;
  /** Where it is told by SOAP, when no browser can go there; null: nowhere. It may call us, whatever stands here. */
  singleLogoutBySoap: string | null;
  /** Where the answers behind artifacts are fetched, by SOAP; none: artifacts are not taken. */
  artifactResolution: readonly { index: number; location: string }[];
  /** How answers are asked for: by POST, or by an artifact. Either is taken. */
  responseBinding: 'post' | 'artifact';
  /** Certificates, DER in base64, of the keys that sign: while one rolls over, there are two. */
  signingCertificates: readonly string[];
  /** What of an answer must carry a signature; `either` takes one of the two. */
  signed: 'response' | 'assertion' | 'both' | 'either';
  /** Our requests carry a signature. */
  signsRequests: boolean;
  promptLoginBehavior: PromptLoginBehavior;
  /** URI of the format of names that is asked for; null leaves it to the provider. */
  nameIdFormat: string | null;
  /** The attribute that never changes and is never given to somebody else; null: the name identifier is one. */
  subjectAttribute: string | null;
  /**
   * Ciphers of encrypted assertions, names and attributes that are taken, and that our metadata name; none: they name no
   * key either. CBC, which is not authenticated, is for providers that know nothing else.
   */
  contentEncryption: readonly ContentAlgorithm[];
  /** Assertions in the clear are refused. */
  mustBeEncrypted: boolean;
  /** Object id of the service principal to which people come whose answer nobody asked for; null: such are refused. */
  unsolicitedFor: string | null;
}

/** WS-Federation, passive profile. */
export interface WsFederationTrust {
  /** Where people are sent. */
  passiveEndpoint: string;
  /** As with SAML. */
  signingCertificates: readonly string[];
  /** By what the provider knows us, `wtrealm`; null: our entity identifier. */
  realm: string | null;
  /** The claim type that never changes and is never given to somebody else; null: the name identifier is one. */
  subjectClaim: string | null;
  /** Whoever signs out here is sent there to sign out as well. */
  endsSession: boolean;
  promptLoginBehavior: PromptLoginBehavior;
}

export interface OidcEndpoints {
  authorization: string;
  token: string;
  userInfo: string | null;
  jwks: string | null;
  /** Where people sign out. */
  endSession?: string | null | undefined;
}

export const oidcAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;
export type OidcAlgorithm = (typeof oidcAlgorithms)[number];

/** What may be left out when a provider is made. */
export type ProviderInput = Some<Omit<ProviderCommon, 'acceptanceRuleGroups'>> & {
  acceptanceRuleGroups?: GivenGroups | undefined;
  protocol?: UpstreamProtocolName | undefined;
  oidc?: Some<OidcTrust> | undefined;
  saml?: Some<SamlTrust> | undefined;
  wsFederation?: Some<WsFederationTrust> | undefined;
};

/** What is undefined counts as left out. */
type Some<Whole> = { [Name in keyof Whole]?: Whole[Name] | undefined };

const usualOidc: OidcTrust = {
  clientId: '',
  scopes: ['openid', 'profile', 'email'],
  endpoints: null,
  clientAuthentication: 'client_secret_post',
  algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
  responseMode: 'query',
  identifiedBy: 'idToken',
  subjectClaim: 'sub',
  readsUserInfo: false,
  endsSession: false,
};

const usualSaml: SamlTrust = {
  singleSignOn: { binding: 'redirect', location: '' },
  singleLogout: null,
  singleLogoutBySoap: null,
  artifactResolution: [],
  responseBinding: 'post',
  signingCertificates: [],
  signed: 'either',
  signsRequests: true,
  promptLoginBehavior: 'disabled',
  nameIdFormat: null,
  subjectAttribute: null,
  contentEncryption: defaultContentAlgorithms,
  mustBeEncrypted: false,
  unsolicitedFor: null,
};

const usualWsFederation: WsFederationTrust = {
  passiveEndpoint: '',
  signingCertificates: [],
  realm: null,
  subjectClaim: null,
  endsSession: false,
  promptLoginBehavior: 'disabled',
};

/**
 * The provider with everything that was left out as it was before, or as most have it.
 * @throws Refusal `directory.domain_malformed`
 */
export function completeProvider(input: ProviderInput, before?: UpstreamProvider): UpstreamProvider {
  const { protocol = 'oidc', oidc: _, saml: __, wsFederation: ___, domains, ...common } = input;
  const kept = before && commonOf(before);
  return {
    id: '',
    displayName: '',
    logo: null,
    isEnabled: true,
    isListed: true,
    issuer: '',
    domains: [],
    createsUsers: false,
    isMultiFactorTrusted: false,
    acceptanceRules: null,
    metadataExchangeAddress: null,
    activeSignInAddress: null,
    isMetadataExpired: false,
    ...kept,
    ...given(common),
    acceptanceRuleGroups: changeIncluded(before?.acceptanceRuleGroups ?? noGroups, common.acceptanceRuleGroups),
    ...(domains && { domains: domains.map(parseDomain) }),
    ...trustOf(before?.protocol ?? protocol, input, before),
  };
}

/** The part of its protocol, which stays what it is. */
function trustOf(
  protocol: UpstreamProtocolName,
  input: ProviderInput,
  before: UpstreamProvider | undefined,
): ProtocolTrust {
  switch (protocol) {
    case 'oidc':
      return {
        protocol,
        oidc: { ...usualOidc, ...(before?.protocol === protocol && before.oidc), ...given(input.oidc ?? {}) },
      };
    case 'saml':
      return {
        protocol,
        saml: { ...usualSaml, ...(before?.protocol === protocol && before.saml), ...given(input.saml ?? {}) },
      };
    case 'wsFederation':
      return {
        protocol,
        wsFederation: {
          ...usualWsFederation,
          ...(before?.protocol === protocol && before.wsFederation),
          ...given(input.wsFederation ?? {}),
        },
      };
  }
}

/** What the provider has besides the part of its protocol. */
export function commonOf(provider: UpstreamProvider): ProviderCommon {
  const parts: ReadonlySet<string> = new Set(['protocol', 'oidc', 'saml', 'wsFederation']);
  return Object.fromEntries(Object.entries(provider).filter(([name]) => !parts.has(name))) as unknown as ProviderCommon;
}

type Given<Input> = { [Name in keyof Input]?: Exclude<Input[Name], undefined> };

function given<Input extends object>(input: Input): Given<Input> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as Given<Input>;
}
