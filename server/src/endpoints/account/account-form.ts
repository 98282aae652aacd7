import { getServicePrincipal } from '../../applications/index.ts';
import type { DirectoryObject, Tenant } from '../../directory/index.ts';
import { listSessions, type Session } from '../../sign-in/index.ts';
import { isUsable } from '../../upstream-providers/index.ts';
import {
  type AuthenticationMethod,
  type Block,
  type Form,
  type ItemAction,
  type ItemsBlock,
  identitiesOf,
  identityKey,
  linkedIdentitiesOf,
  mayLink,
  providerOfIdentity,
  relyingParty,
  signInNameOf,
  type Text,
  unnamedPasskey,
} from '../../user-flows/index.ts';
import { deviceOf } from './device-of.ts';
import { openableApplications } from './openable-applications.ts';
import type { AccountStores } from './routes.ts';

/** Most consents that are shown; people have a handful. */
const mostConsents = 100;

/** Whose page it is, as the request shows it. */
export interface AccountPage {
  stores: AccountStores;
  tenant: Tenant;
  user: DirectoryObject;
  session: Session;
  origin: string;
  now: Date;
  isSaved: boolean;
}

/** Everything about somebody's account, with what can be done about it. */
export async function accountForm(page: AccountPage): Promise<Form> {
  const blocks: Block[] = [];
  if (page.isSaved) blocks.push({ kind: 'notice', tone: 'success', text: { key: 'myAccount.saved' } });
  blocks.push(
    ...(await openableApplications(page)),
    details(page),
    await factors(page),
    ...(await identities(page)),
    await sessions(page),
    await consents(page),
  );
  blocks.push({ kind: 'button', action: 'signOut', label: { key: 'myAccount.signOut' }, look: 'secondary' });
  return { title: { key: 'myAccount.title' }, blocks };
}

/** Staff's details are kept by administrators; customers keep their own. */
function details({ tenant, user }: AccountPage): ItemsBlock {
  const local = identitiesOf(user).filter(({ signInType }) => signInType !== 'federated');
  const hasEmail = local.some(({ signInType }) => signInType === 'emailAddress');
  const facts: (readonly [string, string])[] = [
    ['myAccount.name', String(user.attributes['displayName'] ?? '')],
    // The name of an account that people come to from elsewhere is made up.
    ...(local.length > 0 || !mayLink(tenant, user) ? [['myAccount.signInName', signInNameOf(user)] as const] : []),
  ];
  return {
    kind: 'items',
    title: { key: 'myAccount.profile' },
    items: facts.map(([key, value]) => ({ label: plain(value), details: [{ key }], actions: [] })),
    actions: [
      ...(local.length > 0 ? [task('profile', 'myAccount.profile.edit')] : []),
      ...(hasEmail ? [task('changeEmail', 'myAccount.email.change')] : []),
    ],
  };
}

async function factors({ stores, tenant, user, origin }: AccountPage): Promise<ItemsBlock> {
  const { id: tenantId } = tenant;
  const password = await stores.passwords.find(tenantId, user.id);
  const methods = await stores.authenticationMethods.list(tenantId, user.id);
  const codes = methods.length > 0 ? await stores.recoveryCodes.count(tenantId, user.id) : 0;
  const items: ItemsBlock['items'] = methods.map((method) => ({
    label: isUnnamed(method) ? { key: kindNames[method.kind] } : plain(method.displayName),
    details: methodDetails(method),
    actions: [remove(method.id)],
  }));
  if (password) {
    items.unshift({
      label: { key: 'myAccount.password' },
      details: [{ key: 'myAccount.password.changed', values: { date: password.changedAt } }],
      actions: [task('newPassword', 'myAccount.password.change')],
    });
  }
  if (methods.length > 0) {
    items.push({
      label: { key: 'myAccount.recoveryCodes' },
      details: [{ key: 'myAccount.recoveryCodes.left', values: { count: codes } }],
      actions: [task('newRecoveryCodes', 'myAccount.recoveryCodes.renew')],
    });
  }
  return {
    kind: 'items',
    title: { key: 'myAccount.factors' },
    items,
    actions: [
      ...(relyingParty(origin) === undefined ? [] : [task('registerPasskey', 'myAccount.factor.addPasskey')]),
      task('registerTotp', 'myAccount.factor.addTotp'),
      task('registerPhone', 'myAccount.factor.addPhone'),
    ],
  };
}

