import { createHash } from 'node:crypto';
import type { RecoveryCodeStore } from './store.ts';

const howMany = 10;

/** Letters and digits that are not mistaken for one another: 32 of them, so that each stands for 5 random bits. */
const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';

interface Stores {
  recoveryCodes: RecoveryCodeStore;
}

/** New codes of 80 random bits, for which a fast digest is safe. They are shown once. */
export function newRecoveryCodes(randomBytes: (count: number) => Uint8Array): string[] {
  return Array.from({ length: howMany }, () => {
    const letters = [...randomBytes(16)].map((byte) => alphabet[byte % alphabet.length]).join('');
    return letters.replace(/(.{4})(?=.)/g, '$1-');
  });
}

export async function keepRecoveryCodes(
  { recoveryCodes }: Stores,
  tenantId: string,
  userId: string,
  codes: readonly string[],
): Promise<void> {
  await recoveryCodes.replace(tenantId, userId, codes.map(digestOf));
}

/** Takes a code, however it was typed. Each is good once. */
export function takeRecoveryCode(
  { recoveryCodes }: Stores,
  tenantId: string,
  userId: string,
  code: string,
): Promise<boolean> {
  return recoveryCodes.take(tenantId, userId, digestOf(code));
}

function digestOf(code: string): string {
  const plain = code.toLowerCase().replace(/[^a-z0-9]/g, '');
  return createHash('sha256').update(plain).digest('base64url');
}
