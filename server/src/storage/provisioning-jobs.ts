import type { Job, ProvisioningJobStore } from '../provisioning/index.ts';
import type { Query } from './engine.ts';
import type { ProvisioningJobTable } from './schema.ts';
import type { SealedPlace, Sealing } from './sealing.ts';

/** All but the token, which is only unsealed to call the target. */
const columns = [
  'tenant_id',
  'id',
  'service_principal_id',
  'created_at',
  'definition',
  'control',
  'progress',
] as const satisfies (keyof ProvisioningJobTable)[];

export function provisioningJobStore(query: Query, sealing: Sealing): ProvisioningJobStore {
  const jobs = () => query.selectFrom('provisioning_job').select(columns);
  const update = async (tenantId: string, id: string, change: Partial<ProvisioningJobTable>) => {
    await query
      .updateTable('provisioning_job')
      .set(change)
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id)
      .execute();
  };
  return {
    async insert(job) {
      await query
        .insertInto('provisioning_job')
        .values({
          tenant_id: job.tenantId,
          id: job.id,
          service_principal_id: job.servicePrincipalId,
          created_at: job.createdAt.getTime(),
          definition: JSON.stringify(job.definition),
          wanted: job.control.wanted,
          control: JSON.stringify(job.control),
          progress: JSON.stringify(job.progress),
          sealed_token: null,
        })
        .execute();
    },

    saveDefinition: (tenantId, id, definition) => update(tenantId, id, { definition: JSON.stringify(definition) }),
    saveControl: (tenantId, id, control) =>
      update(tenantId, id, { control: JSON.stringify(control), wanted: control.wanted }),
    saveProgress: (tenantId, id, progress) => update(tenantId, id, { progress: JSON.stringify(progress) }),
    saveToken: (tenantId, id, token) =>
      update(tenantId, id, { sealed_token: token === null ? null : sealing.seal(placeOf(tenantId, id), token) }),

    async findToken(tenantId, id) {
      const row = await query
        .selectFrom('provisioning_job')
        .select('sealed_token')
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .executeTakeFirst();
      return row?.sealed_token ? sealing.open(placeOf(tenantId, id), row.sealed_token) : undefined;
    },

    async remove(tenantId, id) {
      for (const table of ['provisioned_object', 'provisioned_member'] as const) {
        await query.deleteFrom(table).where('tenant_id', '=', tenantId).where('job_id', '=', id).execute();
      }
      await query.deleteFrom('provisioning_job').where('tenant_id', '=', tenantId).where('id', '=', id).execute();
    },

    async find(tenantId, id) {
      const row = await jobs().where('tenant_id', '=', tenantId).where('id', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },

    async list(tenantId, servicePrincipalId) {
      let found = jobs().where('tenant_id', '=', tenantId);
      if (servicePrincipalId !== undefined) found = found.where('service_principal_id', '=', servicePrincipalId);
      return (await found.orderBy('id').execute()).map(fromRow);
    },

    async listRunning() {
      return (await jobs().where('wanted', '=', 'running').orderBy('id').execute()).map(fromRow);
    },
  };
}

function placeOf(tenantId: string, id: string): SealedPlace {
  return { table: 'provisioning_job', tenantId, id };
}

function fromRow(row: Pick<ProvisioningJobTable, (typeof columns)[number]>): Job {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    servicePrincipalId: row.service_principal_id,
    createdAt: new Date(row.created_at),
    definition: JSON.parse(row.definition),
    control: JSON.parse(row.control),
    progress: JSON.parse(row.progress),
  };
}
