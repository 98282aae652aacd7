import { createHash } from 'node:crypto';
import { type Act, type AuditChange, type AuditEvent, type AuditStore, auditEvent } from '../audit/index.ts';
import { isStorable } from '../directory/index.ts';
import { refuse } from './errors.ts';
import {
  type ScimDialectName,
  type ScimScope,
  type ScimToken,
  type ScimTokenStore,
  scimScopes,
  scimTokenBytes,
} from './store.ts';

/** Marks our tokens, so that tools which look for leaked ones recognise them. */
const prefix = 'cscim_';
const hintLength = prefix.length + 4;
const day = 86_400_000;
const defaultDays = 365;
const mostYears = 3;
const longestLabel = 120;
const mostTokens = 200;
/** How long the former text is accepted after a rotation when nothing is said. */
const defaultOverlapDays = 7;
const mostOverlapDays = 60;

type Stores = { scimTokens: ScimTokenStore; audit: AuditStore };

export interface NewScimToken {
  label: string;
  /** Default: all. */
  scopes?: readonly ScimScope[] | undefined;
  /** Default: `tolerant`, which takes what any known client sends. */
  dialect?: ScimDialectName | undefined;
  contact?: string | null | undefined;
  /** Default: in a year. At most three years ahead. */
  expiresAt?: Date | undefined;
}

/**
 * Makes a token. The text in the answer can never be read again.
 *
 * @param random  32 bytes from a cryptographic generator, used for nothing else
 * @throws Refusal `inbound_provisioning.label_invalid`, `.label_taken`, `.expiry_invalid`, `.too_many_tokens`
 */
export async function createScimToken(
  stores: Stores,
  act: Act,
  wanted: NewScimToken,
  random: Uint8Array,
): Promise<{ token: ScimToken; text: string }> {
  const present = await stores.scimTokens.list(act.tenantId);
  if (present.length >= mostTokens) throw refuse('inbound_provisioning.too_many_tokens', { most: mostTokens });
  const { text, hint, digest } = newText(random);
  const token: ScimToken = {
    id: act.newId(),
    label: checkedLabel(wanted.label),
    scopes: scopesOf(wanted.scopes),
    dialect: wanted.dialect ?? 'tolerant',
    contact: wanted.contact ?? null,
    hint,
    digest,
    previous: null,
    createdAt: act.now,
    expiresAt: checkedExpiry(act, wanted.expiresAt),
    lastUsedAt: null,
    warnedDays: null,
  };
  await stores.scimTokens.insert(act.tenantId, token);
  await stores.audit.append([tokenEvent(act, 'create', token, changesOf(undefined, token))]);
  return { token, text };
}

/**
 * Changes everything but text and expiry.
 * @throws Refusal `inbound_provisioning.token_not_found`, `.label_invalid`, `.label_taken`
 */
export async function changeScimToken(
  stores: Stores,
  act: Act,
  id: string,
  change: { label?: string | undefined } & Pick<NewScimToken, 'scopes' | 'dialect' | 'contact'>,
): Promise<ScimToken> {
  const before = await getScimToken(stores, act.tenantId, id);
  const after: ScimToken = {
    ...before,
    label: change.label === undefined ? before.label : checkedLabel(change.label),
    scopes: change.scopes === undefined ? before.scopes : scopesOf(change.scopes),
    dialect: change.dialect ?? before.dialect,
    contact: change.contact === undefined ? before.contact : change.contact,
  };
  const changes = changesOf(before, after);
  if (changes.length === 0) return before;
  await stores.scimTokens.update(act.tenantId, after, act.now);
  await stores.audit.append([tokenEvent(act, 'update', after, changes)]);
  return after;
}

/**
 * Gives a token a new text and a new expiry. The former text is accepted for a while, so that the client can be told in
 * peace; one before that is not accepted any more.
 *
 * @param overlapDays  0 to 60, fractions allowed; 7 when nothing is said
 * @throws Refusal `inbound_provisioning.token_not_found`, `.expiry_invalid`, `.overlap_invalid`
 */
