import type { Act } from '../audit/index.ts';
import type { DirectoryObject } from '../directory/index.ts';
import { queueMessage } from './outgoing-message.ts';
import type { StepContext, StepStores } from './step.ts';
import { mailAddressOf } from './user-names.ts';

/** Changes of which the owner of an account is told, so that a change by somebody else does not stay unseen. */
export type NotedChange =
  | 'password'
  | 'email'
  | 'factorAdded'
  | 'factorRemoved'
  | 'identityLinked'
  | 'identityUnlinked'
  | 'recoveryCodeUsed';

/** Worth being sent for three days. */
const lifetime = 259_200;

/** Tells the user by mail what was changed, when there is an address. */
export async function notify(
  stores: Pick<StepStores, 'outgoing'>,
  act: Act,
  { tenant, languages }: Pick<StepContext, 'tenant' | 'languages'>,
  user: DirectoryObject,
  change: NotedChange,
): Promise<void> {
  const to = mailAddressOf(user);
  if (to === null) return;
  const values = { tenant: tenant.displayName };
  const mail = {
    channel: 'mail',
    to,
    sender: tenant.displayName,
    languages,
    subject: { key: `mail.${change}.subject`, values },
    paragraphs: [{ key: `mail.${change}.text`, values }, { key: 'mail.changed.notYou' }],
  } as const;
  await queueMessage(stores, act, mail, lifetime);
}
