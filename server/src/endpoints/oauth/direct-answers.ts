import type { HttpResponse } from '../http.ts';
import type { OAuthCall } from './call.ts';
import { issueClientCredentials } from './client-credentials.ts';
import { parametersOf } from './parameters.ts';
import { type PlainRequest, readPlainRequest } from './plain-request.ts';
import { refreshTokens } from './refresh-tokens.ts';
import type { OAuthOptions } from './stores.ts';

type Answer = (options: OAuthOptions, request: PlainRequest) => Promise<HttpResponse | undefined>;

/** The grants of which there are most, by their names. */
const answers: ReadonlyMap<string, Answer> = new Map([
  ['client_credentials', issueClientCredentials],
  ['refresh_token', refreshTokens],
]);

/**
 * Answers plain requests for tokens without the provider, which would take twice as long. What decides is what decides for
 * the provider, and only a yes is said here: whatever is unusual or has to be refused is undefined, and the provider answers
 * it.
 *
 * @param issuer  under which the tokens are issued
 */
export async function answerDirectly(
  options: OAuthOptions,
  call: OAuthCall,
  issuer: string,
): Promise<HttpResponse | undefined> {
  const answer = answers.get(parametersOf(call.request).get('grant_type') ?? '');
  const plain = answer && (await readPlainRequest(options, call, issuer));
  return plain && answer(options, plain);
}
