import type { ScimTokenStore } from './store.ts';

/** Days before its expiry at which a token is warned of. */
export const expiryWarningDays = [60, 30, 14, 7, 3, 1] as const;

const day = 86_400_000;

/** How many tokens of all tenants are close enough to their expiry to be warned of. */
export async function countExpiring({ scimTokens }: { scimTokens: ScimTokenStore }, now: Date): Promise<number> {
  return (await scimTokens.listExpiring(now, horizonOf(now))).length;
}

/** What expires until then is warned of. */
export function horizonOf(now: Date): Date {
  return new Date(now.getTime() + Math.max(...expiryWarningDays) * day);
}
