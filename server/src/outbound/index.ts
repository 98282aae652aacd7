/**
 * Calls to servers whose addresses people configure: keys of foreign issuers, logout notices, targets of provisioning.
 * Refuses addresses of private networks unless the settings allow them (OWASP SSRF Prevention), follows no redirects, and
 * bounds time and size. Relies on node:http only; knows no protocol.
 */
export { ForbiddenAddressError, type OutboundFetch, outboundFetch } from './outbound-fetch.ts';
