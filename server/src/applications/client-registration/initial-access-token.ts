import { createHash } from 'node:crypto';
import { type Act, type AuditStore, auditEvent } from '../../audit/index.ts';
import { isStorable } from '../../directory/index.ts';
import { secretBytes } from '../client-secret.ts';
import { refuse } from '../errors.ts';
import type { ApplicationStores, InitialAccessToken } from '../store.ts';

/** Marks our tokens, so that tools which look for leaked ones recognise them. */
const prefix = 'creg_';
const hintLength = prefix.length + 4;
const day = 86_400_000;
const mostTokens = 100;
const mostDays = 365;
const mostUses = 10_000;
const longestName = 120;

type Stores = Pick<ApplicationStores, 'initialAccessTokens'> & { audit: AuditStore };

export interface InitialAccessTokenInput {
  displayName: string;
  /** Default: 30. At most 365. */
  days?: number | undefined;
  /** Clients that may be registered with it; default: one. */
  uses?: number | undefined;
}

/**
 * Makes a token that lets its holder register clients (RFC 7591 3). The text can never be read again.
 *
 * @param random  32 bytes from a cryptographic generator, used for nothing else
 * @throws Refusal `applications.initial_access_token_invalid`, `applications.too_many_initial_access_tokens`
 */
export async function createInitialAccessToken(
  { initialAccessTokens, audit }: Stores,
  act: Act,
  { displayName, days = 30, uses = 1 }: InitialAccessTokenInput,
  random: Uint8Array,
): Promise<{ token: InitialAccessToken; text: string }> {
  if (random.length !== secretBytes) throw new Error(`A token needs ${secretBytes} random bytes.`);
  const isValid =
    displayName !== '' &&
    displayName.length <= longestName &&
    isStorable(displayName) &&
    days > 0 &&
    days <= mostDays &&
    uses >= 1 &&
    uses <= mostUses;
  if (!isValid) throw refuse('applications.initial_access_token_invalid', { longestName, mostDays, mostUses });
  const present = await initialAccessTokens.list(act.tenantId);
  if (present.length >= mostTokens) throw refuse('applications.too_many_initial_access_tokens', { most: mostTokens });
  const text = prefix + Buffer.from(random).toString('base64url');
  const token = {
    id: act.newId(),
    displayName,
    hint: text.slice(0, hintLength),
    digest: registrationDigest(text),
    createdAt: act.now,
    expiresAt: new Date(act.now.getTime() + days * day),
    usesLeft: uses,
  };
  await initialAccessTokens.insert(act.tenantId, token);
  await audit.append([tokenEvent(act, 'create', token, { after: described(token) })]);
  return { token, text };
}

/** @throws Refusal `applications.initial_access_token_not_found` */
export async function revokeInitialAccessToken(
  { initialAccessTokens, audit }: Stores,
  act: Act,
  id: string,
): Promise<void> {
  const token = (await initialAccessTokens.list(act.tenantId)).find((each) => each.id === id);
  if (!token) throw refuse('applications.initial_access_token_not_found', { id });
  await initialAccessTokens.remove(act.tenantId, id);
  await audit.append([tokenEvent(act, 'revoke', token, { before: described(token) })]);
}

/** What is kept of tokens for registration: they have 256 random bits, so that a fast digest is safe. */
export function registrationDigest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function tokenEvent(act: Act, verb: string, token: InitialAccessToken, change: { before?: object; after?: object }) {
  const about = { kind: 'initialAccessToken', id: token.id, name: token.displayName };
  return auditEvent(act, `initialAccessToken.${verb}`, about, [{ property: 'token', ...change }]);
}

function described({ hint, expiresAt, usesLeft }: InitialAccessToken): object {
  return { hint, expiresAt: expiresAt.toISOString(), usesLeft };
}
