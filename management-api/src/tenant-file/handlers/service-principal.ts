import { TenantFileError } from '../error.ts';
import { type Handler, type Hub, pick } from '../handler.ts';
import { itemId, relation } from '../item.ts';
import { relationId } from './directory-role.ts';

const fields = ['identityProviders', 'notes', 'preferredSingleSignOnMode', 'tags'] as const;

/** The role of who is assigned without one, where the application declares none. */
const noRole = '00000000-0000-0000-0000-000000000000';

/** Service principals of applications that are registered in the tenant. Others only lend their names. */
export const servicePrincipal: Handler = {
  async *read({ client, names, appRoles }) {
    const $select = [
      'id',
      'appId',
      'displayName',
      'appRoles',
      'accountEnabled',
      'appRoleAssignmentRequired',
      ...fields,
    ];
    const all = client.listServicePrincipals({ $select: $select.join(','), $top: 999 });
    for await (const found of client.each(all)) {
      const roles = (found.appRoles ?? []).flatMap(({ id, value }) => (id && value ? [{ id, value }] : []));
      appRoles.set(found.id, roles);
      if (found.displayName) names.add('servicePrincipal', found.displayName, found.id);
      const application = names.nameOf(found.appId ?? '');
      if (application === undefined) continue;
      const { accountEnabled, appRoleAssignmentRequired } = found;
      yield {
        kind: 'servicePrincipal',
        key: application,
        fields: { ...pick(found, fields), accountEnabled, appRoleAssignmentRequired },
      };
    }
  },

  async create({ client, names, appRoles }, { key, fields: given }) {
    const made = await client.createServicePrincipal({ body: { ...given, appId: names.id('appId', key) } });
    names.add('servicePrincipal', key, made.id);
    appRoles.set(
      made.id,
      (made.appRoles ?? []).flatMap(({ id, value }) => (id && value ? [{ id, value }] : [])),
    );
  },

  async update({ client, names }, { key }, changes) {
    const body = Object.fromEntries(changes.map(({ field, after }) => [field, after]));
    await client.updateServicePrincipal({ id: names.id('servicePrincipal', key), body });
  },

  async remove({ client, names }, { key }) {
    await client.deleteServicePrincipal({ id: names.id('servicePrincipal', key) });
  },
};

/** Delegated permissions with consent for everybody, as `resource / scope value`. */
export const consent: Handler = {
  async *read(hub) {
    for (const { name, id } of ownServicePrincipals(hub)) {
      for (const { resourceId, scope } of await grantsOf(hub, id)) {
        const resource = hub.names.nameOf(resourceId ?? '');
        if (resource === undefined) continue;
        for (const value of scopesOf(scope)) yield relation('consent', name, `${resource} / ${value}`);
      }
    }
  },

  create: (hub, { from = '', to = '' }) => changeConsent(hub, from, to, (scopes, value) => [...scopes, value]),
  remove: (hub, { from = '', to = '' }) =>
    changeConsent(hub, from, to, (scopes, value) => scopes.filter((scope) => scope !== value)),
};

/** Application permissions that were granted, as `resource / role value`. */
export const permission: Handler = {
  async *read(hub) {
    const { client, names, relationIds } = hub;
    for (const { name, id } of ownServicePrincipals(hub)) {
      for await (const found of client.each(client.listServicePrincipalAppRoleAssignments({ id }))) {
        const resource = names.nameOf(found.resourceId ?? '');
        const role = roleValue(hub, found.resourceId, found.appRoleId);
        if (resource === undefined || role === undefined) continue;
        const item = relation('permission', name, `${resource} / ${role}`);
        relationIds.set(itemId(item), found.id);
        yield item;
      }
    }
  },

  async create(hub, { from = '', to = '' }) {
    const [resource, role] = split(to);
    const principalId = hub.names.id('servicePrincipal', from);
    const resourceId = hub.names.id('servicePrincipal', resource);
    const body = { principalId, resourceId, appRoleId: roleId(hub, resource, resourceId, role) };
    await hub.client.createServicePrincipalAppRoleAssignment({ id: principalId, body });
  },

  async remove(hub, item) {
    const id = hub.names.id('servicePrincipal', item.from ?? '');
    await hub.client.deleteServicePrincipalAppRoleAssignment({ id, assignmentId: relationId(hub, item) });
  },
};

