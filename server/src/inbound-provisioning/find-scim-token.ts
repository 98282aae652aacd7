import { digestOf } from './scim-tokens.ts';
import type { ScimToken, ScimTokenStore } from './store.ts';

/** Uses within this time are noted once. */
const notedEveryMilliseconds = 60_000;

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

/** Remembers that the token was used, when the last use that is known was a minute ago. */
export async function noteScimTokenUse(
  storage: { write(work: (stores: { scimTokens: ScimTokenStore }) => Promise<void>): Promise<void> },
  tenantId: string,
  { id, lastUsedAt }: ScimToken,
  now: Date,
): Promise<void> {
  if (lastUsedAt !== null && now.getTime() - lastUsedAt.getTime() < notedEveryMilliseconds) return;
  await storage.write(({ scimTokens }) => scimTokens.noteUse(tenantId, id, now));
}
