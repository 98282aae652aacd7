import { sql } from 'kysely';
import type { Relation } from '../directory/index.ts';
import type { Query } from './engine.ts';
import type { Database } from './schema.ts';

/** Every relation: links are found by their relation first. */
const relations: Relation[] = ['member', 'owner', 'manager'];

/** Every column that holds the id of a directory object, besides those of links and of the object's own index. */
const references = [
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
  ['authentication_method', 'user_id'],
  ['recovery_code', 'user_id'],
  ['accepted_terms', 'user_id'],
  ['relying_party', 'service_principal_id'],
  ['rule_group_use', 'party_id'],
  ['persistent_name', 'service_principal_id'],
  ['persistent_name', 'user_id'],
] as const satisfies (readonly [keyof Database, string])[];

/** Removes every row that speaks of an object which is gone for good. */
export async function purgeReferences(query: Query, tenantId: string, objectId: string): Promise<void> {
  for (const end of ['from_id', 'to_id'] as const) {
    await query
      .deleteFrom('directory_link')
      .where('tenant_id', '=', tenantId)
      .where('relation', 'in', relations)
      .where(end, '=', objectId)
      .execute();
  }
  for (const [table, column] of references) {
    await sql`delete from ${sql.table(table)} where tenant_id = ${tenantId} and ${sql.ref(column)} = ${objectId}`.execute(
      query,
    );
  }
}
