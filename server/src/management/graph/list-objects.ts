import type { DirectoryObject, Filter, ObjectKind, ObjectQuery } from '../../directory/index.ts';
import type { Answer, Call } from './call.ts';
import { expand } from './expand.ts';
import { filterable, sortable } from './filterable.ts';
import { translateFilter } from './odata/translate-filter.ts';
import { answerPage, contextUrl, requestedPage } from './pages.ts';
import { kindView, viewOf } from './resource-view.ts';

/** Answers the objects of a kind that fit the query options. */
export async function listObjects(call: Call, kind: ObjectKind): Promise<Answer> {
  const { resource, collection } = kindView(kind);
  const { select, orderBy, count } = call.query;
  const show = viewOf(resource, select);
  const filter = objectFilter(call, kind);
  const query: ObjectQuery = {
    kind,
    ...requestedPage(call),
    ...(filter && { filter }),
    ...(orderBy && { orderBy: sortable(resource, orderBy) }),
  };
  const { objects } = call.storage.read;
  const [page, total] = await Promise.all([
    objects.list(call.tenantId, query),
    count ? objects.count(call.tenantId, kind, filter) : undefined,
  ]);
  const items = await Promise.all(
    page.items.map(async (object) => ({ ...show(object), ...(await expand(call, object)) })),
  );
  return answerPage(call, collection, { ...page, items }, total);
}

/** Answers how many objects of a kind fit the filter, as text. */
export async function countObjects(call: Call, kind: ObjectKind): Promise<Answer> {
  return { body: String(await call.storage.read.objects.count(call.tenantId, kind, objectFilter(call, kind))) };
}

/** Answers one object. */
export async function showObject(call: Call, object: DirectoryObject): Promise<Answer> {
  const { resource, collection } = kindView(object.kind);
  const shown = viewOf(resource, call.query.select)(object);
  return {
    body: {
      '@odata.context': `${contextUrl(call, collection)}/$entity`,
      ...shown,
      ...(await expand(call, object)),
    },
  };
}

function objectFilter(call: Call, kind: ObjectKind): Filter | undefined {
  const { filter } = call.query;
  return filter && translateFilter(filter, filterable(kindView(kind).resource));
}
