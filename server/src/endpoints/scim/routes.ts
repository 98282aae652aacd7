import { type ListQuery, parseListParameters, parseSearchRequest, ScimError } from '@countersign/scim';
import { ScimTokenUses } from '../../inbound-provisioning/index.ts';
import type { HttpRequest, HttpResponse, Route } from '../http.ts';
import { answerError, answerFailure, buildHttpResponse, type ScimAnswer, toScimError } from './answer.ts';
import { authenticate, checkScope } from './authenticate.ts';
import { answerBulk } from './bulk.ts';
import { bulkLimits } from './bulk-limits.ts';
import type { ResourceRequest, ScimCall, ScimOptions } from './call.ts';
import { discoveryDocument } from './discovery.ts';
import { answerList, answerMixedList } from './list.ts';
import { PagePlaces } from './page-places.ts';
import { readBody } from './read-body.ts';
import type { ResourceKind } from './resource-kind.ts';
import { resourceKinds } from './resource-kinds.ts';
import { createResource, deleteResource, getResource, patchResource, replaceResource } from './resources.ts';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const base = '/:tenant/scim/v2';

interface Failure {
  status: number;
  message: string;
}

/** The SCIM endpoint of every tenant, to be put into the web server. */
export function scimMount(options: ScimOptions): { routes: Route[]; answerError(failure: Failure): HttpResponse } {
  const places = new PagePlaces();
  const uses = new ScimTokenUses();
  const handle = async (request: HttpRequest): Promise<HttpResponse> => {
    try {
      const call = await authenticate(options, places, uses, request);
      return { ...buildHttpResponse(await answer(call, request)) };
    } catch (error) {
      const known = toScimError(error);
      if (!known) throw error;
      return answerError(known);
    }
  };
  return {
    routes: [base, `${base}/*`].flatMap((path) => methods.map((method) => ({ method, path, handle }))),
    answerError: answerFailure,
  };
}

function answer(call: ScimCall, request: HttpRequest): ScimAnswer | Promise<ScimAnswer> {
  const path = (request.parameters['*'] ?? '').split('/').filter((segment) => segment !== '');
  const [name = '', id, ...rest] = path;
  if (rest.length > 0) throw notFound();
  if (name === '' || name === '.search') return answerRoot(call, request, name);
  const kind = resourceKinds.find(({ endpoint }) => endpoint.toLowerCase() === `/${name.toLowerCase()}`);
  if (kind)
    return id === undefined || id === '.search'
      ? answerAll(call, kind, request, id)
      : answerOne(call, kind, request, id);
  if (name.toLowerCase() === 'bulk' && id === undefined) return answerBulkRequest(call, request);
  // RFC 7644 3.11: a client that stands for no user has no Me.
  if (name.toLowerCase() === 'me') {
    throw new ScimError('notImplemented', 'A SCIM token stands for a program and for no user, so that there is no Me.');
  }
  return answerDiscovery(call, request, path);
}

/** `/Users` and `/Users/.search`. */
async function answerAll(
  call: ScimCall,
  kind: ResourceKind,
  request: HttpRequest,
  id: string | undefined,
): Promise<ScimAnswer> {
  if (request.method === 'GET' && id === undefined) {
    checkScope(call, kind.scopes.read);
    return { status: 200, body: await answerList(call, kind, listQuery(call, request)) };
  }
  if (request.method !== 'POST') throw notOffered(request);
  if (id === undefined) {
    checkScope(call, kind.scopes.write);
    return createResource(call, kind, resourceRequest(call, request, ''), readBody(request));
  }
  checkScope(call, kind.scopes.read);
  return { status: 200, body: await answerList(call, kind, searchQuery(call, request)) };
}

/** `/Users/{id}`. */
function answerOne(call: ScimCall, kind: ResourceKind, request: HttpRequest, id: string): Promise<ScimAnswer> {
  checkScope(call, request.method === 'GET' ? kind.scopes.read : kind.scopes.write);
  const asked = resourceRequest(call, request, id);
  switch (request.method) {
    case 'GET':
      return getResource(call, kind, asked);
    case 'PUT':
      return replaceResource(call, kind, asked, readBody(request));
    case 'PATCH':
      return patchResource(call, kind, asked, readBody(request));
    case 'DELETE':
      return deleteResource(call, kind, asked);
    default:
      throw notOffered(request);
  }
}

/** The address of the endpoint itself (RFC 7644 3.4.2.1), and `.search` there: over all resource types. */
async function answerRoot(call: ScimCall, request: HttpRequest, name: string): Promise<ScimAnswer> {
  const isSearch = name === '.search';
  if (request.method !== (isSearch ? 'POST' : 'GET')) throw notOffered(request);
  const kinds = resourceKinds.filter(({ scopes }) => holds(call, scopes));
  const query = isSearch ? searchQuery(call, request) : listQuery(call, request);
  return { status: 200, body: await answerMixedList(call, kinds, query) };
}

function holds({ token }: ScimCall, { read, write }: ResourceKind['scopes']): boolean {
  return token.scopes.includes(read) || token.scopes.includes(write);
}

async function answerBulkRequest(call: ScimCall, request: HttpRequest): Promise<ScimAnswer> {
  if (!call.dialect.supports.bulk || request.method !== 'POST') throw notOffered(request);
  // RFC 7644 3.7.4.
  if ((request.body?.length ?? 0) > bulkLimits.maxPayloadSize) {
    throw new ScimError('payloadTooLarge', `A bulk request has at most ${bulkLimits.maxPayloadSize} bytes.`);
  }
  return { status: 200, body: await answerBulk(call, readBody(request)) };
}

function answerDiscovery(call: ScimCall, request: HttpRequest, path: readonly string[]): ScimAnswer {
  const body = discoveryDocument(call, path);
  if (!body) throw notFound();
  if (request.method !== 'GET') throw notOffered(request);
  // RFC 7644 4: these documents are not filtered, and a client that asks for it is told so.
  if (request.url.searchParams.has('filter')) throw new ScimError('forbidden', 'Discovery documents are not filtered.');
  return { status: 200, body };
}

function listQuery({ dialect }: ScimCall, { url }: HttpRequest): ListQuery {
  return parseListParameters(url.searchParams, dialect);
}

function searchQuery({ dialect }: ScimCall, request: HttpRequest): ListQuery {
  if (!dialect.supports.search) throw notOffered(request);
  return parseSearchRequest(readBody(request), dialect);
}

function resourceRequest(call: ScimCall, request: HttpRequest, id: string): ResourceRequest {
  const { attributes, excludedAttributes } = listQuery(call, { ...request, url: shownOnly(request.url) });
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = request.headers;
  return { id, ifMatch, ifNoneMatch, attributes, excludedAttributes };
}

/** Of a single resource, only what is shown of it can be asked (RFC 7644 3.9). */
function shownOnly(url: URL): URL {
  const only = new URL(url);
  for (const name of [...only.searchParams.keys()]) {
    if (!['attributes', 'excludedAttributes'].includes(name)) only.searchParams.delete(name);
  }
  return only;
}

function notFound(): ScimError {
  return new ScimError('notFound', 'There is no such endpoint.');
}

function notOffered({ method }: HttpRequest): ScimError {
  return new ScimError('notImplemented', `The endpoint does not offer ${method} here.`);
}
