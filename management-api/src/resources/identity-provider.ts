import { z } from 'zod';
import { includedRuleGroups } from './claims-rules.ts';
import { metadataProperties, metadataSourceRequest } from './metadata-source.ts';
import { dateTime, flag, resource, text, texts } from './property.ts';

/** How it is asked for a fresh sign-in: for one with a password, by `prompt=login` as AD FS reads it, or as its protocol has it. */
export const promptLoginBehavior = z.enum(['translateToFreshPasswordAuthentication', 'nativeSupport', 'disabled']);

const oidcSettings = {
  scopes: texts,
  /** Null: as the discovery document of the issuer says. */
  endpoints: z
    .strictObject({
      authorization: z.string(),
      token: z.string(),
      userInfo: text.default(null),
      jwks: text.default(null),
      endSession: text.default(null),
    })
    .nullable(),
  clientAuthentication: z.enum(['client_secret_post', 'client_secret_basic', 'none']),
  /** Signature algorithms of ID tokens that are believed. */
  algorithms: texts,
  responseMode: z.enum(['query', 'form_post']),
  identifiedBy: z.enum(['idToken', 'userInfo']),
  subjectClaim: z.string(),
  readsUserInfo: z.boolean(),
  /** Whoever signs out here is sent to its address for sign-outs as well. */
  endsSession: z.boolean(),
};

const samlSettings = {
  singleSignOn: z.strictObject({ binding: z.enum(['redirect', 'post']), location: z.string() }),
  /** Where it is told of the end of sessions. */
  singleLogout: z
    .strictObject({ binding: z.enum(['redirect', 'post']), location: z.string(), responseLocation: text.default(null) })
    .nullable(),
  /** Where it is told by SOAP, when no browser can go there. */
  singleLogoutBySoap: text,
  /** Where the answers behind artifacts are fetched, by SOAP. None: artifacts are not taken. */
  artifactResolution: z.array(z.strictObject({ index: z.int().min(0).max(65_535), location: z.string() })),
  /** How answers are asked for; either is taken. */
  responseBinding: z.enum(['post', 'artifact']),
  /** DER in base64. */
  signingCertificates: texts,
  signed: z.enum(['response', 'assertion', 'both', 'either']),
  signsRequests: z.boolean(),
  promptLoginBehavior,
  nameIdFormat: text,
  subjectAttribute: text,
  /** Ciphers of encrypted assertions that are taken. CBC is not authenticated. */
  contentEncryption: z.array(z.enum(['aes128-gcm', 'aes256-gcm', 'aes128-cbc', 'aes256-cbc'])),
  /** Assertions in the clear are refused. */
  mustBeEncrypted: z.boolean(),
  /** Object id of the service principal to which people come whose answer nobody asked for; null refuses those. */
  unsolicitedFor: text,
};

const wsFederationSettings = {
  passiveEndpoint: z.string(),
  signingCertificates: texts,
  realm: text,
  subjectClaim: text,
  /** Whoever signs out here is sent there to sign out as well. */
  endsSession: z.boolean(),
  promptLoginBehavior,
};

const common = {
  displayName: z.string(),
  /** A picture as `data:` address. */
  logo: text,
  isEnabled: z.boolean(),
  /** People are offered it by name; otherwise a domain or a hint leads to it. */
  isListed: z.boolean(),
  issuer: z.string(),
  /** Domains whose people are at home there. It names people of no others when there are any. */
  domains: texts,
  /** Whoever comes for the first time gets an account. */
  createsUsers: z.boolean(),
  isMultiFactorTrusted: z.boolean(),
  /** In the claims rule language of AD FS; null, and no groups, for the usual claims of a person. */
  acceptanceRules: text,
  acceptanceRuleGroups: includedRuleGroups,
  /** Where programs read its addresses of WS-Trust. */
  metadataExchangeAddress: text,
  /** Where programs send it a person's name and password by WS-Trust. */
  activeSignInAddress: text,
  clientId: z.string(),
};

/**
 * Where people come from: accounts of the tenant itself, or an identity provider that it trusts. Microsoft Graph knows
 * display name, type, client id and secret (https://learn.microsoft.com/graph/api/resources/identityproviderbase).
 */
export const identityProvider = resource('microsoft.graph.identityProviderBase', {
  displayName: text,
  identityProviderType: text,
  /** Kinds of local accounts have none, and nothing of what follows. */
  protocol: z.enum(['oidc', 'saml', 'wsFederation']).nullable(),
  logo: common.logo,
  isEnabled: flag,
  isListed: flag,
  issuer: text,
  domains: texts.nullable(),
  createsUsers: flag,
  isMultiFactorTrusted: flag,
  acceptanceRules: common.acceptanceRules,
  acceptanceRuleGroups: common.acceptanceRuleGroups.nullable(),
  metadataExchangeAddress: text,
  activeSignInAddress: text,
  clientId: text,
  oidc: z.looseObject(oidcSettings).nullable(),
  saml: z.looseObject(samlSettings).nullable(),
  wsFederation: z.looseObject(wsFederationSettings).nullable(),
  /** Verified domains of the tenant itself whose people sign in there, and no longer here. */
  federatedDomains: texts.nullable(),
  hasClientSecret: flag,
  /** Where it sends people back to: redirect address, assertion consumer service, reply address. */
  returnAddress: text,
  /** Where it tells of sign-outs and sends people back to after one: logout addresses of every kind. */
  signOutAddress: text,
  /** Our metadata for a SAML provider. */
  metadataAddress: text,
  ...metadataProperties,
});

const settings = z
  .strictObject({
    '@odata.type': z.string(),
    ...common,
    oidc: z.strictObject(oidcSettings).partial(),
    saml: z.strictObject(samlSettings).partial(),
    wsFederation: z.strictObject(wsFederationSettings).partial(),
    federatedDomains: texts,
    /** Whoever asks knows that passwords of people of these domains stop working; else the refusal says it. */
    isFederationConfirmed: z.boolean(),
    /** Text of the provider's metadata: issuer, addresses and certificates are taken from it. */
    metadata: z.string(),
    /** The metadata is fetched from there now, and again and again. Null: no more. */
    metadataSource: metadataSourceRequest.nullable(),
    /** Which entity, when the metadata describes several. */
    entityId: z.string(),
    /** By which the hub proves itself to the provider. Null takes it away; it is never shown. */
    clientSecret: text,
  })
  .partial();

/** Only what is given changes, also within `oidc`. */
export const updateIdentityProviderRequest = settings;

export const createIdentityProviderRequest = settings.extend({
  /** Default: made of display name and protocol. */
  id: z.string().optional(),
  /** A vendor whose particulars are known, `OpenIDConnect`, `SAML` or `WSFederation`. */
  identityProviderType: z.string().optional(),
});

/** By which an administrator elsewhere completes a trust. */
export const setupLink = resource('countersign.setupLink', {
  /** Whoever has it can use it: the hub keeps a digest. */
  address: z.string(),
  identityProviderId: z.string(),
  expiresDateTime: dateTime,
});

/** What is decided here stays, whatever the metadata says. */
export const createSetupLinkRequest = z.strictObject({
  identityProviderType: z.enum(['SAML', 'WSFederation']),
  /** Of the identity provider that it makes. */
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/i),
  displayName: common.displayName.min(1),
  domains: texts.optional(),
  createsUsers: z.boolean().optional(),
  isListed: z.boolean().optional(),
  acceptanceRules: common.acceptanceRules.optional(),
  expiresInDays: z.int().min(1).max(30).default(7),
});
