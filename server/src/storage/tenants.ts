import { sql } from 'kysely';
import { type ChangeFeed, fold, type Tenant, type TenantDomain, type TenantStore } from '../directory/index.ts';
import type { Engine, Query } from './engine.ts';
import { refuse } from './errors.ts';
import type { Database, TenantDomainTable, TenantTable } from './schema.ts';
import { statement } from './statement.ts';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Every table whose rows belong to a tenant and go with it. Audit events stay. */
const ownedByTenant = [
  'tenant_domain',
  'tenant_host',
  'directory_object',
  'directory_name',
  'directory_value',
  'directory_link',
  'group_closure',
  'extension_property',
  'password_credential',
  'client_secret',
  'federated_credential',
  'initial_access_token',
  'registered_client',
  'permission_grant',
  'app_role_assignment',
  'directory_role_assignment',
  'signing_key',
  'user_flow',
  'sign_in',
  'sign_in_result',
  'session',
  'session_application',
  'known_browser',
  'attempts',
  'one_time_code',
  'authentication_method',
  'recovery_code',
  'sign_in_event',
  'sign_in_trace',
  'redeemable',
  'used_id',
  'tenant_branding',
  'accepted_terms',
  'relying_party',
  'persistent_name',
  'upstream_provider',
  'rule_group',
  'rule_group_use',
  'followed_metadata',
  'certificate_warning',
  'outgoing_message',
  'scim_token',
  'provisioning_job',
  'provisioned_object',
  'provisioned_member',
  'provisioning_log',
  'logout_notice',
] as const satisfies (keyof Database)[];

