import type { DirectoryObject, ObjectKind } from '../directory/index.ts';
import type { Engine } from './engine.ts';
import { modifiedAtName, timeKey } from './index-rows.ts';
import type { DirectoryObjectTable } from './schema.ts';
import { plain, type Statement, statement } from './statement.ts';

/** The statement that adds the documents of new objects. */
export function insertDocuments(
  { table }: Pick<Engine, 'table'>,
  tenantId: string,
  objects: readonly DirectoryObject[],
): Statement {
  const rows = objects.map(({ id, kind, attributes, createdAt, modifiedAt, version }) => [
    id,
    kind,
    JSON.stringify(attributes),
    String(createdAt.getTime()),
    String(modifiedAt.getTime()),
    String(version),
  ]);
  return statement`
    insert into directory_object (tenant_id, id, kind, attributes, created_at, modified_at, version)
    select ${tenantId}, id, kind, attributes, cast(created_at as bigint), cast(modified_at as bigint),
      cast(version as bigint)
    from ${table(['id', 'kind', 'attributes', 'created_at', 'modified_at', 'version'], rows)}`;
}

/** The statements that give an object a new version whose document stays as it is. */
export function touchObject(tenantId: string, id: string, at: Date): Statement[] {
  return [
    statement`
      update directory_object set version = version + 1, modified_at = ${at.getTime()}
      where tenant_id = ${tenantId} and id = ${id}`,
    statement`
      update directory_value set value_key = ${timeKey(at)}
      where tenant_id = ${tenantId} and object_id = ${id} and attribute = ${modifiedAtName}`,
  ];
}

/** The statement that puts a new version of a document in the place of the one before, if that is still there. */
export function updateDocument(tenantId: string, before: DirectoryObject, after: DirectoryObject): Statement {
  return statement`
    update directory_object set attributes = ${JSON.stringify(after.attributes)},
      modified_at = ${after.modifiedAt.getTime()}, deleted_at = ${after.deletedAt?.getTime() ?? null},
      version = ${after.version}
    where tenant_id = ${tenantId} and id = ${before.id} and version = ${before.version}`;
}

/**
 * The condition that an object which was found by its id is living. With `is null` alone PostgreSQL would go by the index of
 * living objects, of which it supposes that there are few as long as it has no statistics, and read all of them for each.
 */
export function isFoundLiving(alias: string): Statement {
  return plain(`(${alias}.deleted_at is null or ${alias}.deleted_at < 0)`);
}

export function fromRow(row: DirectoryObjectTable): DirectoryObject {
  return {
    id: row.id,
    kind: row.kind as ObjectKind,
    attributes: JSON.parse(row.attributes),
    createdAt: new Date(row.created_at),
    modifiedAt: new Date(row.modified_at),
    deletedAt: row.deleted_at === null ? null : new Date(row.deleted_at),
    version: row.version,
  };
}
