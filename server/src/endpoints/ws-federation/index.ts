/**
 * WS-Federation as a security token service for browsers: sign-in and sign-out
 * (https://docs.oasis-open.org/wsfed/federation/v1.2/, 13). Reads requests and writes tokens with
 * @countersign/ws-federation, lets sign-in ask the person and issuance make the claims; keeps nothing itself.
 */
export { findActingPerson, type ProvenPerson } from './acting-person.ts';
export { issueForPerson } from './issue-for-person.ts';
export { wsFederationRoutes } from './routes.ts';
export { wsFederationSignOut } from './sign-out.ts';
export {
  keepRefusal,
  openCall,
  type WsFederationCall,
  type WsFederationOptions,
  type WsFederationParts,
} from './ws-federation-call.ts';
