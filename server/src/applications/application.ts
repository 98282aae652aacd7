import type { AttributeDefinition, AttributeValue, DirectoryObject, ObjectKindDefinition } from '../directory/index.ts';
import {
  appRoles,
  complex,
  flag,
  guid,
  info,
  keyCredentials,
  name,
  oauth2PermissionScopes,
  required,
  several,
  tags,
  text,
  uri,
} from './definitions.ts';
import type { KeyCredential } from './key-credential.ts';
import type { AppRole, PermissionScope } from './permission.ts';
import { replyAddressProblem } from './reply-address.ts';

/** Where answers may be sent, by what runs there. */
export interface RegisteredReplyAddresses {
  web?: { redirectUris?: string[] };
  spa?: { redirectUris?: string[] };
  publicClient?: { redirectUris?: string[] };
}

/**
 * How an application speaks OAuth 2.0 and OpenID Connect, where Microsoft Graph has no property for it: metadata of
 * clients under the names of RFC 7591 2 and its registry, in Graph's spelling.
 */
export type OAuthClientSettings = {
  /** The application may send people's passwords itself (RFC 6749 4.3). Off unless switched on: it learns them. */
  allowPasswordGrant?: boolean;
  /** It may bring assertions about people from identity providers (RFC 7522). Off unless switched on. */
  allowSamlBearerGrant?: boolean;
  requirePushedAuthorizationRequests?: boolean;
  requireSignedRequestObject?: boolean;
  dpopBoundAccessTokens?: boolean;
  /** Proofs of the application must have a nonce of the hub (RFC 9449 8), so that none can be made in advance. */
  requireDpopNonces?: boolean;
  /** `pairwise`: applications cannot tell by `sub` that they have the same user (OIDC Core 8). */
  subjectType?: string;
  sectorIdentifierUri?: string;
  /** Keys of the application, for its assertions and request objects, besides its certificates. */
  jwks?: { keys: PublicJwk[] };
  /** Where the application publishes its keys, in place of those that are registered. */
  jwksUri?: string;
  /** `HS256` signs by the application's newest secret, of which the hub then keeps the text (OIDC Core 10.1). */
  idTokenSignedResponseAlg?: string;
  userinfoSignedResponseAlg?: string;
  authorizationSignedResponseAlg?: string;
  requestObjectSigningAlg?: string;
  /** Addresses from which request objects may be fetched (OIDC Core 6.2). */
  requestUris?: string[];
  /** How the application proves who it is; where it is absent, by whatever it has. */
  tokenEndpointAuthMethod?: 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | 'none';
  /** Where people may be sent after a sign-out, besides the reply addresses. */
  postLogoutRedirectUris?: string[];
  /** Told by a request of ours when a session ends (OpenID Connect Back-Channel Logout 2.2). */
  backchannelLogoutUri?: string;
  /** Where the application begins a sign-in when people come from somewhere else (OIDC Core 4). */
  initiateLoginUri?: string;
};

/** A public key (RFC 7517, RFC 7518 6). */
export type PublicJwk = {
  kty: string;
  kid?: string;
  alg?: string;
  use?: string;
  n?: string;
  e?: string;
  crv?: string;
  x?: string;
  y?: string;
};

/** A permission that the application asks for at a resource. */
export type ResourceAccess = { id: string; type: 'Scope' | 'Role' };

/** A claim that the application wants in its tokens. */
export type OptionalClaim = { name: string; source?: string; essential?: boolean; additionalProperties?: string[] };

/**
 * What the document of an application holds, under the names of Microsoft Graph
 * (https://learn.microsoft.com/graph/api/resources/application). Whatever is absent has no value.
 */
