import { assetsPath, formPage, pagePolicy, print, translator } from '../pages/index.ts';
import type { Block, MailSender } from '../user-flows/index.ts';
import { type ComposedMail, compose } from './compose.ts';

/** Where the caught mails are shown. */
const path = '/-/mail';

/** How many mails are kept. */
const mostKept = 50;

interface CatcherRequest {
  isLocal: boolean;
}

export interface MailCatcher extends MailSender {
  /** The page that shows the mails, to this machine only. */
  routes: {
    method: string;
    path: string;
    handle(request: CatcherRequest): { status: number; headers: Record<string, string>; body: string };
  }[];
}

/** Keeps mails in memory instead of sending them, for development and demonstrations. */
export function mailCatcher(): MailCatcher {
  const caught: ComposedMail[] = [];
  return {
    send(mail) {
      caught.unshift(compose(mail));
      caught.length = Math.min(caught.length, mostKept);
    },
    routes: [
      {
        method: 'GET',
        path,
        // The mails hold codes, so nobody else may read them.
        handle: ({ isLocal }) => (isLocal ? page(200, caught) : page(403, [])),
      },
    ],
  };
}

function page(status: number, mails: readonly ComposedMail[]) {
  const context = {
    language: 'en',
    translate: translator('en'),
    assets: assetsPath,
    action: '',
    csrfToken: '',
  } as const;
  const blocks = mails.map(({ to, subject, text }): Block => {
    const facts = [
      { name: { key: 'mailCatcher.to' }, value: to },
      { name: { key: 'mailCatcher.subject' }, value: subject },
      { name: { key: 'mailCatcher.text' }, value: text },
    ];
    return { kind: 'facts', facts };
  });
  const lead = { key: status === 200 ? 'mailCatcher.lead' : 'mailCatcher.onlyLocal' };
  const form = { title: { key: 'mailCatcher.title' }, lead, blocks };
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': pagePolicy },
    body: print(formPage(context, form)),
  };
}
