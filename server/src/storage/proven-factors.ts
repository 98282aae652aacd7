import type { ProvenFactor } from '../user-flows/index.ts';

/** Factors as JSON has them: times are text. */
export function provenFactorsFrom(kept: readonly ProvenFactor[]): ProvenFactor[] {
  return kept.map(({ at, federated, ...factor }) => ({
    ...factor,
    at: new Date(at),
    ...(federated && { federated: { ...federated, authenticatedAt: new Date(federated.authenticatedAt) } }),
  }));
}
