// A hub with a tenant, an API, clients and people, asked without a socket.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import {
  addPassword,
  createServicePrincipal,
  grantPermission,
  registerApplication,
} from '../../../src/applications/index.ts';
import { updateUser } from '../../../src/directory/index.ts';
import { type HttpResponse, oauthRoutes, type Route } from '../../../src/endpoints/index.ts';
import { type KeyRing, openKeyRing } from '../../../src/issuance/index.ts';
import { openSignOut } from '../../../src/main/open-sign-out.ts';
import type { OutboundFetch } from '../../../src/outbound/index.ts';
import { TokenLog } from '../../../src/sign-in/index.ts';
import type { OpenedDatabase } from '../../../src/storage/conformance/database.ts';
import { rememberReads } from '../../../src/storage/index.ts';
import { testSealing } from '../../databases.ts';
import { hasher, Journey, newSecret, password } from '../../sign-in/journey.ts';
import { match, TestBrowser } from '../../sign-in/test-browser.ts';

export const origin = 'https://hub.example';
export const apiName = 'https://contoso.example/api';

type Attributes = Parameters<typeof registerApplication>[2];

export interface TestClient {
  appId: string;
  objectId: string;
  servicePrincipalId: string;
  secret: string;
}

interface Asked {
  method?: string;
  form?: Readonly<Record<string, string>>;
  json?: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** An answer with its JSON. */
export interface Answer {
  status: number;
  headers: Readonly<Record<string, string | readonly string[]>>;
  json: Record<string, unknown>;
  text: string;
}

export class TestHub extends Journey {
  readonly all: Route[];
  readonly keys: KeyRing;
  readonly tokenLog: TokenLog;
  /** What answers to calls of the hub. */
  outbound: OutboundFetch = async (url) => assert.fail(`nobody expects a call to ${url}`);

  constructor(database: OpenedDatabase) {
    super(database);
    this.now = new Date();
    const { storage } = this;
    this.keys = openKeyRing(
      storage,
      (tenantId) => this.act(tenantId),
      () => new Date(),
    );
    this.tokenLog = new TokenLog(storage.write, (error) => assert.fail(String(error)));
    const fetch: OutboundFetch = (...call) => this.outbound(...call);
    const options = {
      storage,
      tokenLog: this.tokenLog,
      remembered: rememberReads(storage, () => performance.now()),
      keys: this.keys,
      publicUrl: new URL(origin),
      signOut: openSignOut({ storage, keys: this.keys, publicUrl: new URL(origin), fetch }),
      deriveKey: testSealing.deriveKey,
      now: () => this.now,
      newId: () => crypto.randomUUID(),
      newSecret,
      passwords: hasher,
      upstream: this.upstream,
      fetch,
    };
    this.all = [...this.routes, ...oauthRoutes(options)];
  }

  override browser(): TestBrowser {
    return new TestBrowser(this.all);
  }

  /** Path of the tenant's endpoint. */
  path(endpoint: string): string {
    return `/${this.tenant.id}/oauth2/v2.0/${endpoint}`;
  }

  get issuer(): string {
    return `${origin}/${this.tenant.id}/v2.0`;
  }

