import { TenantFileError } from '../error.ts';
import { type Handler, type Hub, pick, referenceTo } from '../handler.ts';
import { type Item, itemId, relation } from '../item.ts';
import { relationId } from './directory-role.ts';

const fields = [
  'api',
  'appRoles',
  'description',
  'groupMembershipClaims',
  'identifierUris',
  'info',
  'isFallbackPublicClient',
  'notes',
  'oauthClient',
  'optionalClaims',
  'publicClient',
  'requiredResourceAccess',
  'samlMetadataUrl',
  'serviceManagementReference',
  'signInAudience',
  'spa',
  'tags',
  'web',
] as const;

/** Registered applications. Secrets and certificates are not in files. */
export const application: Handler = {
  async *read({ client, names }) {
    const $select = ['id', 'appId', 'displayName', ...fields].join(',');
    for await (const found of client.each(client.listApplications({ $select, $top: 999 }))) {
      const { displayName: key, appId } = found;
      if (!key || !appId) continue;
      names.add('application', key, found.id);
      names.add('appId', key, appId);
      yield { kind: 'application', key, fields: pick(found, fields) };
    }
  },

  async create({ client, names }, { key, fields: given }) {
    const made = await client.createApplication({ body: { ...given, displayName: key } });
    names.add('application', key, made.id);
    if (made.appId) names.add('appId', key, made.appId);
  },

  async update({ client, names }, { key }, changes) {
    const body = Object.fromEntries(changes.map(({ field, after }) => [field, after]));
    await client.updateApplication({ id: names.id('application', key), body });
  },

  async remove({ client, names }, { key }) {
    await client.deleteApplication({ id: names.id('application', key) });
  },
};

export const applicationOwner: Handler = {
  async *read({ client, names }) {
    for (const { name, id } of names.all('application')) {
      for await (const found of client.each(client.listApplicationOwners({ id }))) {
        const owner = names.principalName(found);
        if (owner !== undefined) yield relation('applicationOwner', name, owner);
      }
    }
  },

  async create(hub, { from = '', to = '' }) {
    const { client, names } = hub;
    const id = names.id('application', from);
    const owner = names.principalId(to);
    // Whoever makes an application owns it from the beginning.
    for await (const present of client.each(client.listApplicationOwners({ id }))) if (present.id === owner) return;
    await client.addApplicationOwner({ id, body: referenceTo(hub, owner) });
  },

  async remove({ client, names }, { from = '', to = '' }) {
    await client.removeApplicationOwner({ id: names.id('application', from), ownerId: names.principalId(to) });
  },
};

/** Attributes that the tenant declares itself, by the application that declares them and the short name. */
export const extensionProperty: Handler = {
  async *read({ client, names, relationIds }) {
    for (const { name, id } of names.all('application')) {
      for await (const found of client.each(client.listExtensionProperties({ id }))) {
        const shortName = found.name?.replace(/^extension_[0-9a-f]{32}_/i, '');
        if (!shortName) continue;
        const item = relation(
          'extensionProperty',
          name,
          shortName,
          pick(found, ['dataType', 'isMultiValued', 'targetObjects', 'description']),
        );
        relationIds.set(itemId(item), found.id);
        yield item;
      }
    }
  },

  async create({ client, names }, { from = '', to = '', fields: given }) {
    // The server judges the fields.
    const body = { ...given, name: to } as unknown as NonNullable<
      Parameters<typeof client.createExtensionProperty>[0]
    >['body'];
    await client.createExtensionProperty({ id: names.id('application', from), body });
  },

  async update({ client, names }, { key, from = '', to = '' }, changes) {
    for (const { field, after } of changes) {
      if (field !== 'description') throw new TenantFileError(`The ${field} of ${key} cannot be changed any more.`);
      const id = `extension_${names.id('appId', from).replaceAll('-', '')}_${to}`;
      await client.updateUserFlowAttribute({ id, body: { description: after === null ? null : String(after) } });
    }
  },

  async remove(hub, item) {
    const id = hub.names.id('application', item.from ?? '');
    await hub.client.deleteExtensionProperty({ id, propertyId: relationId(hub, item) });
  },
};

export const federatedCredential: Handler = {
  async *read({ client, names, relationIds }) {
    for (const { name, id } of names.all('application')) {
      for await (const found of client.each(client.listFederatedIdentityCredentials({ id }))) {
        if (!found.name) continue;
        const item = relation(
          'federatedCredential',
          name,
          found.name,
          pick(found, ['issuer', 'subject', 'audiences', 'description']),
        );
        relationIds.set(itemId(item), found.id);
        yield item;
      }
    }
  },

  async create({ client, names }, { from = '', to = '', fields: given }) {
    const body = { ...given, name: to } as unknown as NonNullable<
      Parameters<typeof client.createFederatedIdentityCredential>[0]
    >['body'];
    await client.createFederatedIdentityCredential({ id: names.id('application', from), body });
  },

  async update(hub, item, changes) {
    const body = Object.fromEntries(changes.map(({ field, after }) => [field, after]));
    await hub.client.updateFederatedIdentityCredential({ ...placeOf(hub, item), body });
  },

  async remove(hub, item) {
    await hub.client.deleteFederatedIdentityCredential(placeOf(hub, item));
  },
};

function placeOf(hub: Hub, item: Item): { id: string; credentialId: string } {
  return { id: hub.names.id('application', item.from ?? ''), credentialId: relationId(hub, item) };
}
