import type { OAuthCall } from '../call.ts';
import { withNumber } from './error-numbers.ts';
import { entraTokenClaims } from './token-claims.ts';

/** What the answer to a request in the words of Microsoft's clients must still know of the request. */
export interface Words {
  /** Of the endpoints. */
  version: 1 | 2;
  /** The account's id, as MSAL builds it, goes into the answer. */
  wantsClientInfo: boolean;
}

/** Interop: several processes of the Azure CLI share one refresh token, and refresh with it at the same time. */
const parallelRefresh = 10_000;

/** The call, answered in the words of Microsoft's clients. */
export function inWords(call: OAuthCall, words: Words): OAuthCall {
  return {
    ...call,
    remembered: words,
    claims: entraTokenClaims(words.version),
    refreshGrace: parallelRefresh,
    answerMembers: (answered) => clientInfo(answered, words),
    describeError: withNumber,
  };
}

/**
 * Interop: MSAL builds the id of an account from `uid` and `utid`; for Azure AD B2C the policy is part of the former. Empty
 * when the client did not ask, or nobody has signed in.
 */
export function clientInfo(
  { tenant, flow, accountId }: OAuthCall,
  { wantsClientInfo }: Words,
): Readonly<Record<string, string>> {
  if (!wantsClientInfo || accountId === undefined) return {};
  const uid = flow.name === '' ? accountId : `${accountId}-${flow.name.toLowerCase()}`;
  return { client_info: Buffer.from(JSON.stringify({ uid, utid: tenant.id })).toString('base64url') };
}
