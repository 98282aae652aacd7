import { assetsPath, formPage, pagePolicy, print, translator } from '../pages/index.ts';
import type { Block } from '../user-flows/index.ts';
import { type ComposedMail, composeMail, composeText } from './compose.ts';
import type { MessageSenders } from './senders.ts';

/** Where the caught messages are shown. */
const path = '/-/mail';

/** How many messages are kept. */
const mostKept = 50;

interface CatcherRequest {
  isLocal: boolean;
}

export interface MailCatcher {
  senders: MessageSenders;
  /** The page that shows the messages, to this machine only. */
  routes: {
    method: string;
    path: string;
    handle(request: CatcherRequest): { status: number; headers: Record<string, string>; body: string };
  }[];
}

/** Keeps messages in memory instead of sending them, for development and demonstrations. */
export function mailCatcher(): MailCatcher {
  const caught: Omit<ComposedMail, 'sender'>[] = [];
  const keep = (message: Omit<ComposedMail, 'sender'>) => {
    caught.unshift(message);
    caught.length = Math.min(caught.length, mostKept);
  };
  return {
    senders: {
      mail: async (mail, texts) => keep(composeMail(mail, texts)),
      sms: async (message, texts) => keep({ to: message.to, subject: 'SMS', text: composeText(message, texts) }),
    },
    routes: [
      {
        method: 'GET',
        path,
        // The messages hold codes, so nobody else may read them.
        handle: ({ isLocal }) => (isLocal ? page(200, caught) : page(403, [])),
      },
    ],
  };
}

function page(status: number, mails: readonly Omit<ComposedMail, 'sender'>[]) {
  const context = {
    language: 'en',
    translate: translator('en'),
    assets: assetsPath,
    action: '',
    csrfToken: '',
    isWide: true,
  } as const;
  const blocks = mails.map(({ to, subject, text }): Block => {
    const facts = [
      { name: { key: 'mailCatcher.to' }, value: to },
      { name: { key: 'mailCatcher.subject' }, value: subject },
      { name: { key: 'mailCatcher.text' }, value: text },
    ];
    return { kind: 'facts', facts };
  });
  const shown = mails.length > 0 ? 'mailCatcher.lead' : 'mailCatcher.none';
  const lead = { key: status === 200 ? shown : 'mailCatcher.onlyLocal' };
  const form = { title: { key: 'mailCatcher.title' }, lead, blocks };
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': pagePolicy },
    body: print(formPage(context, form)),
  };
}
