import type { DirectoryObject } from '../directory/index.ts';
import type { StepContext } from './step.ts';
import { mailAddressOf } from './user-names.ts';

/** Changes of which the owner of an account is told, so that a change by somebody else does not stay unseen. */
export type NotedChange = 'password' | 'factorAdded' | 'factorRemoved' | 'recoveryCodeUsed';

/** Tells the user by mail what was changed, when there is an address. */
export function notify(
  { tenant, tools, languages }: Pick<StepContext, 'tenant' | 'tools' | 'languages'>,
  user: DirectoryObject,
  change: NotedChange,
): void {
  const to = mailAddressOf(user);
  if (to === null) return;
  const values = { tenant: tenant.displayName };
  tools.mail.send({
    to,
    sender: tenant.displayName,
    languages,
    subject: { key: `mail.${change}.subject`, values },
    paragraphs: [{ key: `mail.${change}.text`, values }, { key: 'mail.changed.notYou' }],
  });
}
