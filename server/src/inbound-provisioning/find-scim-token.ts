import { RecentlyUsed } from '../recently-used.ts';
import { digestOf } from './scim-tokens.ts';
import type { ScimToken, ScimTokenStore } from './store.ts';

/** Uses within this time are noted once. */
const notedEveryMilliseconds = 60_000;
/** Most tokens of which it is known here when their use was noted. */
const mostNoted = 10_000;

/**
 * The token of that text in that tenant, if it is accepted now. Found by its digest: how long that takes tells nothing about
 * the text of another.
 */
export async function findScimToken(
  { scimTokens }: { scimTokens: ScimTokenStore },
  tenantId: string,
  text: string,
  now: Date,
): Promise<ScimToken | undefined> {
  const digest = digestOf(text);
  const token = await scimTokens.findByDigest(tenantId, digest);
  if (token === undefined || token.expiresAt <= now) return undefined;
  if (token.digest === digest) return token;
  return token.previous !== null && token.previous.endsAt > now ? token : undefined;
}

/** Notes when tokens are used: each once a minute, which is as exactly as it is shown. */
export class ScimTokenUses {
  readonly #noted = new RecentlyUsed<number>(mostNoted);

  async note(
    storage: { write(work: (stores: { scimTokens: ScimTokenStore }) => Promise<void>): Promise<void> },
    tenantId: string,
    { id }: ScimToken,
    now: Date,
  ): Promise<void> {
    const notedAt = this.#noted.get(id);
    if (notedAt !== undefined && now.getTime() - notedAt < notedEveryMilliseconds) return;
    this.#noted.keep(id, now.getTime());
    await storage.write(({ scimTokens }) => scimTokens.noteUse(tenantId, id, now));
  }
}
