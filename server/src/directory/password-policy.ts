import type { Act, AuditStore } from '../audit/index.ts';
import { refuse } from './errors.ts';
import type { DirectoryStores } from './store.ts';
import type { Tenant } from './tenant.ts';
import { getTenant, updateTenant } from './tenants.ts';

/** What a tenant demands of new passwords, and how it slows down those who guess. */
export interface PasswordPolicy {
  /** Fewest characters. */
  minimumLength: number;
  /** Words on which passwords must not be built, such as the names of products; case does not matter. */
  bannedWords: readonly string[];
  /** So many wrong passwords for an account from one address have no consequence. */
  lockoutThreshold: number;
  /** How long the next try must wait after that; each further wrong password doubles it. */
  lockoutDurationInSeconds: number;
}

/** What holds where the tenant has said nothing. 8 characters: NIST SP 800-63B-4 3.1.1.2, with a second factor. */
export const usualPasswordPolicy: PasswordPolicy = {
  minimumLength: 8,
  bannedWords: [],
  lockoutThreshold: 10,
  lockoutDurationInSeconds: 60,
};

/** The least and the most of each number. Five hours are Microsoft Entra's longest, too. */
const ranges = {
  minimumLength: [8, 256],
  lockoutThreshold: [1, 1000],
  lockoutDurationInSeconds: [5, 18_000],
} as const;

const mostWords = 1000;
const wordLength = [3, 64] as const;

/** The policy of a tenant, complete. */
export function passwordPolicyOf({ settings }: Pick<Tenant, 'settings'>): PasswordPolicy {
  return { ...usualPasswordPolicy, ...settings.passwordPolicy };
}

type Writing = Pick<DirectoryStores, 'tenants'> & { audit: AuditStore };

/**
 * Changes the policy of the act's tenant. Present passwords stay good.
 * @throws Refusal `directory.password_policy_invalid`
 */
export async function updatePasswordPolicy(stores: Writing, act: Act, change: Partial<PasswordPolicy>): Promise<void> {
  const passwordPolicy = { ...passwordPolicyOf(await getTenant(stores, act.tenantId)), ...change };
  check(passwordPolicy);
  await updateTenant(stores, act, { settings: { passwordPolicy } });
}

function check(policy: PasswordPolicy): void {
  for (const [name, [least, most]] of Object.entries(ranges)) {
    const value = policy[name as keyof typeof ranges];
    if (!(Number.isInteger(value) && value >= least && value <= most)) {
      throw refuse('directory.password_policy_invalid', { name, problem: `must be from ${least} to ${most}` });
    }
  }
  const name = 'bannedWords';
  const [least, most] = wordLength;
  if (policy.bannedWords.length > mostWords) {
    throw refuse('directory.password_policy_invalid', { name, problem: `must be at most ${mostWords} words` });
  }
  if (policy.bannedWords.some((word) => word.trim().length < least || word.length > most)) {
    throw refuse('directory.password_policy_invalid', {
      name,
      problem: `must have ${least} to ${most} characters each`,
    });
  }
}
