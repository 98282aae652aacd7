/**
 * What the hub speaks as a provider, one folder per protocol, and the pages of sign-ins which all of them share. Each turns
 * requests into calls of the features and their results into answers; none knows the database or the web framework.
 */
export { type AccountOptions, accountRoutes } from './account/index.ts';
export { assetRoutes } from './assets.ts';
export { brandRoutes } from './brand-routes.ts';
export { endpointsErrors } from './errors.ts';
export type { HttpRequest, HttpResponse, Route } from './http.ts';
export { deliverLogoutNotices, type LogoutNoticeOptions, type OAuthOptions, oauthRoutes } from './oauth/index.ts';
export { type SamlOptions, samlRoutes } from './saml/index.ts';
export { type ScimOptions, scimMount } from './scim/index.ts';
export { type SetupLinkOptions, setupLinkPath, setupLinkRoutes, showTrial } from './setup-link/index.ts';
export { type SignInPageOptions, signInRoutes } from './sign-in/index.ts';
export { startPageRoutes } from './start-page.ts';
export { upstreamSignOutRoutes } from './upstream-sign-out/index.ts';
export { wsFederationRoutes } from './ws-federation/index.ts';
export { type WsTrustOptions, wsTrustRoutes } from './ws-trust/index.ts';
