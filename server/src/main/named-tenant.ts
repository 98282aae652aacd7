import type { Tenant } from '../directory/index.ts';
import type { Storage } from '../storage/index.ts';
import { UsageError } from './command.ts';

/**
 * The tenant that a command names by name, domain or id; the hub's own without a name.
 *
 * @throws UsageError
 */
export async function namedTenant({ read }: Storage, name: string | undefined): Promise<Tenant> {
  const hubTenantId = name === undefined ? await read.setup.hubTenantId() : undefined;
  const tenant = await read.tenants.resolve(name ?? hubTenantId ?? '');
  if (tenant) return tenant;
  throw new UsageError(
    name === undefined
      ? 'The hub has no tenant of its own yet: start the server once.'
      : `There is no tenant ${name}: \`countersign tenant list\` shows them all.`,
  );
}
