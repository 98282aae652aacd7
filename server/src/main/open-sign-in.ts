import { randomBytes, randomInt } from 'node:crypto';
import type { PasswordHasher } from '../directory/index.ts';
import { assetRoutes, brandRoutes, signInRoutes } from '../endpoints/index.ts';
import type { Log, Mount } from '../http/index.ts';
import { mailCatcher, smtpSender } from '../mail/index.ts';
import { newId } from '../new-id.ts';
import type { Settings } from '../settings/index.ts';
import type { Storage } from '../storage/index.ts';
import type { MailSender } from '../user-flows/index.ts';

interface Parts {
  storage: Storage;
  passwords: PasswordHasher;
  now: () => Date;
}

/** The pages of sign-ins with what they load, and in demo mode the page of the mails that were caught. */
export function openSignIn({ storage, passwords, now }: Parts, settings: Settings, log: Log): Mount {
  const { mail, routes } = openMail(settings, log);
  const tools = {
    hasher: passwords,
    mail,
    newCode: () => String(randomInt(1_000_000)).padStart(6, '0'),
    randomBytes: (count: number) => new Uint8Array(randomBytes(count)),
    newId,
  };
  const newSecret = () => randomBytes(32).toString('base64url');
  return {
    routes: [
      ...signInRoutes({ storage, tools, now, newId, newSecret }),
      ...brandRoutes(storage.read),
      ...assetRoutes(),
      ...routes,
    ],
  };
}

function openMail({ smtpUrl, mailFrom, demo }: Settings, log: Log): { mail: MailSender; routes: Mount['routes'] } {
  if (smtpUrl !== undefined) {
    const mail = smtpSender(smtpUrl, mailFrom, (error) => log.error({ error }, 'a mail was not delivered'));
    return { mail, routes: [] };
  }
  if (demo) {
    const catcher = mailCatcher();
    return { mail: catcher, routes: catcher.routes };
  }
  const mail = { send: () => log.warn({}, 'a mail was not sent: COUNTERSIGN_SMTP_URL names no mail server') };
  return { mail, routes: [] };
}
