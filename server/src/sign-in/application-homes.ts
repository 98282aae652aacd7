import { findServicePrincipal } from '../applications/index.ts';
import { type DirectoryObject, fold } from '../directory/index.ts';
import { identitiesOf } from '../upstream-providers/index.ts';
import { getFlow, type Homes, type ProvenFactor, type UserFlow } from '../user-flows/index.ts';
import { federatedReference } from './authentication-context.ts';
import { readHomes } from './home-realm.ts';
import type { RequestedSignIn } from './requested-sign-in.ts';
import type { SignInWriting } from './store.ts';

/** By which an application names accounts of the tenant itself among the identity providers. */
export const ownAccounts = 'local';

/** From where people may come to an application: folded ids of identity providers, and `local`; null: from everywhere. */
export type ApplicationHomes = readonly string[] | null;

export async function findApplicationHomes(
  stores: Pick<SignInWriting, 'objects'>,
  tenantId: string,
  { appId }: Pick<RequestedSignIn['application'], 'appId'>,
): Promise<ApplicationHomes> {
  const principal = await findServicePrincipal(stores, tenantId, appId);
  const named = principal?.attributes.identityProviders ?? [];
  return named.length === 0 ? null : named.map(fold);
}

/** The places of the application that the request leaves. */
export function intersectHomes(homes: ApplicationHomes, limited: ApplicationHomes): ApplicationHomes {
  if (homes === null || limited === null) return homes ?? limited;
  return limited.filter((home) => comesFrom(homes, home));
}

/** The flow with no more than the places of the application. */
export function narrowFlow(flow: UserFlow, homes: ApplicationHomes): UserFlow {
  if (homes === null) return flow;
  const isLocal = homes.includes(ownAccounts);
  const { accountNames, offersPasskeys, offersPasswordReset, providers } = flow;
  return {
    ...flow,
    accountNames: isLocal ? accountNames : [],
    offersPasskeys: isLocal && offersPasskeys,
    offersPasswordReset: isLocal && offersPasswordReset,
    providers: (providers ?? homes).filter((id) => homes.includes(fold(id))),
  };
}

/** The place where somebody proved these factors: the id of an identity provider, or `local`. */
export function homeOf(factors: readonly Pick<ProvenFactor, 'federated'>[]): string {
  return factors.find(({ federated }) => federated)?.federated?.provider ?? ownAccounts;
}

/** Whether somebody from there may come to the application. */
export function comesFrom(homes: ApplicationHomes, home: string): boolean {
  return homes === null || homes.includes(fold(home));
}

/** The places where people can prove who they are for an application, in the flow in which staff signs in. */
export async function findHomes(
  stores: SignInWriting,
  tenantId: string,
  application: Pick<RequestedSignIn['application'], 'appId'>,
): Promise<Homes> {
  const homes = await findApplicationHomes(stores, tenantId, application);
  const flow = narrowFlow(await getFlow(stores, tenantId, null), homes);
  return readHomes(await stores.upstreamProviders.list(tenantId), flow);
}

/**
 * Whether somebody may come to an application with an access token. It says whether an identity provider proved who the
 * person is, and not which one: it was one of those at which the account has an identity, so each of them must do.
 */
export async function mayComeWithToken(
  stores: Pick<SignInWriting, 'objects' | 'upstreamProviders'>,
  tenantId: string,
  application: Pick<RequestedSignIn['application'], 'appId'>,
  user: DirectoryObject,
  methods: readonly string[],
): Promise<boolean> {
  const homes = await findApplicationHomes(stores, tenantId, application);
  if (homes === null) return true;
  if (!methods.includes(federatedReference)) return comesFrom(homes, ownAccounts);
  const allowed = (await stores.upstreamProviders.list(tenantId)).filter(({ id }) => comesFrom(homes, id));
  const federated = identitiesOf(user).filter(({ signInType }) => signInType === 'federated');
  return (
    federated.length > 0 && federated.every((identity) => allowed.some(({ issuer }) => issuer === identity.issuer))
  );
}
