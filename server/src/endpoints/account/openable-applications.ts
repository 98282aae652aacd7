import { findApplication, type ServicePrincipal } from '../../applications/index.ts';
import type { ItemsBlock } from '../../user-flows/index.ts';
import type { AccountPage } from './account-form.ts';

/** Most assignments that are looked at; people have tens. */
const mostAssignments = 1_000;
/** Entra's mark of applications that are not shown to people. */
const hidden = 'HideApp';

/** The applications that somebody has assigned to the user, themselves or by a group, and that can be opened from here. */
export async function openableApplications({ stores, tenant, user }: AccountPage): Promise<ItemsBlock[]> {
  const groupIds = await stores.links.listTransitiveGroupIds(tenant.id, user.id);
  const principalIds = [user.id, ...groupIds];
  const assignments = await stores.appRoleAssignments.list(tenant.id, { principalIds }, mostAssignments);
  const ids = [...new Set(assignments.map(({ resourceId }) => resourceId))];
  const items = await Promise.all(ids.map((id) => openable(stores, tenant.id, id)));
  const found = items.filter((item) => item !== undefined);
  if (found.length === 0) return [];
  return [
    {
      kind: 'items',
      title: { key: 'myAccount.applications' },
      items: found
        .toSorted((a, b) => a.name.localeCompare(b.name))
        .map(({ name, href }) => ({ label: { key: 'text', values: { text: name } }, href, details: [], actions: [] })),
      actions: [],
    },
  ];
}

async function openable(stores: AccountPage['stores'], tenantId: string, id: string) {
  const object = await stores.objects.find(tenantId, id);
  if (object?.kind !== 'servicePrincipal') return undefined;
  const { attributes } = object as ServicePrincipal;
  if (!attributes.accountEnabled || attributes.tags?.includes(hidden)) return undefined;
  const href = (await startAddress(stores, tenantId, id, attributes.appId)) ?? attributes.homepage;
  return href === undefined ? undefined : { name: attributes.displayName, href };
}

/** Where a sign-in at the application begins, if it may begin at the hub: by its own page (OIDC Core 4), or here. */
async function startAddress(stores: AccountPage['stores'], tenantId: string, id: string, appId: string) {
  const application = await findApplication(stores, tenantId, appId);
  if (application?.attributes.oauthClient?.initiateLoginUri !== undefined)
    return `/${tenantId}/oauth2/v2.0/start/${id}`;
  const party = await stores.relyingParties.find(tenantId, id);
  return party?.isUnsolicitedAllowed ? `/${tenantId}/saml2/start/${id}` : undefined;
}
