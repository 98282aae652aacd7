import { z } from 'zod';
import { includedRuleGroups } from './claims-rules.ts';
import { metadataProperties, metadataSourceRequest } from './metadata-source.ts';
import { resource, text } from './property.ts';

const address = { binding: z.enum(['post', 'redirect', 'artifact', 'soap']), location: z.string() };
const answered = { responseLocation: z.string().optional() };

/** How an application trusts the tenant by SAML 2.0 or WS-Federation. */
const properties = {
  protocol: z.enum(['saml', 'wsFederation']),
  /** Entity identifier or realm. */
  identifier: z.string(),
  replyAddresses: z.array(
    z.strictObject({ ...address, ...answered, index: z.int().min(0), isDefault: z.boolean().optional() }),
  ),
  signOutAddresses: z.array(z.strictObject({ ...address, ...answered })),
  /** Sign-outs are told by SOAP, though the browser could bring them. */
  prefersSoapSignOut: z.boolean(),
  /** DER in base64. */
  signingCertificates: z.array(z.string()),
  mustSignRequests: z.boolean(),
  encryptionKeys: z.array(z.strictObject({ certificate: z.string(), methods: z.array(z.string()).default([]) })),
  encryptsTokens: z.boolean(),
  signs: z.enum(['response', 'assertion', 'both']),
  nameIdFormat: z.string(),
  tokenKind: z.enum(['saml20', 'saml11', 'jwt']),
  tokenLifetimeSeconds: z.int(),
  isUnsolicitedAllowed: z.boolean(),
  /** Programs that send a person's password get a token by WS-Trust. */
  isPasswordRequestAllowed: z.boolean(),
  /** Programs that send a token of an identity provider get one by WS-Trust. */
  isTokenRequestAllowed: z.boolean(),
  /** The application may ask for tokens of others in the name of people whose tokens it got, as far as those name it. */
  isActingAllowed: z.boolean(),
  /** Identifiers of the applications that may do so for this one. */
  actors: z.array(z.string()),
  /** In the claims rule language of AD FS; null, and no groups, for the usual claims. */
  issuanceRules: text,
  issuanceRuleGroups: includedRuleGroups,
  /** Null, and no groups: everybody who can sign in. */
  authorizationRules: text,
  authorizationRuleGroups: includedRuleGroups,
};

/** Its id is that of the service principal. */
export const relyingParty = resource('countersign.relyingParty', { ...properties, ...metadataProperties });

/** What is not given stays as it is, or becomes what most applications want. */
export const saveRelyingPartyRequest = z
  .strictObject({
    ...properties,
    /** Its metadata is followed no more; `importMetadata` takes a source. */
    metadataSource: z.null(),
  })
  .partial()
  .required({ protocol: true, identifier: true });

/** A text, or an address that is followed from then on. */
const metadataInput = {
  metadata: z.string().optional(),
  metadataSource: metadataSourceRequest.optional(),
  /** Which entity, when it describes several. */
  entityId: z.string().optional(),
  /** By which protocol, when it describes several. */
  protocol: properties.protocol.optional(),
};

export const importRelyingPartyRequest = z.strictObject(metadataInput);

export const createRelyingPartyRequest = z.strictObject({
  /** Name of the application; default: the entity identifier. */
  displayName: z.string().optional(),
  ...metadataInput,
});

export const evaluateRulesRequest = z.strictObject({
  userId: z.string(),
  /** Rules and groups to try; those of the application when they are left out. */
  issuanceRules: text.optional(),
  issuanceRuleGroups: includedRuleGroups.optional(),
  authorizationRules: text.optional(),
  authorizationRuleGroups: includedRuleGroups.optional(),
});

const claim = z.looseObject({
  type: z.string(),
  value: z.string(),
  valueType: z.string(),
  issuer: z.string(),
  originalIssuer: z.string(),
  properties: z.record(z.string(), z.string()),
});

const rule = z.looseObject({ group: z.string(), number: z.int(), name: z.string().optional() });

const explanation = z.looseObject({
  claims: z.array(
    z.looseObject({
      claim,
      isIssued: z.boolean(),
      firstStatedBy: z.array(z.string()),
      derivations: z.array(z.looseObject({ rule, how: z.string(), from: z.array(z.int()) })),
    }),
  ),
  rules: z.array(z.looseObject({ rule, text: z.string(), runs: z.int(), made: z.array(z.int()), reason: z.string() })),
});

/** What rules make for a person, and how. */
export const evaluatedRules = z.looseObject({
  '@odata.context': z.string().optional(),
  isPermitted: z.boolean(),
  claims: z.array(claim),
  /** What the token would say besides what a request brings, neither signed nor encrypted: XML, or JSON for `jwt`; null: there is none. */
  token: text.nullable(),
  authorization: explanation,
  issuance: explanation.nullable(),
});
