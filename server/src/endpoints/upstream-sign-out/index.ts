/**
 * Sign-outs between us and the identity providers that signed people in: told to them when a session ends here, and heard
 * from them. Relies on an adapter for the protocol, and on sign-out for everybody else who took part in the session.
 */
export { upstreamSignOutRoutes } from './routes.ts';
export { upstreamSignOut } from './sign-out.ts';
