/**
 * How strongly somebody proved to be there, weakest first. Endpoints translate to and from the words of their protocol
 * (`acr`, `AuthnContextClassRef`, `wauth`).
 */
export const authenticationContexts = ['singleFactor', 'multiFactor', 'phishingResistant'] as const;
export type AuthenticationContext = (typeof authenticationContexts)[number];
