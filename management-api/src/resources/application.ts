import { z } from 'zod';
import { keyCredential, passwordCredential } from './credential.ts';
import { appRole, permissionScope } from './permission.ts';
import { dateTime, flag, guid, resource, text, texts, writable } from './property.ts';

const redirectUris = texts.optional();
const platform = z.strictObject({ redirectUris });

const web = z.strictObject({
  homePageUrl: text.optional(),
  implicitGrantSettings: z
    .strictObject({ enableAccessTokenIssuance: flag.optional(), enableIdTokenIssuance: flag.optional() })
    .nullish(),
  logoutUrl: text.optional(),
  redirectUris,
});

const api = z.strictObject({
  acceptMappedClaims: flag.optional(),
  knownClientApplications: z.array(guid).optional(),
  oauth2PermissionScopes: z.array(permissionScope).optional(),
  preAuthorizedApplications: z.array(z.strictObject({ appId: guid, delegatedPermissionIds: z.array(guid) })).optional(),
  requestedAccessTokenVersion: z.int().nullish(),
});

const requiredResourceAccess = z.strictObject({
  resourceAccess: z.array(z.strictObject({ id: guid, type: z.string() })),
  resourceAppId: guid,
});

const optionalClaim = z.strictObject({
  additionalProperties: texts.optional(),
  essential: z.boolean().optional(),
  name: z.string(),
  source: text.optional(),
});

const optionalClaims = z.strictObject({
  accessToken: z.array(optionalClaim).optional(),
  idToken: z.array(optionalClaim).optional(),
  saml2Token: z.array(optionalClaim).optional(),
});

const publicJwk = z.strictObject({
  alg: z.string().optional(),
  crv: z.string().optional(),
  e: z.string().optional(),
  kid: z.string().optional(),
  kty: z.string(),
  n: z.string().optional(),
  use: z.string().optional(),
  x: z.string().optional(),
  y: z.string().optional(),
});

/** Beyond Microsoft Graph: metadata of OAuth clients under the names of RFC 7591. */
const oauthClient = z.strictObject({
  allowPasswordGrant: flag.optional(),
  allowSamlBearerGrant: flag.optional(),
  authorizationSignedResponseAlg: text.optional(),
  backchannelLogoutUri: text.optional(),
  dpopBoundAccessTokens: flag.optional(),
  idTokenSignedResponseAlg: text.optional(),
  initiateLoginUri: text.optional(),
  jwks: z.strictObject({ keys: z.array(publicJwk) }).nullish(),
  jwksUri: text.optional(),
  postLogoutRedirectUris: texts.optional(),
  requestObjectSigningAlg: text.optional(),
  requestUris: texts.optional(),
  requireDpopNonces: flag.optional(),
  requirePushedAuthorizationRequests: flag.optional(),
  requireSignedRequestObject: flag.optional(),
  sectorIdentifierUri: text.optional(),
  subjectType: text.optional(),
  tokenEndpointAuthMethod: text.optional(),
  userinfoSignedResponseAlg: text.optional(),
});

/** https://learn.microsoft.com/graph/api/resources/informationalurl */
export const informationalUrl = z.strictObject({
  logoUrl: text.optional(),
  marketingUrl: text.optional(),
  privacyStatementUrl: text.optional(),
  supportUrl: text.optional(),
  termsOfServiceUrl: text.optional(),
});

/** What administrators set. */
const attributes = {
  api: api.nullable(),
  appRoles: z.array(appRole),
  defaultRedirectUri: text,
  description: text,
  displayName: text,
  groupMembershipClaims: text,
  identifierUris: texts,
  info: informationalUrl.nullable(),
  isFallbackPublicClient: flag,
  keyCredentials: z.array(keyCredential),
  notes: text,
  oauthClient: oauthClient.nullable(),
  optionalClaims: optionalClaims.nullable(),
  publicClient: platform.nullable(),
  requiredResourceAccess: z.array(requiredResourceAccess),
  samlMetadataUrl: text,
  serviceManagementReference: text,
  signInAudience: text,
  spa: platform.nullable(),
  tags: texts,
  tokenEncryptionKeyId: text,
  web: web.nullable(),
};

/** https://learn.microsoft.com/graph/api/resources/application */
export const application = resource('microsoft.graph.application', {
  ...attributes,
  appId: text,
  createdDateTime: dateTime,
  deletedDateTime: dateTime,
  passwordCredentials: z.array(passwordCredential),
});

const optional = z.object(attributes).partial().shape;

/** An appId may be given, beyond Microsoft Graph, so that software that moves here keeps its client id. */
export const createApplicationRequest = writable({ ...optional, appId: guid.optional(), displayName: z.string() });

export const updateApplicationRequest = writable(optional);

/** https://learn.microsoft.com/graph/api/resources/extensionproperty */
export const extensionProperty = resource('microsoft.graph.extensionProperty', {
  appDisplayName: text,
  dataType: z.string(),
  deletedDateTime: dateTime,
  /** Beyond Microsoft Graph, which has it with attributes of user flows only. */
  description: text,
  isMultiValued: z.boolean(),
  isSyncedFromOnPremises: flag,
  name: z.string(),
  targetObjects: texts,
});

export const createExtensionPropertyRequest = z.strictObject({
  dataType: z.enum(['Binary', 'Boolean', 'DateTime', 'Integer', 'LargeInteger', 'String']),
  description: text.optional(),
  isMultiValued: z.boolean().default(false),
  name: z.string(),
  targetObjects: z.array(z.enum(['Application', 'Group', 'ServicePrincipal', 'User'])),
});
