import type { DirectoryObject, ObjectKind } from '../directory/index.ts';
import type { DirectoryObjectTable } from './schema.ts';

export function toRow(tenantId: string, object: DirectoryObject): DirectoryObjectTable {
  return {
    tenant_id: tenantId,
    id: object.id,
    kind: object.kind,
    ...changeableColumns(object),
    created_at: object.createdAt.getTime(),
  };
}

export function changeableColumns(object: DirectoryObject) {
  return {
    attributes: JSON.stringify(object.attributes),
    modified_at: object.modifiedAt.getTime(),
    deleted_at: object.deletedAt?.getTime() ?? null,
    version: object.version,
  };
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
