import type { FactorMethod, ProvenFactor } from '../user-flows/index.ts';

/**
 * How strongly somebody proved to be there, weakest first. Endpoints translate to and from the words of their protocol
 * (`acr`, `AuthnContextClassRef`, `wauth`).
 */
export const authenticationContexts = ['singleFactor', 'multiFactor', 'phishingResistant'] as const;
export type AuthenticationContext = (typeof authenticationContexts)[number];

/** Interop: Entra's word for a sign-in at an identity provider. */
export const federatedReference = 'fed';

/** Authentication method references of each way (RFC 8176 2). A passkey is a key whose owner the device has verified. */
const references: Readonly<Record<FactorMethod, readonly string[]>> = {
  password: ['pwd'],
  passkey: ['pop', 'user'],
  totp: ['otp'],
  sms: ['sms'],
  email: ['otp'],
  recoveryCode: ['otp'],
  federated: [federatedReference],
};

/** What the factors amount to. Two ways of the same person count as two factors; a passkey is two in one. */
export function contextOf(factors: readonly ProvenFactor[]): AuthenticationContext {
  const methods = new Set(factors.map(({ method }) => method));
  const federated = factors.flatMap((factor) => factor.federated?.context ?? []);
  if (methods.has('passkey') || federated.includes('phishingResistant')) return 'phishingResistant';
  return methods.size > 1 || federated.includes('multiFactor') ? 'multiFactor' : 'singleFactor';
}

/** The references of all factors, each once, with `mfa` when there are several. */
export function methodReferences(factors: readonly ProvenFactor[]): string[] {
  const all = new Set(factors.flatMap(({ method }) => references[method]));
  if (contextOf(factors) !== 'singleFactor') all.add('mfa');
  return [...all];
}

/** True when what was reached is at least what was wanted. */
export function isReached(wanted: AuthenticationContext, reached: AuthenticationContext): boolean {
  return authenticationContexts.indexOf(reached) >= authenticationContexts.indexOf(wanted);
}
