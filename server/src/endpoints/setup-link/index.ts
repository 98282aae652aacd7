/**
 * The page behind a setup link: an administrator of another organization sees our values, and gives the metadata of their
 * identity provider. Whoever has the link may do this, once; relies on federation-metadata, which keeps the links.
 */
export { type SetupLinkOptions, setupLinkPath, setupLinkRoutes } from './routes.ts';