export type ApplicationAttributes = {
  appId: string;
  displayName: string;
  description?: string;
  signInAudience: string;
  identifierUris?: string[];
  web?: {
    redirectUris?: string[];
    homePageUrl?: string;
    logoutUrl?: string;
    implicitGrantSettings?: { enableAccessTokenIssuance?: boolean; enableIdTokenIssuance?: boolean };
  };
  spa?: { redirectUris?: string[] };
  publicClient?: { redirectUris?: string[] };
  isFallbackPublicClient?: boolean;
  api?: {
    acceptMappedClaims?: boolean;
    knownClientApplications?: string[];
    oauth2PermissionScopes?: PermissionScope[];
    preAuthorizedApplications?: { appId: string; delegatedPermissionIds: string[] }[];
    requestedAccessTokenVersion?: number;
  };
  appRoles?: AppRole[];
  requiredResourceAccess?: { resourceAppId: string; resourceAccess?: ResourceAccess[] }[];
  optionalClaims?: { idToken?: OptionalClaim[]; accessToken?: OptionalClaim[]; saml2Token?: OptionalClaim[] };
  oauthClient?: OAuthClientSettings;
  groupMembershipClaims?: string;
  keyCredentials?: KeyCredential[];
  info?: Record<string, AttributeValue>;
  tags?: string[];
  notes?: string;
  serviceManagementReference?: string;
  defaultRedirectUri?: string;
  samlMetadataUrl?: string;
  tokenEncryptionKeyId?: string;
  /** Object id of the service principal that it had when it was last deleted. */
  deletedServicePrincipalId?: string;
};

/** An application registration: what somebody's software is, and how it may be used. */
export type Application = DirectoryObject & { kind: 'application'; attributes: ApplicationAttributes };

/** Every reply address of all kinds. */
export function replyAddressesOf({ web, spa, publicClient }: RegisteredReplyAddresses): string[] {
  return [web, spa, publicClient].flatMap((platform) => platform?.redirectUris ?? []);
}

const audiences = [
  'AzureADMyOrg',
  'AzureADMultipleOrgs',
  'AzureADandPersonalMicrosoftAccount',
  'PersonalMicrosoftAccount',
];

const webPage: AttributeDefinition = { ...uri, check: webPageProblem };

/** https://learn.microsoft.com/entra/identity-platform/reference-app-manifest has the limits. */
const optionalClaims = several(
  complex({ name: required(name), source: text, essential: flag, additionalProperties: several(text, 20) }),
  200,
);

const signature = (...allowed: string[]): AttributeDefinition => ({ type: 'string', allowed });
const keyPart: AttributeDefinition = { type: 'string', longest: 1024, caseExact: true };

const oauthClient = complex({
  allowPasswordGrant: flag,
  allowSamlBearerGrant: flag,
  requirePushedAuthorizationRequests: flag,
  requireSignedRequestObject: flag,
  dpopBoundAccessTokens: flag,
  requireDpopNonces: flag,
  subjectType: { type: 'string', allowed: ['public', 'pairwise'] },
  sectorIdentifierUri: { ...uri, check: secureAddressProblem },
  jwks: complex({
    keys: several(
      complex({
        // The private members of RFC 7518 6 are unknown here, so that nobody leaves a private key by mistake.
        kty: required(signature('RSA', 'EC')),
        kid: keyPart,
        alg: signature('RS256', 'PS256', 'ES256'),
        use: signature('sig'),
        n: keyPart,
        e: keyPart,
        crv: signature('P-256'),
        x: keyPart,
        y: keyPart,
      }),
      20,
    ),
  }),
  jwksUri: webPage,
  idTokenSignedResponseAlg: signature('RS256', 'ES256', 'HS256'),
  userinfoSignedResponseAlg: signature('RS256', 'ES256', 'HS256'),
  authorizationSignedResponseAlg: signature('RS256', 'ES256'),
  requestObjectSigningAlg: signature('RS256', 'PS256', 'ES256'),
  requestUris: several(webPage, 20),
  tokenEndpointAuthMethod: signature('client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'),
  postLogoutRedirectUris: several({ ...uri, check: replyAddressProblem('publicClient') }, 20),
  backchannelLogoutUri: { ...uri, check: logoutAddressProblem },
  initiateLoginUri: { ...uri, check: loginAddressProblem },
});

