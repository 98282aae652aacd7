/**
 * The page on which people look after their own account: details, how they sign in, sessions, consents. Whatever they
 * change is a step of a sign-in, which first makes sure who they are. Relies on sign-in, user-flows and pages.
 */
export { type AccountOptions, accountRoutes, accountSignOut } from './routes.ts';
