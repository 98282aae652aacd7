import {
  decidePrecondition,
  isProjected,
  type JsonObject,
  locationOf,
  project,
  readProjection,
  ScimError,
} from '@countersign/scim';
import { type DirectoryObject, isStorable, only } from '../../directory/index.ts';
import type { ScimAnswer } from './answer.ts';
import { versionOf } from './build-resource.ts';
import type { ResourceRequest, ScimCall } from './call.ts';
import type { ResourceKind } from './resource-kind.ts';
import { wantsOf } from './wants.ts';

/** GET of one resource (RFC 7644 3.4.1). @throws ScimError `notFound` */
export async function getResource(call: ScimCall, kind: ResourceKind, request: ResourceRequest): Promise<ScimAnswer> {
  const object = await findObject(call, kind, request.id);
  const version = versionOf(call, object);
  const { attributes, excludedAttributes, ...conditions } = request;
  const { type } = call.types[kind.name];
  const projection = readProjection(type, attributes, excludedAttributes, call.dialect);
  const isVersioned = kind.unversioned === undefined || !isProjected(type, kind.unversioned, projection);
  if (version !== undefined && isVersioned && decidePrecondition(conditions, version, true) === 'unmodified') {
    return { status: 304, version };
  }
  return show(call, kind, request, object, 200);
}

/** POST of a new resource (RFC 7644 3.3). */
export async function createResource(
  call: ScimCall,
  kind: ResourceKind,
  request: ResourceRequest,
  body: JsonObject,
): Promise<ScimAnswer> {
  return show(call, kind, request, only(await kind.create(call, [body])), 201);
}

/** PUT (RFC 7644 3.5.1). */
export async function replaceResource(
  call: ScimCall,
  kind: ResourceKind,
  request: ResourceRequest,
  body: JsonObject,
): Promise<ScimAnswer> {
  checkId(kind, request);
  return show(call, kind, request, await kind.replace(call, request, body), 200);
}

/**
 * PATCH (RFC 7644 3.5.2). Answered by the resource, or without a body where the dialect wants that, or where showing it would
 * cost more than changing it did; who asks for attributes always gets them.
 */
export async function patchResource(
  call: ScimCall,
  kind: ResourceKind,
  request: ResourceRequest,
  body: JsonObject,
): Promise<ScimAnswer> {
  checkId(kind, request);
  const object = await kind.patch(call, request, body);
  const isAsked = request.attributes.length > 0 || request.excludedAttributes.length > 0;
  const isBrief = call.dialect.noContentAfterPatch.includes(kind.name);
  const isShown = isAsked || (!isBrief && (await kind.isCheaplyShown(call, request.id)));
  return isShown ? show(call, kind, request, object, 200) : placed(call, kind, object, 204);
}

/** DELETE (RFC 7644 3.6). */
export async function deleteResource(
  call: ScimCall,
  kind: ResourceKind,
  request: ResourceRequest,
): Promise<ScimAnswer> {
  checkId(kind, request);
  await kind.remove(call, request);
  return { status: 204 };
}

async function show(
  call: ScimCall,
  kind: ResourceKind,
  { attributes, excludedAttributes }: ResourceRequest,
  object: DirectoryObject,
  status: number,
): Promise<ScimAnswer> {
  const { type } = call.types[kind.name];
  const projection = readProjection(type, attributes, excludedAttributes, call.dialect);
  const [resource = {}] = await kind.build(call, [object], wantsOf(type, projection));
  return { ...placed(call, kind, object, status), body: project(type, resource, projection) };
}

function placed(call: ScimCall, { name }: ResourceKind, object: DirectoryObject, status: number): ScimAnswer {
  const version = versionOf(call, object);
  const location = locationOf(call.types[name].type, call.baseUrl, object.id);
  return { status, location, ...(version !== undefined && { version }) };
}

async function findObject(call: ScimCall, kind: ResourceKind, id: string): Promise<DirectoryObject> {
  const object = isStorable(id) ? await call.storage.read.objects.find(call.act.tenantId, id) : undefined;
  if (object?.kind === kind.definition.kind) return object;
  throw notFound(kind, id);
}

/** What can be no identifier is none, before the database is asked. */
function checkId(kind: ResourceKind, { id }: ResourceRequest): void {
  if (!isStorable(id)) throw notFound(kind, id);
}

function notFound({ name }: ResourceKind, id: string): ScimError {
  return new ScimError('notFound', `There is no ${name} ${JSON.stringify(id.slice(0, 60))}.`);
}
