import { parseDomain } from '../directory/index.ts';

/** How a provider is spoken to, and what of its words is believed. Every protocol has its own part. */
export type UpstreamProvider = ProviderCommon & ProtocolTrust;

export type ProtocolTrust = { protocol: 'oidc'; oidc: OidcTrust };
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
  /** In the claims rule language of AD FS: what becomes of its claims. Null: the usual ones of a person. */
  acceptanceRules: string | null;
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
  /** Asks for the user information besides the ID token. */
  readsUserInfo: boolean;
}

export interface OidcEndpoints {
  authorization: string;
  token: string;
  userInfo: string | null;
  jwks: string | null;
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
export type ProviderInput = Some<ProviderCommon> & {
  protocol?: UpstreamProtocolName | undefined;
  oidc?: Some<OidcTrust> | undefined;
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
};

/**
 * The provider with everything that was left out as it was before, or as most have it.
 * @throws Refusal `directory.domain_malformed`
 */
export function completeProvider(input: ProviderInput, before?: UpstreamProvider): UpstreamProvider {
  const { protocol: _, oidc, domains, ...common } = input;
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
    ...before,
    ...given(common),
    ...(domains && { domains: domains.map(parseDomain) }),
    protocol: 'oidc',
    oidc: { ...usualOidc, ...before?.oidc, ...given(oidc ?? {}) },
  };
}

type Given<Input> = { [Name in keyof Input]?: Exclude<Input[Name], undefined> };

function given<Input extends object>(input: Input): Given<Input> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as Given<Input>;
}