export function tenantStore(query: Query, engine: Pick<Engine, 'lock' | 'run'>, changes: ChangeFeed): TenantStore {
  const tell = (tenantId: string, at: Date, verb: 'created' | 'updated' | 'deleted') =>
    changes.append([{ tenantId, at, kind: 'tenant', objectId: tenantId, verb, detail: null }]);

  const complete = async (rows: TenantTable[]): Promise<Tenant[]> => {
    if (rows.length === 0) return [];
    const ids = rows.map((row) => row.id);
    const { rows: names } = await sql<TenantDomainTable & { host_key: string | null }>`
      select tenant_id, domain_key, is_initial, is_default, verified_at, null as host_key
      from tenant_domain where tenant_id in (${sql.join(ids)})
      union all
      select tenant_id, null, null, null, null, host_key from tenant_host where tenant_id in (${sql.join(ids)})
      order by is_initial desc, domain_key, host_key`.execute(query);
    const namesOf = Map.groupBy(names, (name) => name.tenant_id);
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      displayName: row.display_name,
      createdAt: new Date(row.created_at),
      domains: (namesOf.get(row.id) ?? []).filter(({ host_key }) => host_key === null).map(toDomain),
      hosts: (namesOf.get(row.id) ?? []).flatMap(({ host_key }) => host_key ?? []),
      settings: JSON.parse(row.settings),
    }));
  };
  const tenants = () => query.selectFrom('tenant').selectAll('tenant');

  /** Names, domains and hosts are unique among all tenants, and rarely change: one change at a time. */
  const lockNames = () => engine.lock(query, 'names of tenants');

  const checkName = async ({ id, name }: Tenant) => {
    const others = query.selectFrom('tenant').select('id').where('name_key', '=', fold(name)).where('id', '!=', id);
    if (await others.executeTakeFirst()) throw refuse('directory.tenant_name_taken', { name });
  };

  const saveDomain = async (tenantId: string, { name, isInitial, isDefault, verifiedAt }: TenantDomain) => {
    const domain_key = fold(name);
    const others = query
      .selectFrom('tenant_domain')
      .select('tenant_id')
      .where('domain_key', '=', domain_key)
      .where('verified_at', 'is not', null)
      .where('tenant_id', '!=', tenantId);
    // Several tenants may claim a domain; one can have it verified.
    if (verifiedAt && (await others.executeTakeFirst())) throw refuse('directory.domain_taken', { domain: name });
    const values = {
      is_initial: isInitial ? 1 : 0,
      is_default: isDefault ? 1 : 0,
      verified_at: verifiedAt?.getTime() ?? null,
    };
    await query
      .insertInto('tenant_domain')
      .values({ tenant_id: tenantId, domain_key, ...values })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'domain_key']).doUpdateSet(values))
      .execute();
  };

  const addHost = async (tenantId: string, host: string) => {
    const host_key = fold(host);
    const owners = query.selectFrom('tenant_host').select('tenant_id').where('host_key', '=', host_key);
    const owner = await owners.executeTakeFirst();
    if (owner && owner.tenant_id !== tenantId) throw refuse('directory.host_taken', { host });
    if (!owner) await query.insertInto('tenant_host').values({ host_key, tenant_id: tenantId }).execute();
  };

  return {
    async insert(tenant) {
      await lockNames();
      await checkName(tenant);
      const created_at = tenant.createdAt.getTime();
      await query
        .insertInto('tenant')
        .values({ id: tenant.id, created_at, ...changeable(tenant) })
        .execute();
      for (const domain of tenant.domains) await saveDomain(tenant.id, domain);
      for (const host of tenant.hosts) await addHost(tenant.id, host);
      await tell(tenant.id, tenant.createdAt, 'created');
    },

    async update(tenant, at) {
      await lockNames();
      await checkName(tenant);
      await query.updateTable('tenant').set(changeable(tenant)).where('id', '=', tenant.id).execute();
      await tell(tenant.id, at, 'updated');
    },

    async delete(tenantId, at) {
      for (const table of ownedByTenant) await query.deleteFrom(table).where('tenant_id', '=', tenantId).execute();
      await query.deleteFrom('tenant').where('id', '=', tenantId).execute();
      await tell(tenantId, at, 'deleted');
    },

    async find(tenantId) {
      const [tenant] = await complete(await tenants().where('id', '=', tenantId).execute());
      return tenant;
    },

    async resolve(segment) {
      const key = fold(segment);
      const found = key.includes('.')
        ? tenants()
            .innerJoin('tenant_domain', 'tenant_domain.tenant_id', 'tenant.id')
            .where('tenant_domain.domain_key', '=', key)
            .where('tenant_domain.verified_at', 'is not', null)
        : tenants().where(guid.test(key) ? 'tenant.id' : 'tenant.name_key', '=', key);
      const [tenant] = await complete(await found.execute());
      return tenant;
    },

    async resolveHost(host) {
      const found = tenants()
        .innerJoin('tenant_host', 'tenant_host.tenant_id', 'tenant.id')
        .where('tenant_host.host_key', '=', fold(host));
      const [tenant] = await complete(await found.execute());
      return tenant;
    },

    async list(limit, afterId = '') {
      return complete(await tenants().where('id', '>', afterId).orderBy('id').limit(limit).execute());
    },

    async listHomes(appId, limit) {
      const rows = await query
        .selectFrom('directory_name')
        .select('tenant_id')
        // Literally, so that every plan knows that the index of these names will do.
        .where('space', '=', sql.lit('application.appId'))
        .where('name_key', '=', fold(appId))
        .orderBy('tenant_id')
        .limit(limit)
        .execute();
      return rows.map((row) => row.tenant_id);
    },

    async findDomain(tenantId, domain) {
      const { rows } = await engine.run<TenantDomainTable>(
        query,
        statement`select * from tenant_domain where tenant_id = ${tenantId} and domain_key = ${fold(domain)}`,
      );
      return rows[0] && toDomain(rows[0]);
    },

    async saveDomain(tenantId, domain, at) {
      await lockNames();
      await saveDomain(tenantId, domain);
      await tell(tenantId, at, 'updated');
    },

    async removeDomain(tenantId, domain, at) {
      await query
        .deleteFrom('tenant_domain')
        .where('tenant_id', '=', tenantId)
        .where('domain_key', '=', fold(domain))
        .execute();
      await tell(tenantId, at, 'updated');
    },

    async addHost(tenantId, host, at) {
      await lockNames();
      await addHost(tenantId, host);
      await tell(tenantId, at, 'updated');
    },

    async removeHost(tenantId, host, at) {
      await query
        .deleteFrom('tenant_host')
        .where('tenant_id', '=', tenantId)
        .where('host_key', '=', fold(host))
        .execute();
      await tell(tenantId, at, 'updated');
    },

    async listHosts() {
      const rows = await query.selectFrom('tenant_host').select('host_key').orderBy('host_key').execute();
      return rows.map((row) => row.host_key);
    },
  };
}

function changeable(tenant: Tenant) {
  return {
    name: tenant.name,
    name_key: fold(tenant.name),
    display_name: tenant.displayName,
    settings: JSON.stringify(tenant.settings),
  };
}

function toDomain(row: TenantDomainTable): TenantDomain {
  return {
    name: row.domain_key,
    isInitial: row.is_initial === 1,
    isDefault: row.is_default === 1,
    verifiedAt: row.verified_at === null ? null : new Date(row.verified_at),
  };
}