/** Users and groups that hold a role of the application, as `role value / holder`. */
export const assignment: Handler = {
  async *read(hub) {
    const { client, names, relationIds } = hub;
    for (const { name, id } of ownServicePrincipals(hub)) {
      for await (const found of client.each(client.listAppRoleAssignedTo({ id }))) {
        // What is granted to a service principal is its permission and stands there.
        if (found.principalType === 'ServicePrincipal') continue;
        const holder = names.principalName({ id: found.principalId ?? '' });
        const role = roleValue(hub, id, found.appRoleId);
        if (holder === undefined || role === undefined) continue;
        const item = relation('assignment', name, `${role} / ${holder}`);
        relationIds.set(itemId(item), found.id);
        yield item;
      }
    }
  },

  async create(hub, { from = '', to = '' }) {
    const [role, holder] = split(to);
    const id = hub.names.id('servicePrincipal', from);
    const body = {
      principalId: hub.names.principalId(holder),
      resourceId: id,
      appRoleId: roleId(hub, from, id, role),
    };
    await hub.client.createAppRoleAssignedTo({ id, body });
  },

  async remove(hub, item) {
    const id = hub.names.id('servicePrincipal', item.from ?? '');
    await hub.client.deleteAppRoleAssignedTo({ id, assignmentId: relationId(hub, item) });
  },
};

/** Service principals of the tenant's own applications. */
function ownServicePrincipals({ names }: Hub): { name: string; id: string }[] {
  const own = new Set(names.all('application').map(({ name }) => name.toLowerCase()));
  return names.all('servicePrincipal').filter(({ name }) => own.has(name.toLowerCase()));
}

async function grantsOf({ client }: Hub, clientId: string) {
  const grants = client.each(client.listOauth2PermissionGrants({ $filter: `clientId eq '${clientId}'` }));
  return (await Array.fromAsync(grants)).filter(({ consentType }) => consentType === 'AllPrincipals');
}

/** One grant holds all scopes of a client at a resource, so it is made, changed or removed as a whole. */
async function changeConsent(
  hub: Hub,
  clientName: string,
  to: string,
  change: (scopes: string[], value: string) => string[],
): Promise<void> {
  const { client, names } = hub;
  const [resource, value] = split(to);
  const clientId = names.id('servicePrincipal', clientName);
  const resourceId = names.id('servicePrincipal', resource);
  const present = (await grantsOf(hub, clientId)).find((grant) => grant.resourceId === resourceId);
  const scope = change(scopesOf(present?.scope), value).join(' ');
  if (!present) {
    await client.createOauth2PermissionGrant({ body: { clientId, resourceId, consentType: 'AllPrincipals', scope } });
  } else if (scope === '') {
    await client.deleteOauth2PermissionGrant({ id: present.id });
  } else {
    await client.updateOauth2PermissionGrant({ id: present.id, body: { scope } });
  }
}

function scopesOf(scope: string | undefined): string[] {
  return (scope ?? '').split(' ').filter((value) => value !== '');
}

function split(text: string): [string, string] {
  const place = text.indexOf(' / ');
  return [text.slice(0, place), text.slice(place + 3)];
}

function roleValue({ appRoles }: Hub, resourceId: string | undefined, roleId: string | undefined): string | undefined {
  if (roleId === noRole) return '';
  return appRoles.get(resourceId ?? '')?.find(({ id }) => id === roleId)?.value;
}

function roleId({ appRoles }: Hub, resource: string, resourceId: string, value: string): string {
  if (value === '') return noRole;
  const role = appRoles.get(resourceId)?.find((candidate) => candidate.value === value);
  if (!role) throw new TenantFileError(`The application ${resource} has no role ${value}.`);
  return role.id;
}
