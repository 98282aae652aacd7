import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify';
import { answerFailure } from './answer-failure.ts';
import { Browser } from './browser.ts';
import { callbackPath } from './identity.ts';
import { ApiError, type InsuranceApi } from './insurance-api.ts';
import { beneficiaryPage } from './pages/beneficiary-page.ts';
import { claimsPage } from './pages/claims-page.ts';
import { homePage } from './pages/home-page.ts';
import { messagePage } from './pages/message-page.ts';
import { plansPage } from './pages/plans-page.ts';
import { policyPage } from './pages/policy-page.ts';
import { finishWalk, type Person, type Session, secondFactorToken, takeWalk } from './session.ts';
import type { Sessions } from './sessions.ts';
import type { Settings } from './settings.ts';

export interface Parts {
  settings: Settings;
  api: InsuranceApi;
  sessions: Sessions<Session>;
  /** Milliseconds since the epoch. */
  now: () => number;
}

type Handler = (browser: Browser, query: Readonly<Record<string, string | undefined>>) => Promise<FastifyReply>;
type PersonalHandler = (browser: Browser, session: Session, person: Person) => Promise<FastifyReply>;

const beneficiaryPath = '/policy/beneficiary';

/** The web application of the insurance company. */
export function insuranceWeb(parts: Parts): FastifyInstance {
  const { settings, api, sessions } = parts;
  const app = fastify({ bodyLimit: 16_384 });
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  app.addHook('onRequest', async (_, reply) => {
    reply.headers(pageHeaders(settings));
  });

  const route = (method: 'GET' | 'POST', url: string, handle: Handler) =>
    app.route<{ Querystring: Record<string, string | undefined> }>({
      method,
      url,
      async handler(request, reply) {
        const browser = new Browser(settings, sessions, request, reply);
        return handle(browser, request.query).catch((error) => answerFailure(browser, error, request.url));
      },
    });
  /** For people who are signed in; others sign in first and come back. */
  const personal = (method: 'GET' | 'POST', url: string, handle: PersonalHandler) =>
    route(method, url, async (browser) => {
      const { session } = browser;
      if (!session?.person) return browser.walk('signIn', url);
      return handle(browser, session, session.person);
    });

  route('GET', '/', async (browser) => browser.show(homePage(browser.frame(), settings.mailPage)));
  route('GET', '/plans', async (browser) => {
    const plans = await api.plans();
    return browser.show(plansPage(browser.frame(), plans));
  });
  route('GET', '/sign-in', (browser) => browser.walk('signIn', '/claims'));
  route('GET', '/password', (browser) => browser.walk('password', '/'));
  route('GET', callbackPath, (browser, query) => comeBack(parts, browser, query));
  route('POST', '/sign-out', async (browser) => {
    const url = browser.session?.identity.signOutUrl();
    if (!browser.postedForm() || url === undefined) return browser.goTo('/');
    browser.endSession();
    return browser.goTo(url);
  });

  personal('GET', '/claims', async (browser, _, { claims }) => browser.show(claimsPage(browser.frame(), claims)));
  personal('GET', '/profile', (browser) => browser.walk('profile', '/claims'));
  personal('GET', '/policy', async (browser, session, { signIn }) => {
    const policy = await api.policy(await session.identity.accessToken(signIn));
    return browser.show(policyPage(browser.frame(), policy));
  });
  personal('GET', beneficiaryPath, async (browser, session, { signIn }) => {
    if (!secondFactorToken(session, parts.now())) return browser.walk('secondFactor', beneficiaryPath);
    const { beneficiary } = await api.policy(await session.identity.accessToken(signIn));
    return browser.show(beneficiaryPage(browser.frame(), beneficiary ?? ''));
  });
  personal('POST', beneficiaryPath, (browser, session) => changeBeneficiary(parts, browser, session));

  for (const [name, type] of assets) {
    const content = readFileSync(path.join(import.meta.dirname, 'pages', name));
    app.get(`/${name}`, (_, reply) => reply.type(type).header('cache-control', 'public, max-age=3600').send(content));
  }
  app.get('/healthz', () => ({ status: 'ok' }));
  app.setNotFoundHandler((request, reply) => {
    const browser = new Browser(settings, sessions, request, reply);
    const text = 'There is no page at this address.';
    const next = { href: '/', label: 'To the start' };
    return browser.show(messagePage(browser.frame(), { title: 'Not found', text, next }), 404);
  });
  return app;
}

const assets = [
  ['style.css', 'text/css; charset=utf-8'],
  ['icon.svg', 'image/svg+xml'],
] as const;

/** The pages have no scripts. Forms may lead to the hub, since `form-action` governs redirects after them, too. */
function pageHeaders({ tenantUrl }: Settings): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    `form-action 'self' ${new URL(tenantUrl).origin}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}

/** The browser is back from the hub, with a code or a reason why there is none (RFC 6749 4.1.2). */
async function comeBack(
  { now }: Parts,
  browser: Browser,
  { state = '', code, error }: Readonly<Record<string, string | undefined>>,
): Promise<FastifyReply> {
  const { session } = browser;
  const walk = session && takeWalk(session, state);
  if (!walk) {
    const text = 'It was begun in another browser, finished already, or took too long.';
    const next = { href: '/', label: 'Start again' };
    return browser.show(messagePage(browser.frame(), { title: 'This sign-in has expired', text, next }), 400);
  }
  if (error === 'access_denied') {
    session.notice = { tone: 'info', text: 'You cancelled. Nothing was changed.' };
    return browser.goTo(session.person && walk.purpose !== 'signIn' ? '/policy' : '/');
  }
  if (code === undefined) throw new Error(`The hub answered ${error ?? 'without a code'}.`);
  await finishWalk(session, walk, code, now());
  if (walk.purpose === 'signIn') browser.renewSession();
  return browser.goTo(walk.returnTo);
}

async function changeBeneficiary({ api, now }: Parts, browser: Browser, session: Session): Promise<FastifyReply> {
  const form = browser.postedForm();
  const token = secondFactorToken(session, now());
  // Whoever was away for too long proves the second factor again, and types the name again.
  if (!form || token === undefined) return browser.goTo(beneficiaryPath);
  const name = form['name'] ?? '';
  try {
    await api.changeBeneficiary(token, name);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 400) throw error;
    return browser.show(beneficiaryPage(browser.frame(), name, error.message), 400);
  }
  session.secondFactor = undefined;
  session.notice = { tone: 'success', text: 'Your beneficiary has been changed.' };
  return browser.goTo('/policy');
}
