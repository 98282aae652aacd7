import type { AuthenticationContext } from '../../sign-in/index.ts';

/**
 * What `acr` says of each context, in words that others use as well: the REFEDS profiles
 * (https://refeds.org/profile/sfa, https://refeds.org/profile/mfa) and OpenID Connect Extended Authentication Profile 2.
 */
export const acrOf: Readonly<Record<AuthenticationContext, string>> = {
  singleFactor: 'https://refeds.org/profile/sfa',
  multiFactor: 'https://refeds.org/profile/mfa',
  phishingResistant: 'phr',
};

const contextOf = new Map(Object.entries(acrOf).map(([context, acr]) => [acr, context as AuthenticationContext]));

/** The contexts that these values name, in their order. Values that nobody here knows are left out. */
export function contextsOf(acrValues: readonly string[]): AuthenticationContext[] {
  return acrValues.flatMap((value) => contextOf.get(value) ?? []);
}
