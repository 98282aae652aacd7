import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { claimsAwareApp } from '../src/claims-aware-app.ts';
import { claimTypes, type Person } from '../src/person.ts';
import type { Form } from '../src/protocols/protocol.ts';
import type { SamlProtocol } from '../src/protocols/saml.ts';
import { Sessions } from '../src/sessions.ts';

let app: FastifyInstance;
let now: number;
/** What the hub says of whoever signs in. */
let roles: string[];

function person(protocol: Person['protocol']): Person {
  const issuer = 'https://hub.example/';
  const claims = [
    { type: claimTypes.name, value: '<Ned>', issuer },
    ...roles.map((value) => ({ type: claimTypes.role, value, issuer })),
  ];
  const session = { nameId: 'ned', nameIdFormat: '', index: 'session-1' };
  return { protocol, tokenKind: 'SAML 2.0', claims, token: '<token/>', session };
}

/** A hub that signs everybody in whose form says so. */
function hub(protocol: Person['protocol']): SamlProtocol {
  return {
    begin: async (walk) => `https://hub.example/?walk=${walk}`,
    async complete({ walk = '', ok }: Form) {
      if (!ok) throw new Error('a forged answer');
      return { walk, person: person(protocol) };
    },
    signOut: async () => 'https://hub.example/out',
    describe: async () => '<metadata/>',
    hearOfSignOut: async (query) =>
      query.includes('SAMLRequest') ? { sessionIndex: 'session-1', goTo: 'https://hub.example/next' } : undefined,
  };
}

beforeEach(() => {
  now = 0;
  roles = [];
  const settings = {
    listenAddress: '127.0.0.1',
    port: 0,
    publicUrl: 'http://localhost:5082',
    tenantUrl: 'https://hub.example/myoc',
    realm: 'urn:app',
    entityId: 'urn:app:saml',
  };
  const protocols = { 'ws-federation': hub('ws-federation'), saml: hub('saml') };
  app = claimsAwareApp({ settings, sessions: new Sessions(() => now), protocols });
});

/** A browser, which keeps cookies. */
class TestBrowser {
  readonly cookies = new Map<string, string>();

  async get(url: string) {
    return this.#keep(await app.inject({ url, headers: { cookie: this.#header() } }));
  }

  async post(url: string, fields: Record<string, string>, isFromElsewhere = false) {
    const cookie = isFromElsewhere ? '' : this.#header();
    const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded' };
    return this.#keep(await app.inject({ method: 'POST', url, headers, payload: String(new URLSearchParams(fields)) }));
  }

  /** The walk with which it was sent to the hub. */
  async begin(query = ''): Promise<string> {
    const { headers } = await this.get(`/sign-in${query}`);
    return new URL(String(headers.location)).searchParams.get('walk') ?? '';
  }

  async signIn(path = '/signin', query = '') {
    const walk = await this.begin(query);
    const posted = await this.post(path, { walk, ok: 'yes' }, true);
    return this.get(String(posted.headers.location));
  }

  #header(): string {
    return [...this.cookies].map((pair) => pair.join('=')).join('; ');
  }

  #keep(answer: Awaited<ReturnType<typeof app.inject>>) {
    for (const { name, value } of answer.cookies) this.cookies.set(name, value);
    return answer;
  }
}

