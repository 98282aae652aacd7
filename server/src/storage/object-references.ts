import type { Query } from './engine.ts';
import type { Database } from './schema.ts';

/** Every column that holds the id of a directory object, besides those of the object's own index. */
const references = [
  ['directory_link', 'from_id'],
  ['directory_link', 'to_id'],
  ['password_credential', 'user_id'],
  ['client_secret', 'object_id'],
  ['federated_credential', 'object_id'],
  ['permission_grant', 'client_id'],
  ['permission_grant', 'resource_id'],
  ['permission_grant', 'principal_id'],
  ['app_role_assignment', 'principal_id'],
  ['app_role_assignment', 'resource_id'],
  ['directory_role_assignment', 'principal_id'],
  ['extension_property', 'application_id'],
  ['session', 'user_id'],
  ['known_browser', 'user_id'],
] as const satisfies (readonly [keyof Database, string])[];

/** Removes every row that speaks of an object which is gone for good. */
export async function purgeReferences(query: Query, tenantId: string, objectId: string): Promise<void> {
  for (const [table, column] of references) {
    await query
      .deleteFrom(table as 'directory_link')
      .where('tenant_id', '=', tenantId)
      .where(column as 'from_id', '=', objectId)
      .execute();
  }
}
