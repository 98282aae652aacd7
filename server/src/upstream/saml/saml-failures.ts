import { SamlStatusError } from '@countersign/saml';
import { XmlError } from '@countersign/xml';
import { UpstreamFailure } from '../../sign-in/index.ts';

/** Does something with an answer, and says in our words what was wrong with it. */
export async function withSamlFailures<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof XmlError) {
      const check = { check: error.code, spec: error.spec };
      throw new UpstreamFailure('upstream_answer_wrong', error.message, error, check);
    }
    throw error instanceof SamlStatusError ? failureOf(error) : error;
  }
}

/** The same in our words. */
export function failureOf(error: SamlStatusError): UpstreamFailure {
  const code = error.reason === 'response.status' ? 'upstream_refused' : 'upstream_answer_wrong';
  return new UpstreamFailure(code, error.message, error, { check: error.reason, spec: error.spec });
}
