// A tenant, its flows and a browser, to walk through sign-ins without a socket.
import assert from 'node:assert/strict';
import {
  createTenant,
  createUser,
  passwordHasher,
  preparePassword,
  type Tenant,
  usualPasswordPolicy,
} from '../../src/directory/index.ts';
import { accountSignOut } from '../../src/endpoints/account/index.ts';
import { accountRoutes, type Route, setupLinkRoutes, showTrial, signInRoutes } from '../../src/endpoints/index.ts';
import { oauthSignOut } from '../../src/endpoints/oauth/index.ts';
import { signInPath } from '../../src/endpoints/sign-in/index.ts';
import { SignOut } from '../../src/endpoints/sign-out/index.ts';
import { type KeyRing, openKeyRing } from '../../src/issuance/index.ts';
import type { OutboundFetch } from '../../src/outbound/index.ts';
import {
  type BegunSignIn,
  beginSignIn,
  type CompletedSignIn,
  type RequestedSignIn,
  type SignInAct,
  type SignInResult,
  takeSignInResult,
  type Upstream,
} from '../../src/sign-in/index.ts';
import type { OpenedDatabase } from '../../src/storage/conformance/database.ts';
import type { Stores } from '../../src/storage/storage.ts';
import { openUpstream } from '../../src/upstream/index.ts';
import {
  customerFlow,
  type Mail,
  type OutgoingMessage,
  saveFlow,
  type TextMessage,
  type UserFlow,
} from '../../src/user-flows/index.ts';
import { TestBrowser } from './test-browser.ts';

export const password = 'correct horse battery';

export const hasher = passwordHasher(2, 100);

/** Every code of the tests is another one. */
let codes = 100_000;

/** A hub with one tenant, whose clock the test sets. */
export class Journey {
  now = new Date('2026-03-01T10:00:00Z');
  readonly storage: OpenedDatabase['storage'];
  readonly routes: Route[];
  /** With which requests to identity providers are signed. */
  readonly upstreamKeys: KeyRing;
  readonly upstream: Upstream;
  /** What was put on its way to be sent. */
  readonly mails: Mail[] = [];
  readonly texts: TextMessage[] = [];
  /** Answers what the hub asks of other servers. */
  upstreamFetch: OutboundFetch = async (url) => assert.fail(`nobody answers ${url}`);
  #tenant: Tenant | undefined;

