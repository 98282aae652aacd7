/**
 * The pages behind a setup link: an administrator of another organization sees our values, gives the metadata of their
 * identity provider, tries to sign in, and enables the trust. Whoever has the link may do this, once; relies on federation-metadata, which keeps the links.
 */
export { type SetupLinkOptions, setupLinkPath, setupLinkRoutes } from './routes.ts';
export { showTrial } from './trial.ts';
