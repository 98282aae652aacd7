import type { Act } from '../audit/index.ts';
import { type DirectoryStores, getTenant } from '../directory/index.ts';
import { type OutgoingMessageStore, queueMessage } from '../user-flows/index.ts';
import { expiryWarningDays, horizonOf } from './count-expiring.ts';
import type { ScimToken, ScimTokenStore } from './store.ts';

const day = 86_400_000;
/** In seconds: worth being sent for three days. */
const mailLifetime = 259_200;

/** One warning that is due: the token expires in at most so many days. */
export interface ExpiryWarning {
  tenantId: string;
  token: ScimToken;
  days: number;
}

type Stores = Pick<DirectoryStores, 'tenants'> & { scimTokens: ScimTokenStore; outgoing: OutgoingMessageStore };

/**
 * The warnings that are due, each once: a token that has been warned of for 30 days is warned of again for 14. Mails go to the
 * token's contact; whoever calls tells the log.
 *
 * @param act  of the system
 */
export async function warnOfExpiry(stores: Stores, act: Omit<Act, 'tenantId'>): Promise<ExpiryWarning[]> {
  const { scimTokens } = stores;
  const warnings: ExpiryWarning[] = [];
  for (const { tenantId, token } of await scimTokens.listExpiring(act.now, horizonOf(act.now))) {
    const left = (token.expiresAt.getTime() - act.now.getTime()) / day;
    const days = Math.min(...expiryWarningDays.filter((limit) => left <= limit));
    if (token.warnedDays !== null && token.warnedDays <= days) continue;
    await scimTokens.update(tenantId, { ...token, warnedDays: days }, act.now);
    if (token.contact !== null) await mail(stores, { ...act, tenantId }, token, token.contact);
    warnings.push({ tenantId, token, days });
  }
  return warnings;
}

async function mail(stores: Stores, act: Act, { label, expiresAt }: ScimToken, to: string): Promise<void> {
  const tenant = await getTenant(stores, act.tenantId);
  const values = { tenant: tenant.displayName, label, date: expiresAt.toISOString().slice(0, 10) };
  const message = {
    channel: 'mail',
    to,
    sender: tenant.displayName,
    languages: [],
    subject: { key: 'mail.scimToken.subject', values },
    paragraphs: [
      { key: 'mail.scimToken.text', values },
      { key: 'mail.scimToken.advice', values },
    ],
  } as const;
  await queueMessage(stores, act, message, mailLifetime);
}