  constructor({ storage }: OpenedDatabase) {
    this.storage = storage;
    const newId = () => crypto.randomUUID();
    const options = {
      storage: {
        read: storage.read,
        write: <Result>(work: (stores: Stores) => Promise<Result>) => this.#watchedWrite(work),
      },
      now: () => this.now,
      newId,
      newSecret,
    };
    const tools = {
      hasher,
      deliverSoon: () => {},
      newCode: () => String(++codes),
      newId,
      randomBytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)),
    };
    this.upstreamKeys = openKeyRing(
      storage,
      (tenantId) => this.act(tenantId),
      () => this.now,
    );
    this.upstream = openUpstream({
      fetch: (url, init) => this.upstreamFetch(url, init),
      keys: this.upstreamKeys,
      publicUrl: new URL('https://hub.example'),
      useId: (tenantId, id, until) => storage.write(({ usedIds }) => usedIds.use(tenantId, id, until)),
    });
    const signOut = new SignOut({
      storage,
      protocols: { account: async () => accountSignOut(options), oauth: async () => oauthSignOut({ storage }) },
    });
    const setup = {
      ...options,
      upstream: this.upstream,
      publicUrl: new URL('https://hub.example'),
      fetchMetadata: ((url, init) => this.upstreamFetch(url, init)) as OutboundFetch,
    };
    this.routes = [
      ...signInRoutes({ ...setup, tools, showTrial: (...answer) => showTrial(setup, ...answer) }),
      ...accountRoutes({ ...options, signOut }),
      ...setupLinkRoutes(setup),
    ];
  }

  /** Remembers the messages of what is kept. */
  async #watchedWrite<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result> {
    let added: OutgoingMessage[] = [];
    const result = await this.storage.write((stores) => {
      added = [];
      const { outgoing } = stores;
      const watched: typeof outgoing = {
        ...outgoing,
        add: (tenantId, id, message, ...times) => {
          added.push(message);
          return outgoing.add(tenantId, id, message, ...times);
        },
      };
      return work({ ...stores, outgoing: watched });
    });
    // What is addressed to nobody is not sent.
    for (const message of added.filter(({ to }) => to !== '')) {
      if (message.channel === 'mail') this.mails.push(message);
      else this.texts.push(message);
    }
    return result;
  }

  get tenant(): Tenant {
    assert.ok(this.#tenant);
    return this.#tenant;
  }

  /** Makes a tenant with these flows. Each test has its own. */
  async begin(...flows: (Partial<UserFlow> & Pick<UserFlow, 'name' | 'type'>)[]): Promise<this> {
    const name = `t${crypto.randomUUID().slice(0, 8)}`;
    this.#tenant = await this.storage.write((stores) =>
      createTenant(stores, { ...this.act(''), tenantId: '' }, { name, displayName: 'Contoso' }),
    );
    for (const flow of flows) {
      await this.storage.write((stores) => saveFlow(stores, this.act(), { ...customerFlow, ...flow }));
    }
    return this;
  }

  act(tenantId = this.tenant.id): SignInAct {
    const actor = { kind: 'system', id: null, name: 'test' } as const;
    return {
      tenantId,
      actor,
      now: this.now,
      correlationId: crypto.randomUUID(),
      newId: () => crypto.randomUUID(),
      newSecret,
    };
  }

  pass(seconds: number): void {
    this.now = new Date(this.now.getTime() + seconds * 1000);
  }

  browser(): TestBrowser {
    return new TestBrowser(this.routes);
  }

  /** A local account with a password, known by its e-mail address. */
  async customer(email: string, attributes = {}): Promise<string> {
    const issuer = `${this.tenant.name}.onmicrosoft.com`;
    const identities = [{ signInType: 'emailAddress', issuer, issuerAssignedId: email }];
    return this.#user({ displayName: 'Marge Simpson', identities, ...attributes });
  }

  /** Somebody of the staff, known by the user principal name. */
  async staff(name: string, attributes = {}): Promise<string> {
    const userPrincipalName = `${name}@${this.tenant.name}.onmicrosoft.com`;
    return this.#user({ displayName: name, userPrincipalName, ...attributes });
  }

  async #user(attributes: Parameters<typeof createUser>[2]): Promise<string> {
    const hash = await preparePassword(hasher, password, {}, usualPasswordPolicy);
    return (
      await this.storage.write((stores) => createUser(stores, this.act(), attributes, { hash, mustChange: false }))
    ).id;
  }

  /** The code of the last mail to this address. */
  codeFor(address: string): string {
    const code = this.mails.findLast(({ to }) => to === address)?.code;
    assert.ok(code, `no code was sent to ${address}`);
    return code;
  }

  /** Asks as an endpoint does. */
  async ask(browser: TestBrowser, requested: Partial<RequestedSignIn> = {}): Promise<BegunSignIn> {
    const { id } = this.tenant;
    const begun = await this.storage.write((stores) =>
      beginSignIn(
        stores,
        this.act(),
        { ...plainRequest, ...requested },
        { endpoint: 'test', returnTo: '/back?state=1', state: 'kept' },
        browserValue(browser, id),
      ),
    );
    if (begun.outcome === 'interaction') {
      browser.setCookie(`__Host-browser=${begun.browserSecret}; HttpOnly; Secure`);
      await browser.open(signInPath(id, begun.signInId));
    }
    return begun;
  }

  /** Asks, and expects that pages are needed. */
  async interact(browser: TestBrowser, requested: Partial<RequestedSignIn> = {}): Promise<void> {
    assert.equal((await this.ask(browser, requested)).outcome, 'interaction');
  }

  /** Fetches the result of the page on which the browser is. */
  async result(browser: TestBrowser): Promise<SignInResult> {
    const url = browser.continuesTo();
    assert.equal(url.pathname, '/back');
    const secret = url.searchParams.get('result') ?? '';
    return this.storage.write((stores) =>
      takeSignInResult(stores, this.act(), 'test', secret, browserValue(browser, this.tenant.id)),
    );
  }

  /** As `result`, and expects that somebody signed in. */
  async completed(browser: TestBrowser): Promise<CompletedSignIn> {
    const { outcome } = await this.result(browser);
    assert.ok(outcome.outcome === 'completed');
    return outcome.signIn;
  }
}

const plainRequest: RequestedSignIn = {
  application: { id: 'web', appId: 'web-app', displayName: 'Insurance Web' },
  flow: null,
  prompts: [],
  maxAgeSeconds: null,
  loginHint: null,
  domainHint: null,
  uiLocales: [],
  contexts: [],
  mustReachContext: false,
  scopes: [],
  userId: null,
};

export function browserValue({ cookies, address }: TestBrowser, tenantId: string) {
  return {
    secret: cookies.get('__Host-browser') ?? null,
    sessionSecret: cookies.get(`__Host-session-${tenantId}`) ?? null,
    rememberedHome: cookies.get(`__Host-home-${tenantId}`) ?? null,
    address,
    origin: 'https://hub.example',
    userAgent: 'Test',
  };
}

export function newSecret(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');
}
