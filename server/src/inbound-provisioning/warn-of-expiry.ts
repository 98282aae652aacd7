import type { ScimToken, ScimTokenStore } from './store.ts';

/** Days before its expiry at which a token is warned of. */
export const expiryWarningDays = [60, 30, 14, 7, 3, 1] as const;

const day = 86_400_000;

/** One warning that is due: the token expires in at most so many days. */
export interface ExpiryWarning {
  tenantId: string;
  token: ScimToken;
  days: number;
}

/**
 * The warnings that are due, each once: a token that has been warned of for 30 days is warned of again for 14. Remembers
 * them, so that whoever calls must pass every one on.
 */
export async function warnOfExpiry(
  { scimTokens }: { scimTokens: ScimTokenStore },
  now: Date,
): Promise<ExpiryWarning[]> {
  const horizon = new Date(now.getTime() + Math.max(...expiryWarningDays) * day);
  const warnings: ExpiryWarning[] = [];
  for (const { tenantId, token } of await scimTokens.listExpiring(now, horizon)) {
    const left = (token.expiresAt.getTime() - now.getTime()) / day;
    const days = Math.min(...expiryWarningDays.filter((limit) => left <= limit));
    if (token.warnedDays !== null && token.warnedDays <= days) continue;
    await scimTokens.update(tenantId, { ...token, warnedDays: days });
    warnings.push({ tenantId, token, days });
  }
  return warnings;
}
