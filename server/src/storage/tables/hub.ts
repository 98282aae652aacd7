import type { Generated } from 'kysely';

// What the hub keeps of itself, its tenants, and of what happened in them. `Database` says how columns are written.

/** Facts about the database itself: which feed it is, a proof of the sealing key. */
export interface MetaTable {
  name: string;
  value: string;
}

/** Who does a recurring work now. Times here and in the next table are by the clock of the database. */
export interface LeaseTable {
  name: string;
  owner: string;
  until: number;
}

/** Which processes use the database now. */
export interface ServerProcessTable {
  id: string;
  host: string;
  pid: number;
  version: string;
  started_at: number;
  alive_until: number;
}

export interface TenantTable {
  id: string;
  name: string;
  name_key: string;
  display_name: string;
  created_at: number;
  /** Settings of the tenant that no query searches. */
  settings: string;
}

export interface TenantDomainTable {
  domain_key: string;
  tenant_id: string;
  is_initial: number;
  is_default: number;
  verified_at: number | null;
}

/** A host name that belongs to one tenant. */
export interface TenantHostTable {
  host_key: string;
  tenant_id: string;
}

/** How the pages of a tenant look. Its pictures stand apart, since few requests need their bytes. */
export interface TenantBrandingTable {
  tenant_id: string;
  definition: string;
  logo: string | null;
  icon: string | null;
}

/** The change feed. Order is (transaction_id, sequence). */
export interface ChangeTable {
  sequence: Generated<number>;
  transaction_id: number;
  tenant_id: string;
  at: number;
  kind: string;
  object_id: string;
  verb: string;
  detail: string | null;
}

export interface AuditEventTable {
  id: string;
  tenant_id: string;
  at: number;
  actor_kind: string;
  actor_id: string | null;
  actor_name: string | null;
  verb: string;
  object_kind: string;
  object_id: string | null;
  object_name: string | null;
  outcome: string;
  reason: string | null;
  changes: string | null;
  correlation_id: string;
}
