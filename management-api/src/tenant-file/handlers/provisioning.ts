import { TenantFileError } from '../error.ts';
import { type Handler, type Hub, pick } from '../handler.ts';
import { type Item, itemId } from '../item.ts';
import { relationId } from './directory-role.ts';

const settings = [
  'baseUrl',
  'dialect',
  'timeoutSeconds',
  'scope',
  'deletionThreshold',
  'intervalMinutes',
  'flattensGroups',
  'mostAtOnce',
  'reconciliation',
];

/**
 * Provisioning jobs, by the application that stands for their target. Tokens are not in files: a job that a file makes
 * waits until it has one and is started.
 */
export const provisioning: Handler = {
  async *read(hub) {
    const { client, names, relationIds } = hub;
    for (const { name, id } of names.all('servicePrincipal')) {
      const [job] = (await client.listSynchronizationJobs({ id })).value;
      if (!job) continue;
      const schema = await client.getSynchronizationSchema({ id, jobId: job.id });
      const objectMappings = schema.synchronizationRules[0]?.objectMappings;
      const fields = { ...pick(job.settings ?? {}, settings), objectMappings };
      const item: Item = { kind: 'provisioning', key: name, fields };
      relationIds.set(itemId(item), job.id);
      yield item;
    }
  },

  async create(hub, item) {
    const { client, names } = hub;
    const id = names.id('servicePrincipal', item.key);
    const { objectMappings, ...given } = item.fields;
    const body = { templateId: 'scim', settings: given } as CreateBody;
    const { id: jobId } = await client.createSynchronizationJob({ id, body });
    hub.relationIds.set(itemId(item), jobId);
    await replaceMappings(hub, item, objectMappings);
  },

  async update(hub, item, changes) {
    const { objectMappings, ...changed } = Object.fromEntries(changes.map(({ field, after }) => [field, after]));
    if (Object.keys(changed).length > 0) {
      const body = { settings: changed } as UpdateBody;
      await hub.client.updateSynchronizationJob({ ...placeOf(hub, item), body });
    }
    await replaceMappings(hub, item, objectMappings);
  },

  async remove(hub, item) {
    await hub.client.deleteSynchronizationJob(placeOf(hub, item));
  },
};

// The hub judges what the file says.
type CreateBody = Parameters<Hub['client']['createSynchronizationJob']>[0]['body'];
type UpdateBody = Parameters<Hub['client']['updateSynchronizationJob']>[0]['body'];
type SchemaBody = Parameters<Hub['client']['updateSynchronizationSchema']>[0]['body'];

function placeOf(hub: Hub, item: Item): { id: string; jobId: string } {
  return { id: hub.names.id('servicePrincipal', item.key), jobId: relationId(hub, item) };
}

async function replaceMappings(hub: Hub, item: Item, objectMappings: unknown): Promise<void> {
  if (objectMappings === undefined) return;
  if (!Array.isArray(objectMappings)) throw new TenantFileError(`${item.key}: objectMappings must be a list.`);
  const body = { synchronizationRules: [{ objectMappings }] } as SchemaBody;
  await hub.client.updateSynchronizationSchema({ ...placeOf(hub, item), body });
}
