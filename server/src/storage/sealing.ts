import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

/**
 * Where a sealed value stands. It is bound to the value, so that a sealed text that somebody moves to another row, tenant
 * or table cannot be opened there.
 */
export interface SealedPlace {
  table: string;
  /** Empty for what belongs to the whole hub. */
  tenantId: string;
  id: string;
}

/** Seals secrets that must be read back, so that the database and its backups alone do not reveal them. */
export interface Sealing {
  seal(place: SealedPlace, secret: string): string;
  /** @throws SealingKeyError when none of the keys opens the text at this place. */
  open(place: SealedPlace, sealed: string): string;
  /** A key of 32 bytes for another purpose, the same in every process with the same sealing key (HKDF, RFC 5869). */
  deriveKey(purpose: string): Uint8Array;
  /** True when the text was sealed with the key in use now, not with a previous one. */
  isCurrent(sealed: string): boolean;
}

/** The sealing key is not the one with which the database was sealed, or a sealed text was tampered with. */
export class SealingKeyError extends Error {
  override readonly name = 'SealingKeyError';
}

/**
 * Sealing by AES-256-GCM (NIST SP 800-38D) with a random nonce for each text. A sealed text is `1.<key id>.<nonce,
 * ciphertext, tag>` in base64url, where 1 is the version of this form.
 *
 * @param currentKey  32 bytes in base64url; seals and opens
 * @param previousKeys  only open
 */
export function sealingWith(currentKey: string, previousKeys: readonly string[] = []): Sealing {
  const keys = new Map<string, Buffer>();
  for (const key of [currentKey, ...previousKeys]) {
    const bytes = Buffer.from(key, 'base64url');
    if (bytes.length !== 32) throw new SealingKeyError('A sealing key must be 32 bytes in base64url: 43 characters.');
    keys.set(keyIdOf(bytes), bytes);
  }
  const [[currentId, current] = ['', Buffer.alloc(0)]] = keys;

  return {
    seal(place, secret) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', current, nonce).setAAD(boundData(currentId, place));
      const sealed = Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `1.${currentId}.${sealed.toString('base64url')}`;
    },

    open(place, text) {
      const [version, keyId = '', data = ''] = text.split('.');
      const key = keys.get(keyId);
      const sealed = Buffer.from(data, 'base64url');
      if (version !== '1' || !key || sealed.length < 28) throw notOpened(place, keyId);
      const opener = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 })
        .setAAD(boundData(keyId, place))
        .setAuthTag(sealed.subarray(-16));
      try {
        return Buffer.concat([opener.update(sealed.subarray(12, -16)), opener.final()]).toString('utf8');
      } catch (cause) {
        throw notOpened(place, keyId, cause);
      }
    },

    deriveKey: (purpose) => new Uint8Array(hkdfSync('sha256', current, '', `countersign ${purpose}`, 32)),

    isCurrent: (sealed) => sealed.startsWith(`1.${currentId}.`),
  };
}

/** Recognises a key without telling anything about it. */
function keyIdOf(key: Buffer): string {
  return createHash('sha256').update('countersign sealing key').update(key).digest('base64url').slice(0, 8);
}

function boundData(keyId: string, { table, tenantId, id }: SealedPlace): Buffer {
  return Buffer.from(JSON.stringify([1, keyId, table, tenantId, id]));
}

function notOpened({ table, tenantId, id }: SealedPlace, keyId: string, cause?: unknown): SealingKeyError {
  return new SealingKeyError(
    `The secret ${[table, tenantId, id].filter(Boolean).join('/')} cannot be opened with the sealing key: give the key ${keyId} with which it was sealed in COUNTERSIGN_SEALING_KEY or COUNTERSIGN_PREVIOUS_SEALING_KEYS.`,
    cause === undefined ? undefined : { cause },
  );
}
