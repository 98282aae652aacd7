// A tenant and its SCIM endpoint, asked without a socket.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { JsonObject } from '@countersign/scim';
import type { Act } from '../../../src/audit/index.ts';
import { createTenant, passwordHasher, type Tenant } from '../../../src/directory/index.ts';
import { type HttpResponse, scimMount } from '../../../src/endpoints/index.ts';
import { createScimToken, type NewScimToken, scimTokenBytes } from '../../../src/inbound-provisioning/index.ts';
import { continuation } from '../../../src/management/index.ts';
import { newId } from '../../../src/new-id.ts';
import { rememberReads, type Storage } from '../../../src/storage/index.ts';

export const core = 'urn:ietf:params:scim:schemas:core:2.0';
export const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const messages = 'urn:ietf:params:scim:api:messages:2.0';

export interface Answer {
  status: number;
  headers: NonNullable<HttpResponse['headers']>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at any member of any answer
  body: any;
  text: string;
}

interface Asked {
  headers?: Readonly<Record<string, string>>;
  token?: string;
  /** Sent as it is. */
  text?: string;
}

let tenants = 0;

export class ScimHub {
  readonly storage: Storage;
  readonly bugs: unknown[] = [];
  now = new Date('2026-03-01T10:00:00.000Z');
  tenant!: Tenant;
  token = '';
  readonly #mount: ReturnType<typeof scimMount>;

  private constructor(storage: Storage) {
    this.storage = storage;
    this.#mount = scimMount({
      storage,
      remembered: rememberReads(storage, () => performance.now()),
      passwords: passwordHasher(1, 10),
      cursors: continuation(new Uint8Array(32)),
      now: () => this.now,
      newId,
      reportBug: (error) => this.bugs.push(error),
    });
  }

  /** A tenant of its own, with a token. */
  static async open(storage: Storage, token: Partial<NewScimToken> = {}): Promise<ScimHub> {
    const hub = new ScimHub(storage);
    const name = `scim-${tenants++}`;
    hub.tenant = await storage.write((stores) =>
      createTenant(stores, hub.act(''), { name, displayName: 'Jog Cloud', initialDomain: `${name}.example` }),
    );
    hub.token = await hub.newToken(token);
    return hub;
  }

  act(tenantId = this.tenant.id): Act {
    const actor = { kind: 'user', id: 'administrator', name: 'admin@jogcloud.com' } as const;
    return { tenantId, actor, now: this.now, correlationId: 'correlation-1', newId };
  }

  async newToken(wanted: Partial<NewScimToken> = {}): Promise<string> {
    const label = wanted.label ?? `client ${newId()}`;
    const { text } = await this.storage.write((stores) =>
      createScimToken(stores, this.act(), { ...wanted, label }, new Uint8Array(randomBytes(scimTokenBytes))),
    );
    return text;
  }

  /** Asks at a path below the endpoint's address. */
  async ask(method: string, path: string, body?: unknown, asked: Asked = {}): Promise<Answer> {
    const { token = this.token, headers = {} } = asked;
    const sent = asked.text ?? (body === undefined ? undefined : JSON.stringify(body));
    const url = new URL(`https://hub.example/${this.tenant.name}/scim/v2${path}`);
    const route = this.#mount.routes.find((candidate) => candidate.method === method);
    assert.ok(route);
    const response = await route.handle({
      method,
      url,
      parameters: {
        tenant: this.tenant.name,
        '*': decodeURIComponent(url.pathname.split('/').slice(4).join('/')),
      },
      headers: {
        ...(token !== '' && { authorization: `Bearer ${token}` }),
        ...(sent !== undefined && { 'content-type': 'application/scim+json' }),
        ...headers,
      },
      body: sent === undefined ? undefined : new TextEncoder().encode(sent),
      remoteAddress: '127.0.0.1',
      requestId: newId(),
      admitTenant: () => {},
    });
    const text = String(response.body ?? '');
    return {
      status: response.status,
      headers: response.headers ?? {},
      text,
      body: text === '' ? undefined : JSON.parse(text),
    };
  }

  get(path: string, asked?: Asked): Promise<Answer> {
    return this.ask('GET', path, undefined, asked);
  }

  /** The resource that a POST made. */
  async make(path: string, resource: JsonObject): Promise<Answer['body']> {
    const { status, body, text } = await this.ask('POST', path, resource);
    assert.equal(status, 201, text);
    return body;
  }

  patch(path: string, ...operations: JsonObject[]): Promise<Answer> {
    return this.ask('PATCH', path, { schemas: [`${messages}:PatchOp`], Operations: operations });
  }

  user(userName: string, more: JsonObject = {}): Promise<Answer['body']> {
    return this.make('/Users', { schemas: [`${core}:User`], userName, ...more });
  }

  group(displayName: string, members: string[] = []): Promise<Answer['body']> {
    const values = members.map((value) => ({ value }));
    return this.make('/Groups', { schemas: [`${core}:Group`], displayName, members: values });
  }

  /** What a filter finds, by `userName` or `displayName`. */
  async found(path: string): Promise<string[]> {
    const { status, body, text } = await this.get(path);
    assert.equal(status, 200, text);
    return body.Resources.map((resource: JsonObject) => resource['userName'] ?? resource['displayName']);
  }
}

/** Asserts an error of SCIM. */
export function assertError(answer: Answer, status: number, scimType?: string): void {
  assert.equal(answer.status, status, answer.text);
  assert.deepEqual(answer.body.schemas, [`${messages}:Error`]);
  assert.equal(answer.body.status, String(status));
  assert.equal(answer.body.scimType, scimType, answer.text);
  assert.match(String(answer.headers['content-type']), /^application\/scim\+json/);
}