/** Accounts elsewhere; nothing where there can be none. */
async function identities({ stores, tenant, user }: AccountPage): Promise<ItemsBlock[]> {
  if (!mayLink(tenant, user)) return [];
  const providers = (await stores.upstreamProviders.list(tenant.id)).filter(isUsable);
  const own = linkedIdentitiesOf(user).map((identity) => ({
    identity,
    provider: providerOfIdentity({ providers }, identity),
  }));
  const others = providers.filter((one) => one.isListed && own.every(({ provider }) => provider !== one));
  if (own.length + others.length === 0) return [];
  return [
    {
      kind: 'items',
      title: { key: 'myAccount.identities' },
      empty: { key: 'myAccount.identities.none' },
      items: own.map(({ identity, provider }) => ({
        label: plain(provider?.displayName ?? identity.issuer),
        details: [{ key: 'myAccount.identity.known', values: { name: identity.issuerAssignedId } }],
        actions: [
          { name: 'unlink', value: identityKey(identity), label: { key: 'myAccount.identity.unlink' }, look: 'danger' },
        ],
      })),
      actions: others.map(({ id, displayName }) => ({
        name: 'link',
        value: id,
        label: { key: 'myAccount.identity.link', values: { provider: displayName } },
        look: 'secondary',
      })),
    },
  ];
}

const kindNames = { totp: 'factor.totp', passkey: 'factor.passkey', phone: 'factor.sms' } as const;

/** Its kind is all that there is to call it by. */
function isUnnamed({ kind, displayName }: AuthenticationMethod): boolean {
  return kind === 'totp' || (kind === 'passkey' && displayName === unnamedPasskey);
}

function methodDetails(method: AuthenticationMethod): Text[] {
  const { kind, createdAt, lastUsedAt } = method;
  return [
    ...(isUnnamed(method) ? [] : [{ key: kindNames[kind] }]),
    { key: 'myAccount.factor.added', values: { date: createdAt } },
    ...(lastUsedAt ? [{ key: 'myAccount.factor.used', values: { date: lastUsedAt } }] : []),
  ];
}

async function sessions({ stores, tenant, user, session, now }: AccountPage): Promise<ItemsBlock> {
  const all = await listSessions(stores, tenant.id, user.id, now);
  return {
    kind: 'items',
    title: { key: 'myAccount.sessions' },
    items: all.map(({ id, userAgent, lastUsedAt, address }) => {
      const isHere = id === session.id;
      const used = { key: 'myAccount.session.used', values: { date: lastUsedAt, address } };
      return {
        label: plain(deviceOf(userAgent)),
        details: isHere ? [{ key: 'myAccount.session.here' }, used] : [used],
        actions: isHere ? [] : [{ name: 'end', value: id, label: { key: 'myAccount.session.end' }, look: 'secondary' }],
      };
    }),
    actions:
      all.length > 1
        ? [{ name: 'end', value: 'others', label: { key: 'myAccount.session.endOthers' }, look: 'secondary' }]
        : [],
  };
}

async function consents({ stores, tenant, user }: AccountPage): Promise<ItemsBlock> {
  const { id: tenantId } = tenant;
  const grants = await stores.permissionGrants.list(tenantId, { principalId: user.id }, mostConsents);
  const items = grants.map(async ({ id, clientId, resourceId, scope }): Promise<ItemsBlock['items'][number]> => {
    const client = await getServicePrincipal(stores, tenantId, clientId);
    const resource = await getServicePrincipal(stores, tenantId, resourceId);
    const values = { resource: resource.attributes.displayName, scopes: scope.split(' ').join(', ') };
    return {
      label: plain(client.attributes.displayName),
      details: [{ key: 'myAccount.consent.scopes', values }],
      actions: [{ name: 'revoke', value: id, label: { key: 'myAccount.consent.revoke' }, look: 'secondary' }],
    };
  });
  return {
    kind: 'items',
    title: { key: 'myAccount.consents' },
    empty: { key: 'myAccount.consents.none' },
    items: await Promise.all(items),
    actions: [],
  };
}

function plain(text: string): Text {
  return { key: 'text', values: { text } };
}

function task(value: string, key: string): ItemAction {
  return { name: 'task', value, label: { key }, look: 'secondary' };
}

function remove(id: string): ItemAction {
  return { name: 'remove', value: id, label: { key: 'myAccount.factor.remove' }, look: 'danger' };
}
