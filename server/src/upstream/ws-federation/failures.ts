import { WsFederationError } from '@countersign/ws-federation';
import { UpstreamFailure } from '../../sign-in/index.ts';

/** Does something with a message, and says in our words what was wrong with it. */
export async function withWsFederationFailures<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof WsFederationError)) throw error;
    const check = { check: error.reason, spec: error.spec };
    throw new UpstreamFailure('upstream_answer_wrong', error.message, error, check);
  }
}
