import { z } from 'zod';
import { dateTime, resource, text, texts } from './property.ts';

const seconds = z.int().min(0);

const askedAttribute = z.strictObject({ name: z.string(), isRequired: z.boolean().default(false) });

const secondFactor = z.strictObject({
  when: z.enum(['off', 'always', 'conditional']),
  methods: z.array(z.enum(['passkey', 'totp', 'sms', 'email'])),
  /** How long a second factor holds within a session. 0: asked at every sign-in; null: as long as the session. */
  holdsSeconds: seconds.nullable(),
});

const session = z.strictObject({
  sharedBy: z.enum(['tenant', 'application', 'flow', 'nobody']),
  idleSeconds: seconds,
  absoluteSeconds: seconds,
  offersToStay: z.boolean(),
});

const tokens = z.strictObject({
  accessTokenSeconds: seconds,
  idTokenSeconds: seconds,
  refreshTokenSeconds: seconds,
  refreshWindowSeconds: seconds.nullable(),
});

const terms = z.strictObject({ version: z.string(), url: z.string() });

/** By language, then by the key of the message. */
const pageTexts = z.record(z.string(), z.record(z.string(), z.string()));

const settings = {
  /** Azure AD B2C calls the editing of the profile an update. */
  userFlowType: z.enum(['signUpOrSignIn', 'signUp', 'signIn', 'profileUpdate', 'passwordReset']),
  /** Ids of identity providers, with `*` for all that the tenant trusts. */
  identityProviders: texts,
  /** People may sign in by a passkey in place of name and password. */
  offersPasskeys: z.boolean(),
  offersPasswordReset: z.boolean(),
  allowsConsent: z.boolean(),
  /** Asked at sign-up, and shown when the profile is edited. */
  attributes: z.array(askedAttribute),
  /** Attributes that tokens carry as claims. */
  claims: texts,
  secondFactor,
  session,
  tokens,
  terms: terms.nullable(),
  texts: pageTexts,
};

/**
 * A user flow. Its id is the name of the policy in addresses and tokens. Microsoft Graph knows its id and type
 * (https://learn.microsoft.com/graph/api/resources/identityuserflow); the settings are our own.
 */
export const userFlow = resource('microsoft.graph.identityUserFlow', {
  ...settings,
  /** The flow in which staff signs in, as long as the tenant has not changed it. */
  isBuiltIn: z.boolean(),
});

/** Only what is given changes, also within the objects. A text of a page, or all of a language, is taken away by null. */
const changes = z
  .strictObject({
    ...settings,
    secondFactor: secondFactor.partial(),
    session: session.partial(),
    tokens: tokens.partial(),
    texts: z.record(z.string(), z.record(z.string(), z.string().nullable()).nullable()),
  })
  .partial();

export const updateUserFlowRequest = changes;

export const createUserFlowRequest = changes.required({ userFlowType: true }).extend({ id: z.string() });

/**
 * Something that flows can ask of a person. Attributes of the tenant's own are extension properties of users.
 * https://learn.microsoft.com/graph/api/resources/identityuserflowattribute
 */
export const userFlowAttribute = resource('microsoft.graph.identityUserFlowAttribute', {
  createdDateTime: dateTime,
  dataType: z.enum(['string', 'boolean', 'int64', 'dateTime']),
  description: text,
  displayName: text,
  userFlowAttributeType: z.enum(['builtIn', 'custom']),
});

export const createUserFlowAttributeRequest = z.strictObject({
  '@odata.type': z.string().optional(),
  dataType: z.enum(['string', 'boolean', 'int64', 'dateTime']),
  description: text.optional(),
  displayName: z.string(),
});

export const updateUserFlowAttributeRequest = z.strictObject({
  '@odata.type': z.string().optional(),
  description: text,
});
