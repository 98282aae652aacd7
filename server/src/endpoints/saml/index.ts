/**
 * SAML 2.0 as an identity provider: metadata, single sign-on by Redirect and POST, single logout by these and SOAP, sign-ins
 * that begin here (https://docs.oasis-open.org/security/saml/v2.0/saml-profiles-2.0-os.pdf, 4.1, 4.4). Reads and writes messages with
 * @countersign/saml, lets sign-in ask the person and issuance make the claims; keeps nothing itself.
 */
export { addressesOf } from './addresses.ts';
export { describeIdentityProvider, keptFor } from './metadata.ts';
export { samlRoutes } from './routes.ts';
export type { SamlOptions } from './saml-call.ts';
export { samlSignOut } from './sign-out.ts';
