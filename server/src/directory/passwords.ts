import { TemporaryFailure } from '../refusal.ts';
import type { AttributeChange } from './attribute.ts';
import { isCommonPassword } from './common-passwords.ts';
import { refuse } from './errors.ts';
import { fold } from './fold.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { PasswordPolicy } from './password-policy.ts';
import type { PasswordCredential, PasswordStore } from './store.ts';

/** Most characters of a password. There are no rules about which (NIST SP 800-63B-4 3.1.1.2). */
const longestPassword = 256;

/** Fewest characters that must be left without the user's names and the tenant's banned words. */
const leastBesides = 8;

/** Names shorter than this are too frequent in words to count against a password. */
const shortestName = 3;

/** The attributes whose values a user must not build a password on. */
const nameAttributes = [
  'userPrincipalName',
  'displayName',
  'givenName',
  'surname',
  'mailNickname',
  'mail',
  'companyName',
];

/**
 * The form in which passwords are hashed: NFKC, so that one password typed on two keyboards is one (NIST SP 800-63B-4
 * 3.1.1.2, RFC 8265 4.2 would keep compatible characters apart). Case stays.
 */
function normalized(password: string): string {
  return password.normalize('NFKC');
}

/**
 * Checks a new password against the rules, and hashes it.
 *
 * @param attributes  of the user, whose names the password must not consist of
 * @param policy      of the tenant
 * @returns the hash to be kept
 * @throws Refusal `directory.password_too_short`, `directory.password_too_long`, `directory.password_has_name`,
 *   `directory.password_has_banned_word`, `directory.password_common`, `directory.password_leaked`
 * @throws TemporaryFailure when too many others wait to be hashed
 */
export async function preparePassword(
  hasher: PasswordHasher,
  password: string,
  attributes: AttributeChange,
  policy: PasswordPolicy,
): Promise<string> {
  // Normalization of a huge text would take long, and no allowed password is longer even in its longest form.
  if (password.length > 4 * longestPassword) throw refuse('directory.password_too_long', { most: longestPassword });
  const kept = normalized(password);
  const length = [...kept].length;
  const { minimumLength: least } = policy;
  if (length < least) throw refuse('directory.password_too_short', { least });
  if (length > longestPassword) throw refuse('directory.password_too_long', { most: longestPassword });
  if (lengthWithout(namesIn(attributes), kept) < leastBesides) {
    throw refuse('directory.password_has_name', { least: leastBesides });
  }
  if (lengthWithout(policy.bannedWords, kept) < leastBesides) {
    throw refuse('directory.password_has_banned_word', { least: leastBesides });
  }
  if (await isCommonPassword(kept)) throw refuse('directory.password_common');
  if (await hasher.isLeaked(kept)) throw refuse('directory.password_leaked');
  return hasher.hash(kept);
}

/**
 * Whether the password is the kept one, and whether it should be hashed anew with today's parameters. Takes as long when
 * there is no such user or the user has no password, so that nobody learns from the time who exists.
 *
 * @throws TemporaryFailure when too many others wait
 */
export async function verifyPassword(
  hasher: PasswordHasher,
  credential: PasswordCredential | undefined,
  password: string,
): Promise<{ isCorrect: boolean; needsRehash: boolean }> {
  const isPossible = password.length <= 4 * longestPassword;
  const isCorrect = await hasher.verify(credential?.hash, isPossible ? normalized(password) : '');
  return { isCorrect, needsRehash: isCorrect && credential !== undefined && hasher.needsRehash(credential.hash) };
}

/**
 * Hashes a password that was just found correct with today's parameters; undefined when too many others wait, since that
 * can be done at another sign-in.
 */
export async function hashAnew(hasher: PasswordHasher, password: string): Promise<string | undefined> {
  try {
    return await hasher.hash(normalized(password));
  } catch (error) {
    if (error instanceof TemporaryFailure) return undefined;
    throw error;
  }
}

/** Keeps the hash made by `hashAnew`, unless the password was changed meanwhile. It counts as the same password. */
export async function keepHash(
  { passwords }: { passwords: PasswordStore },
  tenantId: string,
  userId: string,
  before: PasswordCredential,
  hash: string,
): Promise<void> {
  const current = await passwords.find(tenantId, userId);
  if (current?.hash === before.hash) await passwords.save(tenantId, userId, { ...current, hash });
}

function namesIn(attributes: AttributeChange): string[] {
  const names = nameAttributes.flatMap((attribute) => String(attributes[attribute] ?? '').split(/[\s@.]+/));
  return names.filter((name) => name.length >= shortestName);
}

/** How many characters are left when these words are taken out, the longest first, whatever their case. */
function lengthWithout(words: readonly string[], password: string): number {
  const sorted = words.map((word) => fold(word.trim())).sort((a, b) => b.length - a.length);
  const rest = sorted.reduce((text, word) => text.replaceAll(word, ''), fold(password));
  return [...rest].length;
}
