import { hash, timingSafeEqual } from 'node:crypto';
import { type Act, type AuditStore, auditEvent } from '../audit/index.ts';
import { type DirectoryObject, isStorable } from '../directory/index.ts';
import { refuse } from './errors.ts';
import { checkTakesCredentials } from './first-party/first-party.ts';
import { isSignedBySecret } from './signing-secret.ts';
import type { ApplicationStores, ClientSecret } from './store.ts';

/** Marks our secrets, so that tools which look for leaked ones recognise them. */
const prefix = 'csec_';
/** Bytes of randomness in a secret: 256 bits. */
export const secretBytes = 32;
const hintLength = prefix.length + 3;
const defaultYears = 2;
const mostYears = 10;
const mostSecrets = 100;
const longestDisplayName = 256;

export interface PasswordInput {
  displayName?: string | null | undefined;
  /** Default: now. */
  startsAt?: Date | undefined;
  /** Default: two years after the start. At most ten years after it. */
  endsAt?: Date | undefined;
}

type Stores = Pick<ApplicationStores, 'clientSecrets'> & { audit: AuditStore };

/**
 * Gives an application or service principal a new secret. The answer is the only place where it can ever be read, also
 * where the hub keeps it to sign by it.
 *
 * @param random  32 bytes from a cryptographic generator, used for nothing else
 * @throws Refusal `applications.secret_times_invalid`, `applications.secret_name_invalid`,
 *   `applications.too_many_secrets`, `applications.first_party_credentials`
 */
export async function addPassword(
  stores: Stores,
  act: Act,
  object: DirectoryObject,
  input: PasswordInput,
  random: Uint8Array,
): Promise<{ secret: ClientSecret; secretText: string }> {
  if (random.length !== secretBytes) throw new Error(`A secret needs ${secretBytes} random bytes.`);
  const startsAt = input.startsAt ?? act.now;
  const endsAt = input.endsAt ?? yearsAfter(startsAt, defaultYears);
  checkTimes(startsAt, endsAt, act.now);
  const displayName = input.displayName ?? null;
  if (displayName !== null && (displayName.length > longestDisplayName || !isStorable(displayName))) {
    throw refuse('applications.secret_name_invalid', { longest: longestDisplayName });
  }
  checkTakesCredentials(object);
  const present = await stores.clientSecrets.list(act.tenantId, [object.id]);
  if (present.length >= mostSecrets) throw refuse('applications.too_many_secrets', { most: mostSecrets });

  const secretText = prefix + Buffer.from(random).toString('base64url');
  const secret: ClientSecret = {
    id: act.newId(),
    objectId: object.id,
    displayName,
    hint: secretText.slice(0, hintLength),
    digest: digestOf(secretText).toString('base64url'),
    startsAt,
    endsAt,
  };
  const text = isSignedBySecret(object.attributes) ? secretText : undefined;
  await stores.clientSecrets.insert(act.tenantId, secret, act.now, text);
  await stores.audit.append([secretEvent(act, 'add_password', object, { after: describe(secret) })]);
  return { secret, secretText };
}

/**
 * Takes a secret away; it is refused from then on.
 *
 * @throws Refusal `applications.secret_not_found`
 */
export async function removePassword(stores: Stores, act: Act, object: DirectoryObject, keyId: string): Promise<void> {
  const present = await stores.clientSecrets.list(act.tenantId, [object.id]);
  const secret = present.find(({ id }) => id === keyId.toLowerCase());
  if (!secret) throw refuse('applications.secret_not_found', { keyId });
  await stores.clientSecrets.remove(act.tenantId, object.id, secret.id, act.now);
  await stores.audit.append([secretEvent(act, 'remove_password', object, { before: describe(secret) })]);
}

/**
 * Finds the secret that was presented, in a time that depends neither on which one it is nor on how much of it is right.
 * An expired or future one is told apart, since the log has to say so; only `valid` proves who asks.
 */
export function findClientSecret(
  secrets: readonly ClientSecret[],
  presented: string,
  now: Date,
): { secret: ClientSecret; state: 'valid' | 'expired' | 'notYetValid' } | undefined {
  const digest = digestOf(presented);
  const [secret] = secrets.filter((kept) => timingSafeEqual(digest, Buffer.from(kept.digest, 'base64url')));
  if (!secret) return undefined;
  if (now >= secret.endsAt) return { secret, state: 'expired' };
  return { secret, state: now < secret.startsAt ? 'notYetValid' : 'valid' };
}

function digestOf(secretText: string): Buffer {
  return hash('sha256', secretText, 'buffer');
}

function checkTimes(startsAt: Date, endsAt: Date, now: Date): void {
  const isSpan = endsAt > startsAt && endsAt > now && endsAt <= yearsAfter(startsAt, mostYears);
  if (!isSpan) throw refuse('applications.secret_times_invalid', { mostYears });
}

function yearsAfter(date: Date, years: number): Date {
  const later = new Date(date);
  later.setUTCFullYear(later.getUTCFullYear() + years);
  return later;
}

function describe({ id, displayName, hint, startsAt, endsAt }: ClientSecret): Record<string, unknown> {
  return { keyId: id, displayName, hint, startDateTime: startsAt.toISOString(), endDateTime: endsAt.toISOString() };
}

function secretEvent(act: Act, verb: string, object: DirectoryObject, change: { before?: unknown; after?: unknown }) {
  const name = object.attributes['displayName'];
  const about = { kind: object.kind, id: object.id, name: typeof name === 'string' ? name : null };
  return auditEvent(act, `${object.kind}.${verb}`, about, [{ property: 'passwordCredentials', ...change }]);
}
