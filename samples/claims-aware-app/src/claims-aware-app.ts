import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify';
import { Browser } from './browser.ts';
import { claimsPage } from './pages/claims-page.ts';
import { homePage } from './pages/home-page.ts';
import type { Html } from './pages/html.ts';
import { messagePage } from './pages/message-page.ts';
import { forbiddenPage, ordersPage } from './pages/orders-page.ts';
import { type Person, type ProtocolName, protocolNames, valuesOf } from './person.ts';
import type { Form, Protocol } from './protocols/protocol.ts';
import { type SamlProtocol, samlMetadataPath, samlPath, samlSignOutPath } from './protocols/saml.ts';
import { wsFederationPath } from './protocols/ws-federation.ts';
import type { Sessions } from './sessions.ts';
import type { Settings } from './settings.ts';
import { Walks } from './walks.ts';

export interface Parts {
  settings: Settings;
  sessions: Sessions;
  protocols: { 'ws-federation': Protocol; saml: SamlProtocol };
}

/** Whoever has this role may see the orders. */
const approver = 'Approver';

/** The claims-aware application. */
export function claimsAwareApp({ settings, sessions, protocols }: Parts): FastifyInstance {
  const { publicUrl } = settings;
  const walks = new Walks();
  const app = fastify({ bodyLimit: 262_144 });
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  app.addHook('onRequest', async (_, reply) => {
    reply.headers(pageHeaders(settings));
  });

  const route = (
    method: 'GET' | 'POST',
    url: string,
    handle: (browser: Browser, query: Form, text: string) => Promise<FastifyReply>,
  ) =>
    app.route<{ Querystring: Form }>({
      method,
      url,
      handler: (request, reply) => {
        const browser = new Browser(publicUrl, sessions, request, reply);
        const [, text = ''] = request.url.split('?');
        return handle(browser, request.query, text).catch((error) => answerFailure(browser, error));
      },
    });
  /** For people who are signed in; others sign in first and come back. */
  const personal = (url: string, page: (browser: Browser, person: Person) => { page: Html; status?: number }) =>
    route('GET', url, async (browser) => {
      const person = browser.session?.person;
      if (!person) return browser.goTo(`/sign-in?${new URLSearchParams({ to: url })}`);
      const { page: shown, status } = page(browser, person);
      return browser.show(shown, status);
    });

  route('GET', '/', async (browser) => browser.show(homePage(browser.frame())));
  route('GET', '/sign-in', async (browser, { protocol, home = '', fresh, to }) => {
    const session = browser.session ?? browser.startSession({ person: undefined, notice: undefined });
    const name: ProtocolName = (protocol ?? session.person?.protocol) === 'saml' ? 'saml' : 'ws-federation';
    const returnTo = to === '/orders' ? to : '/claims';
    const walk = walks.begin({ session, protocol: name, returnTo });
    return browser.goTo(await protocols[name].begin(walk, { home: home.trim(), isFresh: fresh !== undefined }));
  });

  /** A token has come. */
  const arrive = (name: ProtocolName) => async (browser: Browser) => {
    const { walk, person } = await protocols[name].complete(browser.form);
    if (!walks.arrive(walk, person)) return showExpired(browser);
    return browser.goTo(`/signed-in?${new URLSearchParams({ walk })}`);
  };
  route('POST', wsFederationPath, arrive('ws-federation'));
  route('POST', samlPath, arrive('saml'));
  route('GET', '/signed-in', async (browser, { walk = '' }) => {
    const finished = walks.finish(walk, browser.session);
    if (!finished) return showExpired(browser);
    const notice = `You have signed in by ${protocolNames[finished.protocol]}.`;
    browser.startSession({ person: finished.person, notice });
    return browser.goTo(finished.returnTo);
  });

  route('POST', '/sign-out', async (browser) => {
    const person = browser.session?.person;
    if (!person || !browser.hasOwnForm()) return browser.goTo('/');
    browser.endSession();
    return browser.goTo(await protocols[person.protocol].signOut(person));
  });
  // WS-Federation 1.2 13.2.4: the hub cleans up within a frame, or the browser is back after it has signed out there.
  route('GET', wsFederationPath, async (browser, { wa }) => {
    if (wa !== 'wsignoutcleanup1.0') return signedOut(browser);
    return browser.endSessionWithinFrame();
  });
  route('GET', samlSignOutPath, async (browser, _, query) => {
    const ending = await protocols.saml.hearOfSignOut(query);
    if (!ending) return signedOut(browser);
    sessions.endOf(({ session }) => session !== undefined && session.index === ending.sessionIndex);
    return browser.goTo(ending.goTo);
  });

  personal('/claims', (browser, person) => ({ page: claimsPage(browser.frame(), person) }));
  personal('/orders', (browser, person) =>
    valuesOf(person, 'role').includes(approver)
      ? { page: ordersPage(browser.frame()) }
      : { page: forbiddenPage(browser.frame(), approver), status: 403 },
  );

  app.get(samlMetadataPath, async (_, reply) =>
    reply.type('application/samlmetadata+xml').send(await protocols.saml.describe()),
  );
  for (const [name, type] of assets) {
    const content = readFileSync(path.join(import.meta.dirname, 'pages', name));
    app.get(`/${name}`, (_, reply) => reply.type(type).header('cache-control', 'public, max-age=3600').send(content));
  }
  app.get('/healthz', () => ({ status: 'ok' }));
  app.setNotFoundHandler((request, reply) => {
    const browser = new Browser(publicUrl, sessions, request, reply);
    const text = 'There is no page at this address.';
    return browser.show(messagePage(browser.frame(), { title: 'Not found', text }), 404);
  });
  return app;
}

const assets = [
  ['frame.css', 'text/css; charset=utf-8'],
  ['content.css', 'text/css; charset=utf-8'],
  ['icon.svg', 'image/svg+xml'],
] as const;

/**
 * The pages have no scripts. Forms may lead to the hub, since `form-action` governs redirects after them, too; and the hub
 * shows pages in frames when somebody signs out.
 */
function pageHeaders({ tenantUrl }: Settings): Record<string, string> {
  const hub = new URL(tenantUrl).origin;
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    `form-action 'self' ${hub}`,
    "base-uri 'none'",
    `frame-ancestors ${hub}`,
  ];
  return {
    'content-security-policy': policy.join('; '),
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}

async function signedOut(browser: Browser): Promise<FastifyReply> {
  // Whoever is signed in has not come from a sign-out.
  if (!browser.session?.person) {
    browser.startSession({ person: undefined, notice: 'You have signed out, here and at the hub.' });
  }
  return browser.goTo('/');
}

async function showExpired(browser: Browser): Promise<FastifyReply> {
  const text = 'It was begun in another browser, finished already, or took too long.';
  return browser.show(messagePage(browser.frame(), { title: 'This sign-in has expired', text }), 400);
}

/** What the hub says wrongly is for the log; people are told that it did not work. */
async function answerFailure(browser: Browser, error: unknown): Promise<FastifyReply> {
  console.error(error);
  const text = 'The sign-in service did not say what this application can believe. Try again in a moment.';
  return browser.show(messagePage(browser.frame(), { title: 'Signing in did not work', text }), 400);
}