  async fetch(path: string, { method, form, json, headers = {} }: Asked = {}): Promise<Answer> {
    const url = new URL(path, origin);
    const used = method ?? (form ? 'POST' : 'GET');
    const found = this.all
      .filter((route) => route.method === used)
      .map((route) => ({ route, parameters: match(route.path, url.pathname) }))
      .find(({ parameters }) => parameters !== undefined);
    assert.ok(found?.parameters, `nothing serves ${used} ${path}`);
    const content = contentOf(form, json);
    const response: HttpResponse = await found.route.handle({
      method: used,
      url,
      parameters: found.parameters,
      headers: { ...(content && { 'content-type': content.type }), ...headers },
      body: content && new TextEncoder().encode(content.text),
      remoteAddress: '192.0.2.1',
      requestId: crypto.randomUUID(),
      admitTenant: () => {},
    });
    const text = typeof response.body === 'string' ? response.body : Buffer.from(response.body ?? '').toString();
    const isJson = /^\s*[{[]/.test(text);
    return { status: response.status, headers: response.headers ?? {}, json: isJson ? JSON.parse(text) : {}, text };
  }

  /** Registers an application that may sign in, with a secret. */
  async client(attributes: Attributes): Promise<TestClient> {
    return this.storage.write(async (stores) => {
      const act = this.act();
      const application = await registerApplication(stores, act, { displayName: 'Insurance Web', ...attributes });
      const { appId } = application.attributes;
      const principal = await createServicePrincipal(stores, act, appId);
      const { secretText } = await addPassword(stores, act, application, {}, randomBytes(32));
      return { appId, objectId: application.id, servicePrincipalId: principal.id, secret: secretText };
    });
  }

  /** An API with the scopes Accounts.Read and Accounts.Write. */
  async api(attributes: Attributes = {}): Promise<TestClient> {
    const scope = (value: string) => ({
      id: crypto.randomUUID(),
      value,
      type: 'User',
      isEnabled: true,
      adminConsentDisplayName: value,
      adminConsentDescription: value,
    });
    return this.client({
      displayName: 'Insurance API',
      identifierUris: [apiName],
      api: { oauth2PermissionScopes: [scope('Accounts.Read'), scope('Accounts.Write')] },
      ...attributes,
    });
  }

  /** An administrator's consent for everybody. */
  async consent(client: TestClient, resource: TestClient, scope: string) {
    const input = { clientId: client.servicePrincipalId, resourceId: resource.servicePrincipalId, principalId: null };
    return this.storage.write((stores) => grantPermission(stores, this.act(), { ...input, scope }));
  }

  /** Signs in, and gives the code for which the client has asked. */
  async code(client: TestClient, redirect_uri: string, name: string, parameters: Record<string, string>) {
    const query = { client_id: client.appId, response_type: 'code', redirect_uri, ...parameters };
    const browser = this.browser();
    await browser.open(`${this.path('authorize')}?${new URLSearchParams(query)}`);
    return (await this.signIn(browser, name)).searchParams.get('code') ?? '';
  }

  /** Signs in, and redeems the code. */
  async tokens(client: TestClient, redirect_uri: string, name: string, parameters: Record<string, string>) {
    const code = await this.code(client, redirect_uri, name, parameters);
    const { appId: client_id, secret: client_secret } = client;
    const form = { grant_type: 'authorization_code', code, redirect_uri, client_id, client_secret };
    const { status, json, text } = await this.fetch(this.path('token'), { form });
    assert.equal(status, 200, text);
    return json;
  }

  async disable(userId: string): Promise<void> {
    await this.storage.write((stores) => updateUser(stores, this.act(), userId, { accountEnabled: false }));
  }

  /** Signs in with the page that the browser shows, and agrees to what is asked for. */
  async signIn(browser: TestBrowser, name: string): Promise<URL> {
    await this.signInAtPage(browser, name);
    const { status, text, headers } = browser.page;
    assert.equal(status, 303, text);
    return new URL(String(headers['location']));
  }

  /** The same, up to the answer of the endpoint, whatever it is. */
  async signInAtPage(browser: TestBrowser, name: string): Promise<void> {
    assert.equal(browser.page.status, 200, browser.page.text);
    await browser.submit({ name, password }, 'submit');
    if (/asks for your permission/.test(browser.page.title)) await browser.submit({}, 'submit');
    const back = browser.continuesTo();
    await browser.open(back.pathname + back.search);
  }
}

function contentOf(form: Asked['form'], json: unknown): { type: string; text: string } | undefined {
  if (form) return { type: 'application/x-www-form-urlencoded', text: new URLSearchParams(form).toString() };
  return json === undefined ? undefined : { type: 'application/json', text: JSON.stringify(json) };
}

/** A PKCE verifier with its challenge (RFC 7636 4). */
export function pkce(): { verifier: string; challenge: string } {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** Header and claims of a JWT, unverified. */
export function decode(token: unknown): { header: Record<string, unknown>; claims: Record<string, unknown> } {
  const [header = '', claims = ''] = String(token).split('.');
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
  return { header: read(header), claims: read(claims) };
}
