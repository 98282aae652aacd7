import type { UserFlow } from './flow.ts';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** The name under which a tenant keeps its own version of the flow for requests without a policy. */
export const staffFlowName = '';

/** How staff signs in when the request names no policy and the tenant has not said otherwise. */
export const staffFlow: UserFlow = {
  name: staffFlowName,
  type: 'signIn',
  accountNames: ['userPrincipalName', 'emailAddress', 'userName'],
  providers: null,
  offersPasskeys: true,
  offersPasswordReset: false,
  allowsConsent: true,
  attributes: [],
  claims: ['displayName', 'givenName', 'surname', 'userPrincipalName', 'mail'],
  secondFactor: { when: 'off', methods: ['passkey', 'totp', 'email'], holdsSeconds: null },
  session: { sharedBy: 'tenant', idleSeconds: day, absoluteSeconds: 90 * day, offersToStay: true },
  tokens: {
    accessTokenSeconds: hour,
    idTokenSeconds: hour,
    refreshTokenSeconds: 90 * day,
    refreshWindowSeconds: null,
  },
  terms: null,
  texts: {},
};

/** The flow of the account page. No tenant's flow can have its name. */
export const accountFlow: UserFlow = {
  ...staffFlow,
  name: '@account',
  offersPasswordReset: true,
  attributes: [
    { name: 'displayName', isRequired: true },
    { name: 'givenName', isRequired: false },
    { name: 'surname', isRequired: false },
  ],
  claims: [],
};

/** What a flow for customers is unless its definition says otherwise: Azure AD B2C's defaults. */
export const customerFlow: Omit<UserFlow, 'name' | 'type'> = {
  ...staffFlow,
  accountNames: ['emailAddress'],
  providers: [],
  offersPasswordReset: true,
  allowsConsent: false,
  attributes: [{ name: 'displayName', isRequired: true }],
  claims: ['displayName', 'emails'],
  secondFactor: { when: 'off', methods: ['passkey', 'totp', 'email'], holdsSeconds: null },
  tokens: {
    accessTokenSeconds: hour,
    idTokenSeconds: hour,
    refreshTokenSeconds: 14 * day,
    refreshWindowSeconds: 90 * day,
  },
};
