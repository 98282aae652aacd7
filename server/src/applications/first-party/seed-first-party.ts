import type { Act } from '../../audit/index.ts';
import type { DirectoryStores, ObjectWriting } from '../../directory/index.ts';
import { findServicePrincipal } from '../find.ts';
import { grantPermission } from '../permission-grants.ts';
import type { ServicePrincipal } from '../service-principal.ts';
import { createServicePrincipal } from '../service-principals.ts';
import type { ApplicationStores } from '../store.ts';
import { type FirstPartyApplication, firstPartyApplications } from './first-party.ts';

type Stores = ObjectWriting & Pick<DirectoryStores, 'links'> & Pick<ApplicationStores, 'permissionGrants'>;

/**
 * Gives the tenant a service principal for every first-party application that it lacks, with the consent that comes with
 * it. Called again it changes nothing: consent that was taken back stays so.
 */
export async function seedFirstPartyApplications(stores: Stores, act: Act): Promise<void> {
  const added: [FirstPartyApplication, ServicePrincipal][] = [];
  for (const application of firstPartyApplications) {
    if (await findServicePrincipal(stores, act.tenantId, application.appId)) continue;
    added.push([application, await createServicePrincipal(stores, act, application.appId)]);
  }
  for (const [{ preConsented }, client] of added) {
    for (const [resourceAppId, scope] of Object.entries(preConsented)) {
      const resource = await findServicePrincipal(stores, act.tenantId, resourceAppId);
      if (!resource) throw new Error(`The first-party resource ${resourceAppId} has no service principal.`);
      await grantPermission(stores, act, { clientId: client.id, resourceId: resource.id, principalId: null, scope });
    }
  }
}
