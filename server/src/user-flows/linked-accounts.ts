import { createHash } from 'node:crypto';
import {
  type DirectoryObject,
  type DirectoryStores,
  fold,
  identityName,
  type ObjectIdentity,
  type Tenant,
} from '../directory/index.ts';
import { isFederatedName, type UpstreamProvider } from '../upstream-providers/index.ts';
import { identitiesOf } from './find-account.ts';
import type { Homes } from './step.ts';
import type { UserFlowStores } from './store.ts';

type Reading = Pick<DirectoryStores, 'passwords'> & Pick<UserFlowStores, 'authenticationMethods'>;

/** The identities of a user at identity providers. */
export function linkedIdentitiesOf(user: DirectoryObject): ObjectIdentity[] {
  return identitiesOf(user).filter(({ signInType }) => signInType === 'federated');
}

/** The provider of an identity, among those where people can sign in. */
export function providerOfIdentity(
  { providers }: Pick<Homes, 'providers'>,
  { issuer }: ObjectIdentity,
): UpstreamProvider | undefined {
  return providers.find((provider) => fold(provider.issuer) === fold(issuer));
}

/** A name for an identity that stands in forms. */
export function identityKey(identity: ObjectIdentity): string {
  return createHash('sha256').update(identityName(identity)).digest('base64url');
}

/** People decide by themselves what their account is linked to, unless it is kept by administrators: that of staff. */
export function mayLink(tenant: Tenant, user: DirectoryObject): boolean {
  const isFederated = isFederatedName(tenant, String(user.attributes['userPrincipalName']));
  return !isFederated && identitiesOf(user).length > 0;
}

/**
 * Whether a user can still sign in without something: a password, a passkey or an identity at a provider. Mailboxes and
 * codes only confirm.
 *
 * @param lost  id of an authentication method, or key of an identity
 */
export async function hasAnotherWay(
  stores: Reading,
  tenantId: string,
  user: DirectoryObject,
  homes: Pick<Homes, 'providers'>,
  lost: string,
): Promise<boolean> {
  const hasIdentity = linkedIdentitiesOf(user).some(
    (identity) => identityKey(identity) !== lost && providerOfIdentity(homes, identity) !== undefined,
  );
  if (hasIdentity || (await stores.passwords.find(tenantId, user.id))) return true;
  const methods = await stores.authenticationMethods.list(tenantId, user.id);
  return methods.some(({ kind, id }) => kind === 'passkey' && id !== lost);
}
