import {
  countObjects as countFound,
  type DirectoryObject,
  type Filter,
  findObjects,
  type ObjectKindDefinition,
} from '../../directory/index.ts';
import type { Answer, Call } from './call.ts';
import { expand } from './expand.ts';
import { filterable, sortable } from './filterable.ts';
import { translateFilter } from './odata/translate-filter.ts';
import { answerPage, contextUrl, requestedPage } from './pages.ts';
import { kindView, mixedView, viewOf } from './resource-view.ts';
import { withSecrets } from './secrets.ts';
import { entityTag } from './version-condition.ts';

/** Answers the objects of a kind that fit the query options. */
export async function listObjects(call: Call, kind: ObjectKindDefinition): Promise<Answer> {
  const { resource, collection } = kindView(kind.kind);
  const { select, orderBy, count } = call.query;
  const show = viewOf(resource, select);
  const filter = filterOf(call, kind);
  const page = await findObjects(call.storage.read, call.tenantId, kind, {
    ...requestedPage(call),
    ...(filter && { filter }),
    ...(orderBy && { orderBy: sortable(resource, orderBy) }),
  });
  const total = count ? await countFound(call.storage.read, call.tenantId, kind, filter) : undefined;
  const items = [];
  for (const object of await withSecrets(call, page.items))
    items.push({ ...show(object), ...(await expand(call, object)) });
  return answerPage(call, collection, { ...page, items }, total);
}

/** Answers how many objects of a kind fit the filter, as text. */
export async function countObjects(call: Call, kind: ObjectKindDefinition): Promise<Answer> {
  return { body: String(await countFound(call.storage.read, call.tenantId, kind, filterOf(call, kind))) };
}

/** Answers one object. */
export async function showObject(call: Call, object: DirectoryObject): Promise<Answer> {
  const { resource, collection } = kindView(object.kind);
  const [whole = object] = await withSecrets(call, [object]);
  const shown = viewOf(resource, call.query.select)(whole);
  return {
    headers: { etag: entityTag(object.version) },
    body: {
      '@odata.context': contextUrl(call, collection, '/$entity'),
      ...shown,
      ...(await expand(call, object)),
    },
  };
}

/** Answers an object that was just created, with its address. */
export async function answerCreated(call: Call, object: DirectoryObject): Promise<Answer> {
  const { headers, ...answer } = await showObject(call, object);
  const location = `${call.baseUrl}/${kindView(object.kind).collection}/${object.id}`;
  return { ...answer, headers: { ...headers, location } };
}

/** Answers one object of a kind that the path does not say. */
export function showMixed(call: Call, object: DirectoryObject): Answer {
  const shown = mixedView(call.query.select)(object);
  return { body: { '@odata.context': contextUrl(call, 'directoryObjects', '/$entity'), ...shown } };
}

function filterOf(call: Call, kind: ObjectKindDefinition): Filter | undefined {
  const { filter } = call.query;
  return filter && translateFilter(filter, filterable(kindView(kind.kind).resource));
}
