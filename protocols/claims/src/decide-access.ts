import { claimTypes } from './claim.ts';
import type { Evaluation } from './evaluate-rules.ts';
import type { DerivedClaim } from './working-set.ts';

/** Whether a person may have a token, and the claims that decided it; none did where nothing permitted. */
export interface AccessDecision {
  readonly isPermitted: boolean;
  readonly because: readonly DerivedClaim[];
}

/**
 * Reads the outcome of an authorization rule set. Who is not permitted is refused, and a deny claim outweighs every
 * permit claim, whatever their order and values ("When to Use an Authorization Claim Rule"). A permit claim that came in
 * and was only passed on does not count: no provider lets its own people in.
 */
export function decideAccess({ issued }: Evaluation): AccessDecision {
  const denials = issued.filter(({ claim }) => claim.type === claimTypes.deny);
  if (denials.length > 0) return { isPermitted: false, because: denials };
  const permits = issued.filter(({ claim, derivations }) => {
    return claim.type === claimTypes.permit && derivations.some(({ how }) => how !== 'copied');
  });
  return { isPermitted: permits.length > 0, because: permits };
}
