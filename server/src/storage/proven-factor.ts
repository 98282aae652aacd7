import type { ProvenFactor } from '../user-flows/index.ts';

/** A factor as JSON has it: times are text. */
export function provenFactorFrom({ at, federated, ...factor }: ProvenFactor): ProvenFactor {
  const since = federated?.authenticatedAt;
  return {
    ...factor,
    at: new Date(at),
    ...(federated && { federated: { ...federated, authenticatedAt: since ? new Date(since) : null } }),
  };
}
