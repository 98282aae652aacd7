// The management API on a test's database, called as the web server calls it, without a socket.
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { type Operation, operations } from '@countersign/management-api';
import { type DirectoryObject, directoryRoles, passwordHasher } from '../../../src/directory/index.ts';
import type { AccessToken } from '../../../src/issuance/index.ts';
import { continuation, type GraphMount, graphMount } from '../../../src/management/index.ts';
import { outboundFetch } from '../../../src/outbound/index.ts';
import { Refusal } from '../../../src/refusal.ts';
import type { Storage } from '../../../src/storage/index.ts';
import { targetsThrough } from '../../../src/targets/index.ts';

export const origin = 'https://hub.test';

/** Whom a token is for. */
export interface Bearer {
  tenantId: string;
  id: string;
  kind?: 'user' | 'application';
  /** Scopes of a user, permissions of an application. */
  may?: string[];
}

export interface GraphAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into any answer, and an assertion fails where it is otherwise
  body: any;
}

export interface GraphApi {
  /** Calls as the bearer, or with the Authorization header that is given. */
  call(who: Bearer | string, request: string, body?: unknown, headers?: Record<string, string>): Promise<GraphAnswer>;
  /** A tenant with a Global Administrator. */
  makeTenant(tenantId?: string): Promise<{ tenantId: string; domain: string; admin: Bearer }>;
  bugs: unknown[];
  /** What the DNS says. */
  txtRecords: Map<string, string[]>;
}

export function openGraphApi(storage: Storage, hubTenantId: string = randomUUID()): GraphApi {
  const bugs: unknown[] = [];
  const txtRecords = new Map<string, string[]>();
  const mount = graphMount({
    storage,
    continuation: continuation(new Uint8Array(32).fill(1)),
    passwords: passwordHasher(2, 100),
    hubTenantId,
    publicUrl: new URL('https://hub.example'),
    resolveTxt: async (name) => txtRecords.get(name) ?? [],
    fetchMetadata: outboundFetch(['127.0.0.1']),
    openTarget: targetsThrough(outboundFetch(['127.0.0.1']), () => new Date()),
    now: () => new Date(),
    newId: randomUUID,
    randomBytes,
    reportBug: (error) => bugs.push(error),
    verifyToken,
  });

  return {
    bugs,
    txtRecords,
    call: (who, request, body, headers) => call(mount, who, request, body, headers),
    async makeTenant(tenantId: string = randomUUID()) {
      const domain = `t${tenantId.slice(0, 8)}.example`;
      const name = `t${tenantId.slice(0, 8)}`;
      const id = randomUUID();
      const now = new Date();
      const user: DirectoryObject = {
        id,
        kind: 'user',
        attributes: { userPrincipalName: `admin@${domain}`, displayName: 'Admin', accountEnabled: true },
        createdAt: now,
        modifiedAt: now,
        deletedAt: null,
        version: 1,
      };
      const roleId = directoryRoles.globalAdministrator.id;
      await storage.write(async (stores) => {
        const domains = [{ name: domain, isInitial: true, isDefault: true, verifiedAt: now }];
        await stores.tenants.insert({
          id: tenantId,
          name,
          displayName: name,
          createdAt: now,
          domains,
          hosts: [],
          settings: {},
        });
        await stores.objects.insert(tenantId, [user]);
        const assignment = {
          id: randomUUID(),
          roleId,
          principalId: id,
          principalKind: 'user' as const,
          createdAt: now,
        };
        await stores.directoryRoles.add(tenantId, assignment);
      });
      return { tenantId, domain, admin: { tenantId, id, may: ['Directory.AccessAsUser.All'] } };
    },
  };
}

async function call(
  mount: GraphMount,
  who: Bearer | string,
  request: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<GraphAnswer> {
  const [, method = '', address = ''] = /^(\w+) (.*)$/s.exec(request) ?? [];
  const url = new URL(address.startsWith('https:') ? address : `${origin}/v1.0${address}`);
  const route = mount.routes.find((candidate) => candidate.method === method);
  assert.ok(route, `no route takes ${method}`);
  const content = body instanceof Uint8Array ? body : new TextEncoder().encode(JSON.stringify(body));
  const answer = await route.handle({
    method,
    url,
    headers: {
      authorization: typeof who === 'string' ? who : `Bearer ${tokenOf(who)}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? undefined : content,
    requestId: randomUUID(),
    admitTenant: () => {},
  });
  let text = '';
  if (typeof answer.body === 'string') text = answer.body;
  else for await (const part of answer.body ?? []) text += part;
  const isJson = answer.headers?.['content-type']?.startsWith('application/json') === true;
  const parsed = isJson ? JSON.parse(text) : text;
  checkAnswer(answer.operation, answer.status, parsed);
  return { status: answer.status, headers: answer.headers ?? {}, body: parsed };
}

/** Every successful answer must be what the contract promises; every other one Microsoft Graph's error. */
function checkAnswer(name: string | undefined, status: number, body: unknown): void {
  if (status >= 400) {
    const { error } = body as { error: Record<string, unknown> };
    assert.equal(typeof error['code'], 'string');
    assert.equal(typeof error['message'], 'string');
    assert.ok(error['innerError']);
    return;
  }
  const operation: Operation | undefined = Object.entries(operations).find(([candidate]) => candidate === name)?.[1];
  assert.ok(operation, `the answer does not name its operation: ${name}`);
  if (status === operation.status && operation.response) operation.response.parse(body);
}

/** Tokens of the tests say in the open what real ones prove. */
function tokenOf(bearer: Bearer): string {
  return Buffer.from(JSON.stringify(bearer)).toString('base64url');
}

async function verifyToken(token: string): Promise<AccessToken> {
  let bearer: Bearer;
  try {
    bearer = JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    throw new Refusal('issuance.token_malformed', { status: 401, text: 'The access token is malformed.', advice: '' });
  }
  const { tenantId, id, kind = 'user', may = [] } = bearer;
  return {
    id: randomUUID(),
    tenantId,
    audience: 'graph',
    clientId: 'client',
    subject: { kind, id },
    name: 'Somebody',
    userPrincipalName: null,
    scopes: kind === 'user' ? may : [],
    roles: kind === 'application' ? may : [],
    directoryRoleIds: [],
    issuedAt: new Date(),
    expiresAt: new Date(Date.now() + 60_000),
  };
}