export async function rotateScimToken(
  stores: Stores,
  act: Act,
  id: string,
  { overlapDays = defaultOverlapDays, expiresAt }: { overlapDays?: number | undefined; expiresAt?: Date | undefined },
  random: Uint8Array,
): Promise<{ token: ScimToken; text: string }> {
  if (overlapDays < 0 || overlapDays > mostOverlapDays) {
    throw refuse('inbound_provisioning.overlap_invalid', { mostDays: mostOverlapDays });
  }
  const before = await getScimToken(stores, act.tenantId, id);
  const { text, hint, digest } = newText(random);
  const overlapEndsAt = new Date(Math.min(act.now.getTime() + overlapDays * day, before.expiresAt.getTime()));
  const token: ScimToken = {
    ...before,
    hint,
    digest,
    previous: { digest: before.digest, endsAt: overlapEndsAt },
    expiresAt: checkedExpiry(act, expiresAt),
    warnedDays: null,
  };
  await stores.scimTokens.update(act.tenantId, token, act.now);
  await stores.audit.append([tokenEvent(act, 'rotate', token, changesOf(before, token))]);
  return { token, text };
}

/**
 * Takes a token away; it is refused from then on.
 * @throws Refusal `inbound_provisioning.token_not_found`
 */
export async function revokeScimToken(stores: Stores, act: Act, id: string): Promise<void> {
  const token = await getScimToken(stores, act.tenantId, id);
  await stores.scimTokens.remove(act.tenantId, id, act.now);
  await stores.audit.append([tokenEvent(act, 'revoke', token, changesOf(token, undefined))]);
}

/** @throws Refusal `inbound_provisioning.token_not_found` */
export async function getScimToken(
  { scimTokens }: Pick<Stores, 'scimTokens'>,
  tenantId: string,
  id: string,
): Promise<ScimToken> {
  const token = isStorable(id) ? await scimTokens.find(tenantId, id) : undefined;
  if (!token) throw refuse('inbound_provisioning.token_not_found', { id });
  return token;
}

/** The form in which the text of a token is kept. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function newText(random: Uint8Array): { text: string; hint: string; digest: string } {
  if (random.length !== scimTokenBytes) throw new Error(`A SCIM token needs ${scimTokenBytes} random bytes.`);
  const text = prefix + Buffer.from(random).toString('base64url');
  return { text, hint: text.slice(0, hintLength), digest: digestOf(text) };
}

function checkedLabel(text: string): string {
  const label = text.trim();
  if (label !== '' && label.length <= longestLabel && isStorable(label)) return label;
  throw refuse('inbound_provisioning.label_invalid', { longest: longestLabel });
}

/** In one order and each once, so that equal ones compare equal. */
function scopesOf(scopes: readonly ScimScope[] = scimScopes): ScimScope[] {
  return scimScopes.filter((scope) => scopes.includes(scope));
}

function checkedExpiry({ now }: Act, wanted = new Date(now.getTime() + defaultDays * day)): Date {
  const latest = new Date(now);
  latest.setUTCFullYear(latest.getUTCFullYear() + mostYears);
  if (wanted > now && wanted <= latest) return wanted;
  throw refuse('inbound_provisioning.expiry_invalid', { mostYears });
}

function tokenEvent(act: Act, verb: string, token: ScimToken, changes: AuditChange[]): AuditEvent {
  return auditEvent(act, `scimToken.${verb}`, { kind: 'scimToken', id: token.id, name: token.label }, changes);
}

/** Digests are left out: they are no secret, but nobody reads them. */
function changesOf(before: ScimToken | undefined, after: ScimToken | undefined): AuditChange[] {
  const [had, has] = [before && described(before), after && described(after)];
  return Object.keys({ ...had, ...has })
    .map((property) => ({ property, before: had?.[property], after: has?.[property] }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after));
}

function described({ label, scopes, dialect, contact, hint, expiresAt, previous }: ScimToken): Record<string, unknown> {
  const previousEndsAt = previous?.endsAt.toISOString();
  return { label, scopes, dialect, contact, hint, expiresAt: expiresAt.toISOString(), previousEndsAt };
}
