import { refusals } from '../refusal.ts';

/** Everything that issuance refuses. */
export const issuanceErrors = {
  'issuance.rules_failed': {
    status: 400,
    text: 'The rules of the application cannot run over the claims of this person: {problem}',
    advice: 'Correct the rules, and try them for this person.',
  },
  'issuance.claims_mapping_invalid': {
    status: 400,
    text: 'The claims mapping policy cannot be carried out: {problem}.',
    advice: 'Leave it out of the policy, or write issuance rules instead; nothing was saved.',
  },
  'issuance.claim_unfit': {
    status: 400,
    text: 'The application’s kind of token cannot carry what its rules issue: {problem}',
    advice: 'Issue the claim under another type, or choose another kind of token.',
  },
  'issuance.token_malformed': {
    status: 401,
    text: 'The access token is malformed: {reason}.',
    advice: 'Send the token as it was issued, in the header Authorization: Bearer.',
  },
  'issuance.token_type': {
    status: 401,
    text: 'The token is no access token of this hub: {reason}.',
    advice: 'Send an access token, not an ID token, refresh token or a token of another issuer.',
  },
  'issuance.token_key_unknown': {
    status: 401,
    text: 'The access token was not signed with a published key of its tenant.',
    advice: 'Get a new token. The key may have been rotated, or the token is of another installation.',
  },
  'issuance.token_signature': {
    status: 401,
    text: 'The signature of the access token is wrong.',
    advice: 'Get a new token and send it unchanged.',
  },
  'issuance.token_issuer': {
    status: 401,
    text: 'The issuer of the access token does not belong to its tenant at this host.',
    advice: 'Get a token from the same address as the one that is called.',
  },
  'issuance.token_audience': {
    status: 401,
    text: 'The access token is for another audience.',
    advice: 'Ask for a token with the scope of this API.',
  },
  'issuance.token_bound': {
    status: 401,
    text: 'The access token is bound to a key, and was sent without a proof that the sender holds it.',
    advice: 'Send it as Authorization: DPoP, with a proof in the header DPoP.',
  },
  'issuance.token_not_bound': {
    status: 401,
    text: 'The access token is bound to no key, and was sent as one that is.',
    advice: 'Send it as Authorization: Bearer.',
  },
  'issuance.proof_invalid': {
    status: 401,
    text: 'The DPoP proof is wrong: {reason}.',
    advice: 'Make a proof for this method, address and access token, with the key to which the token is bound.',
  },
  'issuance.proof_nonce': {
    status: 401,
    text: 'The DPoP proof needs the nonce {nonce}.',
    advice: 'Make another proof with the nonce that the header DPoP-Nonce of the answer names.',
  },
  'issuance.token_expired': {
    status: 401,
    text: 'The access token has expired.',
    advice: 'Get a new token.',
  },
  'issuance.token_not_yet_valid': {
    status: 401,
    text: 'The access token is not valid yet.',
    advice: 'Set the clocks of the machines by NTP.',
  },
} as const;

export const refuse = refusals(issuanceErrors);
