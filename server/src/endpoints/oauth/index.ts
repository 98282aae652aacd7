/**
 * OAuth 2.0 and OpenID Connect, spoken by the certified library `oidc-provider`
 * (https://github.com/panva/node-oidc-provider): one provider per tenant and issuer, which keeps what it hands out in our
 * stores, signs with the tenant's keys behind their Signer and leaves everything about people to sign-in. The core speaks
 * the standards; what vendors' clients do otherwise is translated in a folder of its own.
 */
export { deliverLogoutNotices, type LogoutNoticeOptions } from './logout-notices.ts';
export { oauthRoutes } from './routes.ts';
export { oauthSignOut } from './sign-out.ts';
export type { OAuthOptions, OAuthStorage, OAuthStores } from './stores.ts';
