import * as oauth from 'oauth4webapi';
import { TemporaryFailure } from '../../refusal.ts';
import { UpstreamFailure } from '../../sign-in/index.ts';

/** Does something with a provider, and says in our words what failed. */
export async function explainFailure<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw explained(error);
  }
}

function explained(error: unknown): unknown {
  if (error instanceof UpstreamFailure || error instanceof TemporaryFailure) return error;
  if (error instanceof oauth.AuthorizationResponseError) {
    // OIDC Core 3.1.2.6, RFC 6749 4.1.2.1: the person, or somebody in their place, said no.
    const code = error.error === 'access_denied' ? 'upstream_cancelled' : 'upstream_refused';
    return new UpstreamFailure(code, `The provider answered ${error.error}: ${error.error_description ?? ''}`, error);
  }
  if (error instanceof oauth.ResponseBodyError || error instanceof oauth.WWWAuthenticateChallengeError) {
    return new UpstreamFailure('upstream_refused', `The provider did not take what we sent: ${error.message}`, error);
  }
  if (error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError) {
    return new UpstreamFailure('upstream_answer_wrong', error.message, error);
  }
  const message = error instanceof Error ? error.message : String(error);
  return new UpstreamFailure('upstream_unreachable', `The provider cannot be asked: ${message}`, error);
}
