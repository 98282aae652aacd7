import { type TenantFile, tenantFile } from './document.ts';
import { principalOf } from './flatten.ts';
import type { Item, ItemKind } from './item.ts';

/** The file of which these are the items: what `flatten` takes apart. */
export function unflatten(items: readonly Item[]): TenantFile {
  const ofKind = (kind: ItemKind) => items.filter((item) => item.kind === kind).sort(byKey);
  const ends = (kind: ItemKind, from: string) =>
    ofKind(kind)
      .filter((item) => item.from === from)
      .map(({ to = '' }) => to);
  const list = <Name extends string, Entry>(name: Name, entries: Entry[]) =>
    entries.length > 0 ? ({ [name]: entries } as Record<Name, Entry[]>) : {};

  const [tenant] = ofKind('tenant');
  const tenantName = tenant?.key ?? '';
  const [look] = ofKind('branding');
  return tenantFile.parse({
    tenant: {
      name: tenantName,
      ...tenant?.fields,
      ...list('domains', ends('domain', tenantName)),
      ...list('hosts', ends('host', tenantName)),
    },
    ...(look && { branding: look.fields }),
    ...policiesOf(items),
    ...list(
      'extensionProperties',
      ofKind('extensionProperty').map(({ from, to, fields }) => ({ application: from, name: to, ...fields })),
    ),
    ...list(
      'ruleGroups',
      ofKind('ruleGroup').map(({ key, fields }) => ({ id: key, ...fields })),
    ),
    ...list(
      'identityProviders',
      ofKind('identityProvider').map(({ key, fields }) => ({ id: key, ...fields })),
    ),
    ...list(
      'userFlows',
      ofKind('userFlow').map(({ key, fields }) => ({ name: key, ...fields })),
    ),
    ...list(
      'users',
      ofKind('user').map(({ key, fields }) => {
        const [manager] = ends('manager', key);
        return { userPrincipalName: key, ...fields, ...(manager !== undefined && { manager }) };
      }),
    ),
    ...list(
      'groups',
      ofKind('group').map(({ key, fields }) => ({
        displayName: key,
        ...fields,
        ...list('owners', ends('groupOwner', key).map(principalOf)),
        ...list('members', ends('member', key).map(principalOf)),
      })),
    ),
    ...list(
      'applications',
      ofKind('application').map(({ key, fields }) => ({
        displayName: key,
        ...fields,
        ...list('owners', ends('applicationOwner', key).map(principalOf)),
        ...list(
          'federatedCredentials',
          ofKind('federatedCredential')
            .filter(({ from }) => from === key)
            .map(({ to, fields: credential }) => ({ name: to, ...credential })),
        ),
        ...servicePrincipalOf(key),
        ...relyingPartyOf(key),
      })),
    ),
    ...map(
      'directoryRoles',
      ofKind('directoryRole').map(({ from = '', to = '' }) => [from, principalOf(to)]),
    ),
    ...scimOf(ofKind('scimSettings')[0], ofKind('scimToken')),
    ...list(
      'provisioning',
      ofKind('provisioning').map(({ key, fields }) => ({ application: key, ...fields })),
    ),
  });

  function relyingPartyOf(application: string): object {
    const own = ofKind('relyingParty').find(({ key }) => key === application);
    return own ? { relyingParty: own.fields } : {};
  }

  function servicePrincipalOf(application: string): object {
    const [own] = ofKind('servicePrincipal').filter(({ key }) => key === application);
    if (!own) return {};
    const split = (kind: ItemKind) => ends(kind, application).map(splitPair);
    return {
      servicePrincipal: {
        ...own.fields,
        ...map(
          'assignments',
          split('assignment').map(([role, holder]) => [role, principalOf(holder)]),
        ),
        ...map('consents', split('consent')),
        ...map('permissions', split('permission')),
      },
    };
  }
}

function policiesOf(items: readonly Item[]): object {
  const kinds = ['authorization', 'clientRegistration', 'passwords'];
  const found = items.filter(({ kind }) => kinds.includes(kind)).map(({ kind, fields }) => [kind, fields]);
  return found.length > 0 ? { policies: Object.fromEntries(found) } : {};
}

function scimOf(settings: Item | undefined, tokens: readonly Item[]): object {
  if (settings === undefined && tokens.length === 0) return {};
  const named = tokens.map(({ key, fields }) => ({ name: key, ...fields }));
  return { scim: { ...settings?.fields, ...(named.length > 0 && { tokens: named }) } };
}

function byKey(a: Item, b: Item): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

/** `outer / inner`; names of roles and resources may hold slashes, but never with a blank on both sides. */
function splitPair(text: string): [string, string] {
  const place = text.indexOf(' / ');
  return [text.slice(0, place), text.slice(place + 3)];
}

/** Entries of equal names together; nothing when there are none. */
function map<Entry>(name: string, pairs: [string, Entry][]): object {
  if (pairs.length === 0) return {};
  const grouped = Object.groupBy(pairs, ([key]) => key);
  return {
    [name]: Object.fromEntries(
      Object.entries(grouped).map(([key, same = []]) => [key, same.map(([, entry]) => entry)]),
    ),
  };
}
