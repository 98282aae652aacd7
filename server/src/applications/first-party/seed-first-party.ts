import type { Act } from '../../audit/index.ts';
import type { ObjectWriting } from '../../directory/index.ts';
import { asServicePrincipal } from '../find.ts';
import { grantPermission } from '../permission-grants.ts';
import { servicePrincipalKind } from '../service-principal.ts';
import { createFirstPartyPrincipals } from '../service-principals.ts';
import type { ApplicationStores } from '../store.ts';
import { firstPartyApplications } from './first-party.ts';

type Stores = ObjectWriting & Pick<ApplicationStores, 'permissionGrants'>;

/**
 * Gives the tenant a service principal for every first-party application that it lacks, with the consent that comes with
 * it. Called again it changes nothing: consent that was taken back stays so.
 */
export async function seedFirstPartyApplications(stores: Stores, act: Act): Promise<void> {
  const known = await stores.objects.list(act.tenantId, {
    kind: servicePrincipalKind.kind,
    filter: { op: 'in', attribute: 'appId', values: firstPartyApplications.map(({ appId }) => appId) },
    limit: firstPartyApplications.length,
  });
  const principals = new Map(known.items.map(asServicePrincipal).map((one) => [one.attributes.appId, one]));
  const missing = firstPartyApplications.filter(({ appId }) => !principals.has(appId));
  if (missing.length === 0) return;
  for (const made of await createFirstPartyPrincipals(stores, act, missing))
    principals.set(made.attributes.appId, made);
  for (const { appId, preConsented } of missing) {
    for (const [resourceAppId, scope] of Object.entries(preConsented)) {
      const [client, resource] = [principals.get(appId), principals.get(resourceAppId)];
      if (!client || !resource) throw new Error(`${appId} or its resource ${resourceAppId} has no service principal.`);
      await grantPermission(stores, act, { clientId: client.id, resourceId: resource.id, principalId: null, scope });
    }
  }
}
