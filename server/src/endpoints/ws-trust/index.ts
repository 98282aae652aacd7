/**
 * WS-Trust 1.3 and of February 2005 as a security token service for programs: tokens for a person's password, for a token
 * of an identity provider, or in the name of a person whose token an application got
 * (https://docs.oasis-open.org/ws-sx/ws-trust/v1.3/, over TLS with WS-Security), and the document of WS-MetadataExchange by
 * which programs find the addresses. Reads and writes messages with @countersign/ws-federation, lets sign-in prove who it
 * is and issuance make the claims; keeps nothing itself.
 */
export { wsTrustRoutes } from './routes.ts';
export type { WsTrustOptions } from './ws-trust-call.ts';
