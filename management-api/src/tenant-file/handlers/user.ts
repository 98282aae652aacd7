import { type Handler, pick, referenceTo } from '../handler.ts';
import { type Item, relation } from '../item.ts';

/** Properties that a file may set; besides them, extension properties. */
const fields = [
  'accountEnabled',
  'ageGroup',
  'businessPhones',
  'city',
  'companyName',
  'country',
  'department',
  'displayName',
  'employeeHireDate',
  'employeeId',
  'employeeType',
  'faxNumber',
  'givenName',
  'identities',
  'jobTitle',
  'mail',
  'mailNickname',
  'mobilePhone',
  'officeLocation',
  'onPremisesImmutableId',
  'otherMails',
  'passwordPolicies',
  'postalCode',
  'preferredLanguage',
  'state',
  'streetAddress',
  'surname',
  'usageLocation',
  'userType',
] as const;

export const user: Handler = {
  async *read({ client, names }) {
    const $select = ['id', 'userPrincipalName', ...fields].join(',');
    for await (const found of client.each(client.listUsers({ $select, $top: 999 }))) {
      const key = found.userPrincipalName;
      if (!key) continue;
      names.add('user', key, found.id);
      yield { kind: 'user', key, fields: pick(found, fields) };
    }
  },

  async create({ client, names }, { key, fields: given, onlyAtCreation }) {
    const password = onlyAtCreation?.['initialPassword'];
    const made = await client.createUser({
      body: {
        accountEnabled: true,
        displayName: key,
        ...given,
        userPrincipalName: key,
        ...(typeof password === 'string' && {
          passwordProfile: { password, forceChangePasswordNextSignIn: false },
        }),
      },
    });
    names.add('user', key, made.id);
  },

  async update({ client, names }, { key }, changes) {
    const body = Object.fromEntries(changes.map(({ field, after }) => [field, after]));
    await client.updateUser({ id: names.id('user', key), body });
  },

  async remove({ client, names }, { key }) {
    await client.deleteUser({ id: names.id('user', key) });
  },
};

/** The one manager of a user. */
export const manager: Handler = {
  async *read({ client }) {
    const users = client.listUsers({
      $select: 'id,userPrincipalName',
      $expand: 'manager($select=id,userPrincipalName)',
      $top: 999,
    });
    for await (const found of client.each(users)) {
      const above: unknown = Reflect.get(found, 'manager');
      if (!found.userPrincipalName || above === null || typeof above !== 'object') continue;
      const name = Reflect.get(above, 'userPrincipalName');
      if (typeof name === 'string') yield relation('manager', found.userPrincipalName, name);
    }
  },

  async create(hub, item) {
    const { id, other } = ends(item);
    const body = referenceTo(hub, hub.names.id('user', other));
    await hub.client.setUserManager({ id: hub.names.id('user', id), body });
  },

  async remove({ client, names }, item) {
    await client.removeUserManager({ id: names.id('user', ends(item).id) });
  },
};

function ends({ from = '', to = '' }: Item): { id: string; other: string } {
  return { id: from, other: to };
}