/** How the directory keeps and finds applications. */
export const applicationKind: ObjectKindDefinition = {
  kind: 'application',
  nameAttribute: 'displayName',
  attributes: {
    appId: { ...guid, isRequired: true, index: 'value', unique: 'application.appId' },
    displayName: { ...name, isRequired: true, index: 'value' },
    description: text,
    signInAudience: { type: 'string', isRequired: true, index: 'value', allowed: audiences },
    identifierUris: {
      type: 'string',
      longest: 256,
      isMultiValued: true,
      most: 50,
      index: 'value',
      unique: 'application.identifierUri',
      check: identifierUriProblem,
    },
    web: complex({
      redirectUris: several({ ...uri, check: replyAddressProblem('web') }, 256),
      homePageUrl: webPage,
      // OpenID Connect Front-Channel Logout 2: the browser loads it, so it must not be a script.
      logoutUrl: webPage,
      implicitGrantSettings: complex({ enableAccessTokenIssuance: flag, enableIdTokenIssuance: flag }),
    }),
    spa: complex({ redirectUris: several({ ...uri, check: replyAddressProblem('spa') }, 256) }),
    publicClient: complex({ redirectUris: several({ ...uri, check: replyAddressProblem('publicClient') }, 256) }),
    isFallbackPublicClient: flag,
    api: complex({
      acceptMappedClaims: flag,
      knownClientApplications: several(guid, 100),
      oauth2PermissionScopes,
      preAuthorizedApplications: several(
        complex({ appId: required(guid), delegatedPermissionIds: required(several(guid, 1200)) }),
        200,
      ),
      requestedAccessTokenVersion: {
        type: 'integer',
        check: (version) => (version === 1 || version === 2 ? undefined : 'is neither 1 nor 2'),
      },
    }),
    appRoles,
    requiredResourceAccess: several(
      complex({
        resourceAppId: required(guid),
        resourceAccess: several(
          complex({ id: required(guid), type: required({ type: 'string', allowed: ['Scope', 'Role'] }) }),
          400,
        ),
      }),
      50,
    ),
    optionalClaims: complex({ idToken: optionalClaims, accessToken: optionalClaims, saml2Token: optionalClaims }),
    oauthClient,
    groupMembershipClaims: { type: 'string', check: groupClaimsProblem },
    keyCredentials,
    info,
    tags,
    notes: text,
    serviceManagementReference: text,
    defaultRedirectUri: uri,
    samlMetadataUrl: webPage,
    tokenEncryptionKeyId: guid,
    deletedServicePrincipalId: guid,
  },
};

/** RFC 3986 4.3 absolute-URI, in printable ASCII. Entra's `api://` form and SAML entity ids are some, too. */
function identifierUriProblem(value: AttributeValue): string | undefined {
  const isUri = /^[a-z][a-z0-9+.-]*:[\x21-\x7e]+$/i.test(String(value)) && !/[#*\\"<>^`{|}]/.test(String(value));
  return isUri ? undefined : 'must be an absolute URI without fragment and wildcard, such as api:// and the appId';
}

function webPageProblem(value: AttributeValue): string | undefined {
  const protocol = URL.parse(String(value))?.protocol;
  return protocol === 'https:' || protocol === 'http:' ? undefined : 'must be the address of a web page';
}

/** OpenID Connect Registration 5: the sector's document is fetched over https. */
function secureAddressProblem(value: AttributeValue): string | undefined {
  return URL.parse(String(value))?.protocol === 'https:' ? undefined : 'must be an https address';
}

/** OpenID Connect Registration 2: https, except on the machine of whoever develops the application. */
function loginAddressProblem(value: AttributeValue): string | undefined {
  const { protocol, hostname = '', hash } = URL.parse(String(value)) ?? {};
  const isSecure = protocol === 'https:' || (protocol === 'http:' && loopback.has(hostname));
  return isSecure && hash === '' ? undefined : 'must be an https address without fragment (http on localhost only)';
}

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** OpenID Connect Back-Channel Logout 2.2: an absolute URI without fragment. */
function logoutAddressProblem(value: AttributeValue): string | undefined {
  return String(value).includes('#') ? 'must not have a fragment' : webPageProblem(value);
}

const groupClaims = new Set(['None', 'SecurityGroup', 'DirectoryRole', 'ApplicationGroup', 'All']);

function groupClaimsProblem(value: AttributeValue): string | undefined {
  const isKnown = String(value)
    .split(',')
    .every((word) => groupClaims.has(word.trim()));
  return isKnown ? undefined : `must be made of ${[...groupClaims].join(', ')}`;
}
