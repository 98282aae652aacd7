import { type Act, type AuditStore, auditEvent } from '../audit/index.ts';
import { chooseSigningKey, decideKeyPhase, defaultKeyPolicy, type KeyPolicy } from './decide-key-phase.ts';
import type { MadeKey } from './make-signing-key.ts';
import type { SigningKey, SigningKeyStore } from './store.ts';

/** What keys need to be kept. */
export interface SigningKeyStores {
  signingKeys: SigningKeyStore;
  audit: AuditStore;
}

/** Keeps the made key as the first of its algorithm. When another process was faster, its key counts. */
export async function keepFirstSigningKey(stores: SigningKeyStores, act: Act, made: MadeKey): Promise<SigningKey> {
  await stores.signingKeys.lock(act.tenantId);
  const existing = chooseSigningKey(await stores.signingKeys.list(act.tenantId), made.algorithm, act.now);
  return existing ?? (await keep(stores, act, made, act.now, 'signing_key.create'));
}

/**
 * Publishes the made key as the next one, which takes over from the present one after `publishedAhead`. When a next key
 * is published already, that one is returned and the made one forgotten.
 */
export async function rotateSigningKey(
  stores: SigningKeyStores,
  act: Act,
  made: MadeKey,
  policy: KeyPolicy = defaultKeyPolicy,
): Promise<SigningKey> {
  await stores.signingKeys.lock(act.tenantId);
  const keys = await stores.signingKeys.list(act.tenantId);
  const newest = keys.find((key) => key.algorithm === made.algorithm && key.signsUntil === null);
  if (!newest) return keep(stores, act, made, act.now, 'signing_key.create');
  if (decideKeyPhase(newest, act.now) === 'next') return newest;
  const signsFrom = later(act.now, policy.publishedAhead);
  const publishedUntil = later(signsFrom, policy.publishedAfter);
  await stores.signingKeys.update(act.tenantId, { ...newest, signsUntil: signsFrom, publishedUntil });
  return keep(stores, act, made, signsFrom, 'signing_key.rotate');
}

/**
 * Replaces every key of the algorithm at once, for a key that may have leaked: the made key signs from now on, and the
 * tokens of the others are refused as soon as each process has looked again.
 */
export async function replaceSigningKeys(stores: SigningKeyStores, act: Act, made: MadeKey): Promise<SigningKey> {
  await stores.signingKeys.lock(act.tenantId);
  for (const key of await stores.signingKeys.list(act.tenantId)) {
    if (key.algorithm === made.algorithm) await stores.signingKeys.remove(act.tenantId, key.id);
  }
  return keep(stores, act, made, act.now, 'signing_key.replace');
}

async function keep(
  { signingKeys, audit }: SigningKeyStores,
  act: Act,
  made: MadeKey,
  signsFrom: Date,
  verb: string,
): Promise<SigningKey> {
  const { privateKey, ...publicPart } = made;
  const key = { ...publicPart, createdAt: act.now, signsFrom, signsUntil: null, publishedUntil: null };
  await signingKeys.insert(act.tenantId, key, privateKey);
  const change = { property: 'signsFrom', after: signsFrom.toISOString() };
  await audit.append([auditEvent(act, verb, { kind: 'signingKey', id: key.id, name: made.algorithm }, [change])]);
  return key;
}

function later(time: Date, milliseconds: number): Date {
  return new Date(time.getTime() + milliseconds);
}