test('pages come under a policy without scripts, and what they show is escaped', async () => {
  const browser = new TestBrowser();
  await browser.signIn();
  const { headers, body } = await browser.get('/claims');
  assert.match(String(headers['content-security-policy']), /^default-src 'none'; style-src 'self'; img-src 'self';/);
  assert.match(body, /&#60;Ned&#62;/);
  assert.doesNotMatch(body, /<Ned>|<token|<script/);
});

test('somebody who opens a page comes back to it after the sign-in', async () => {
  const browser = new TestBrowser();
  assert.equal((await browser.get('/orders')).headers.location, '/sign-in?to=%2Forders');
  assert.equal((await browser.signIn('/signin', '?to=/orders')).headers.location, '/orders');
  assert.equal((await browser.signIn('/signin', '?to=https://attacker.example/')).headers.location, '/claims');
});

test('a claim decides who sees the orders', async () => {
  for (const [given, status] of [
    [['Requester'], 403],
    [['Requester', 'Approver'], 200],
  ] as const) {
    roles = [...given];
    const browser = new TestBrowser();
    await browser.signIn('/saml/acs', '?protocol=saml');
    assert.equal((await browser.get('/orders')).statusCode, status);
  }
});

test('the answer to a sign-in counts only in the browser that began it, once, and by its protocol', async () => {
  const [victim, attacker] = [new TestBrowser(), new TestBrowser()];
  await victim.begin();
  const walk = await attacker.begin();
  const posted = await victim.post('/signin', { walk, ok: 'yes' }, true);
  assert.equal((await victim.get(String(posted.headers.location))).statusCode, 400);
  assert.equal((await victim.get('/claims')).headers.location, '/sign-in?to=%2Fclaims');
  assert.equal((await attacker.post('/signin', { walk, ok: 'yes' }, true)).statusCode, 400);
  assert.equal((await attacker.post('/saml/acs', { walk: await attacker.begin(), ok: 'yes' }, true)).statusCode, 400);
  assert.equal((await attacker.post('/signin', { walk: 'unknown', ok: 'yes' }, true)).statusCode, 400);
});

test('an answer that proves nothing signs nobody in, and its reason stays in the log', async (t) => {
  const error = t.mock.method(console, 'error', () => {});
  const browser = new TestBrowser();
  const { statusCode, body } = await browser.post('/signin', { walk: await browser.begin() }, true);
  assert.equal(statusCode, 400);
  assert.doesNotMatch(body, /forged/);
  assert.match(String(error.mock.calls[0]?.arguments[0]), /forged/);
});

test('the session gets another secret at the sign-in, and ends when it was not used for an hour', async () => {
  const browser = new TestBrowser();
  await browser.begin();
  const before = browser.cookies.get('claims-aware');
  await browser.signIn();
  assert.notEqual(browser.cookies.get('claims-aware'), before);
  now = 3_600_001;
  assert.equal((await browser.get('/claims')).statusCode, 303);
});

test('only a form of our own signs out, here and then at the hub', async () => {
  const browser = new TestBrowser();
  await browser.signIn();
  assert.equal((await browser.post('/sign-out', { csrf: 'guessed' })).headers.location, '/');
  const csrf = /name="csrf" value="([^"]+)"/.exec((await browser.get('/claims')).body)?.[1] ?? '';
  assert.equal((await browser.post('/sign-out', { csrf })).headers.location, 'https://hub.example/out');
  assert.equal((await browser.get('/claims')).statusCode, 303);
  assert.equal((await browser.get('/signin')).headers.location, '/');
  assert.match((await browser.get('/')).body, /You have signed out/);
});

test('WS-Federation 1.2 13.2.4: the cookie that goes into frames ends the session, and opens nothing', async () => {
  const browser = new TestBrowser();
  await browser.signIn();
  const end = browser.cookies.get('claims-aware-end') ?? '';
  const within = (cookie: string, url: string) => app.inject({ url, headers: { cookie } });
  assert.equal((await within(`claims-aware=${end}`, '/claims')).statusCode, 303);
  assert.equal((await browser.get('/claims')).statusCode, 200);
  const { statusCode, headers } = await within(`claims-aware-end=${end}`, '/signin?wa=wsignoutcleanup1.0');
  assert.equal(statusCode, 200);
  assert.match(String(headers['content-security-policy']), /frame-ancestors https:\/\/hub\.example$/);
  assert.equal((await browser.get('/claims')).statusCode, 303);
});

test('SAML Profiles 4.4.3.3: the hub ends the session that it names, and is answered', async () => {
  const [first, second] = [new TestBrowser(), new TestBrowser()];
  await first.signIn('/saml/acs', '?protocol=saml');
  const { headers } = await second.get('/saml/logout?SAMLRequest=x');
  assert.equal(headers.location, 'https://hub.example/next');
  assert.equal((await first.get('/claims')).statusCode, 303);
  assert.equal((await first.get('/saml/logout?SAMLResponse=x')).headers.location, '/');
});
