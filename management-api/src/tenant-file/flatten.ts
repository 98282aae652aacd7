import type { Principal, TenantFile } from './document.ts';
import { type Item, type ItemKind, isInitialDomain, relation } from './item.ts';
import { type Desired, listId } from './plan.ts';

/** The name under which a principal appears in items: `group:` and `application:` tell it from a user. */
export function principalName(principal: Principal): string {
  if (typeof principal === 'string') return principal;
  return 'group' in principal ? `group:${principal.group}` : `application:${principal.application}`;
}

/** The opposite of `principalName`. */
export function principalOf(name: string): Principal {
  if (name.startsWith('group:')) return { group: name.slice('group:'.length) };
  if (name.startsWith('application:')) return { application: name.slice('application:'.length) };
  return name;
}

/** The items of a file. */
export function flatten(file: TenantFile): Desired {
  const items: Item[] = [];
  const wholeLists = new Set<string>();
  const list = (kind: ItemKind, from: string, names: readonly string[] | undefined) => {
    if (!names) return;
    wholeLists.add(listId(kind, from));
    items.push(...names.map((to) => relation(kind, from, to)));
  };

  const { name: tenantName, domains, hosts, ...tenant } = file.tenant;
  items.push({ kind: 'tenant', key: tenantName, fields: tenant });
  list(
    'domain',
    tenantName,
    domains?.filter((domain) => !isInitialDomain(tenantName, domain)),
  );
  list('host', tenantName, hosts);
  for (const kind of ['authorization', 'clientRegistration', 'passwords'] as const) {
    const fields = file.policies?.[kind];
    if (fields) items.push({ kind, key: tenantName, fields });
  }
  if (file.branding) items.push({ kind: 'branding', key: tenantName, fields: file.branding });

  for (const { application, name, ...fields } of file.extensionProperties ?? []) {
    items.push(relation('extensionProperty', application, name, fields));
  }
  for (const { id, ...fields } of file.ruleGroups ?? []) items.push({ kind: 'ruleGroup', key: id, fields });
  for (const { id, ...fields } of file.identityProviders ?? [])
    items.push({ kind: 'identityProvider', key: id, fields });
  for (const { name, ...fields } of file.userFlows ?? []) items.push({ kind: 'userFlow', key: name, fields });
  for (const { userPrincipalName, initialPassword, manager, ...fields } of file.users ?? []) {
    items.push({
      kind: 'user',
      key: userPrincipalName,
      fields,
      ...(initialPassword === undefined ? {} : { onlyAtCreation: { initialPassword } }),
    });
    list('manager', userPrincipalName, manager === undefined ? undefined : manager === null ? [] : [manager]);
  }
  for (const { displayName, members, owners, ...fields } of file.groups ?? []) {
    items.push({ kind: 'group', key: displayName, fields });
    list('member', displayName, members?.map(principalName));
    list('groupOwner', displayName, owners?.map(principalName));
  }
  for (const entry of file.applications ?? []) {
    const { displayName, owners, federatedCredentials, servicePrincipal, relyingParty, ...fields } = entry;
    items.push({ kind: 'application', key: displayName, fields });
    list('applicationOwner', displayName, owners?.map(principalName));
    if (federatedCredentials) wholeLists.add(listId('federatedCredential', displayName));
    for (const { name, ...credential } of federatedCredentials ?? []) {
      items.push(relation('federatedCredential', displayName, name, credential));
    }
    if (relyingParty) items.push({ kind: 'relyingParty', key: displayName, fields: relyingParty });
    if (!servicePrincipal) continue;
    const { assignments, consents, permissions, ...own } = servicePrincipal;
    items.push({ kind: 'servicePrincipal', key: displayName, fields: own });
    list('assignment', displayName, assignments && pairs(assignments, principalName));
    list('consent', displayName, consents && pairs(consents, String));
    list('permission', displayName, permissions && pairs(permissions, String));
  }
  for (const [role, holders] of Object.entries(file.directoryRoles ?? {})) {
    list('directoryRole', role, holders.map(principalName));
  }
  const { tokens = [], ...scimSettings } = file.scim ?? {};
  if (file.scim) items.push({ kind: 'scimSettings', key: tenantName, fields: scimSettings });
  for (const { name, ...fields } of tokens) items.push({ kind: 'scimToken', key: name, fields });
  for (const { application, ...fields } of file.provisioning ?? []) {
    items.push({ kind: 'provisioning', key: application, fields });
  }
  return { items, wholeLists };
}

/** `outer / inner` for every inner entry. */
function pairs<Entry>(map: Readonly<Record<string, readonly Entry[]>>, nameOf: (entry: Entry) => string): string[] {
  return Object.entries(map).flatMap(([outer, entries]) => entries.map((entry) => `${outer} / ${nameOf(entry)}`));
}
