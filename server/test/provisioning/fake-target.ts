// A SCIM service provider in this process, which can be made to fail in many ways.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  applyPatch,
  buildSchema,
  createRegistry,
  findResourceType,
  groupResourceType,
  type JsonObject,
  matchesFilter,
  parseFilter,
  parsePatch,
  type ResourceType,
  resolveFilter,
  type SchemaDefinition,
  ScimError,
  standardSchemas,
  tolerantDialect,
  userResourceType,
} from '@countersign/scim';

export interface Call {
  method: string;
  path: string;
  body: JsonObject | undefined;
}

/** What the target does instead of its work; `before`: without doing it, `after`: when it has done it. */
export interface Fault {
  when: 'before' | 'after';
  status?: number;
  headers?: Record<string, string>;
  body?: JsonObject | string;
  /** Cuts the connection. */
  cut?: boolean;
}

export interface FakeTarget {
  baseUrl: string;
  calls: Call[];
  users(): JsonObject[];
  groups(): JsonObject[];
  /** Asked at every call. */
  fault: (call: Call) => Fault | undefined;
  /** Gives users an extension; its schema is told only when it is published. */
  extend(schema: SchemaDefinition, isPublished: boolean): void;
  /** Changes an object behind the engine's back; undefined removes it. */
  meddle(id: string, change: ((resource: JsonObject) => JsonObject) | undefined): void;
  close(): Promise<void>;
}

export async function openFakeTarget(token = 'secret'): Promise<FakeTarget> {
  let registry = createRegistry();
  let published: readonly SchemaDefinition[] | undefined;
  const kept = new Map<string, { type: ResourceType; resource: JsonObject }>();
  const of = (name: string) => [...kept.values()].filter(({ type }) => type.name === name).map((one) => one.resource);
  const server = createServer((request, response) => void answer(request, response));
  const target: FakeTarget = {
    baseUrl: '',
    calls: [],
    users: () => of('User'),
    groups: () => of('Group'),
    fault: () => undefined,
    extend(schema, isPublished) {
      const schemaExtensions = [...userResourceType.schemaExtensions, { schema: schema.id, required: false }];
      registry = createRegistry(
        [...standardSchemas, schema],
        [{ ...userResourceType, schemaExtensions }, groupResourceType],
      );
      published = isPublished ? registry.schemas : undefined;
    },
    meddle(id, change) {
      const found = kept.get(id);
      if (found && change) kept.set(id, { ...found, resource: change(found.resource) });
      else kept.delete(id);
    },
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  target.baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/scim`;
  return target;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const text = Buffer.concat(parts).toString();
    const call = {
      method: request.method ?? '',
      path: (request.url ?? '').slice('/scim'.length),
      body: text === '' ? undefined : JSON.parse(text),
    };
    target.calls.push(call);
    const fault = target.fault(call);
    const done = fault?.when === 'before' ? undefined : work(call, request.headers.authorization);
    if (fault?.cut) return void request.socket.destroy();
    const { status, body, headers } = { ...done, ...fault };
    const content = typeof body === 'string' ? body : JSON.stringify(body ?? '');
    response.writeHead(status ?? 500, { 'content-type': 'application/scim+json', ...headers });
    response.end(body === undefined ? '' : content);
  }

  function work(call: Call, authorization: string | undefined): { status: number; body?: JsonObject } {
    if (authorization !== `Bearer ${token}`) return refuse(401, 'who are you?');
    try {
      return route(call);
    } catch (error) {
      if (error instanceof ScimError) return refuse(error.status, error.detail);
      throw error;
    }
  }

  function route({ method, path, body = {} }: Call): { status: number; body?: JsonObject } {
    const { pathname, searchParams } = new URL(path, 'http://x');
    const [, collection = '', id] = pathname.split('/');
    if (collection === 'Schemas' && published)
      return { status: 200, body: listOf(published.map((one) => buildSchema(one, ''))) };
    const type = findResourceType(registry, collection.replace(/s$/, ''));
    if (!type) return refuse(404, 'nothing here');
    if (id === undefined && method === 'GET') return { status: 200, body: list(type, searchParams.get('filter')) };
    if (method === 'POST') {
      const taken = conflicting(type, body, undefined);
      if (taken) return refuse(409, `${taken} is taken`);
      const made = { ...body, id: randomUUID() };
      kept.set(made.id, { type, resource: made });
      return { status: 201, body: made };
    }
    const found = kept.get(decodeURIComponent(id ?? ''));
    if (!found) return refuse(404, 'not found');
    const { resource } = found;
    if (method === 'GET') return { status: 200, body: resource };
    if (method === 'DELETE') {
      kept.delete(String(resource['id']));
      return { status: 204 };
    }
    const changed = applyPatch(type, resource, parsePatch(type, body, tolerantDialect), tolerantDialect);
    const taken = conflicting(type, changed, String(resource['id']));
    if (taken) return refuse(409, `${taken} is taken`);
    kept.set(String(resource['id']), { type, resource: changed });
    return { status: 200, body: changed };
  }

  function list(type: ResourceType, text: string | null): JsonObject {
    const filter = text === null ? undefined : resolveFilter(type, parseFilter(text, tolerantDialect), tolerantDialect);
    const found = of(type.name).filter((resource) => !filter || matchesFilter(filter, resource));
    return listOf(found);
  }

  function conflicting(type: ResourceType, body: JsonObject, id: string | undefined): string | undefined {
    const name = type.name === 'User' ? 'userName' : 'displayName';
    const wanted = String(body[name]).toLowerCase();
    const isTaken = of(type.name).some((one) => one['id'] !== id && String(one[name]).toLowerCase() === wanted);
    return isTaken ? String(body[name]) : undefined;
  }
}

function listOf(found: JsonObject[]): JsonObject {
  return { totalResults: found.length, startIndex: 1, itemsPerPage: found.length, Resources: found };
}

function refuse(status: number, detail: string): { status: number; body: JsonObject } {
  return { status, body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status), detail } };
}
