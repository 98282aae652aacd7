import { createClientOf, targetOf } from './callers.ts';
import type { Hub } from './hub.ts';
import { runLoad } from './load.ts';
import type { Row } from './report.ts';

/** Many tenants in one process: what a request costs among few and among all of them. */
export async function measureTenants(hub: Hub, tenants: number): Promise<Row[]> {
  const target = targetOf(hub);
  const client = createClientOf(hub);
  const make = (first: number) => (index: number) => ({
    method: 'POST',
    path: '/v1.0/tenants',
    body: { name: `tenant${first + index}`, displayName: `Tenant ${first + index}` },
  });
  const read = (count: number) => (index: number) => ({ path: `/v1.0/tenants/tenant${(index * 7919) % count}` });
  const first = Math.min(100, tenants);

  await runLoad(target, 8, first, make(0));
  await runLoad(target, 1, 50, read(first));
  const few = await runLoad(target, 1, 1000, read(first));
  const made = await runLoad(target, 8, tenants - first, make(first));
  const many = await runLoad(target, 1, 1000, read(tenants));
  const megabytes = Math.round(hub.residentBytes() / 1_048_576);
  await client.getTenant({ id: 'tenant0' });
  return [
    {
      what: `create tenant with its applications (8 at once, until there are ${tenants})`,
      engine: hub.engine,
      ...made,
    },
    { what: `resolve a tenant by name among ${first}`, engine: hub.engine, ...few },
    { what: `resolve a tenant by name among ${tenants} (${megabytes} MB resident)`, engine: hub.engine, ...many },
  ];
}
