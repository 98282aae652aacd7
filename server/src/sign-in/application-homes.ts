import { findServicePrincipal } from '../applications/index.ts';
import { fold } from '../directory/index.ts';
import type { ProvenFactor, UserFlow } from '../user-flows/index.ts';
import type { RequestedSignIn } from './requested-sign-in.ts';
import type { SignInWriting } from './store.ts';

/** By which an application names accounts of the tenant itself among the identity providers. */
const ownAccounts = 'local';

/** From where people may come to an application: ids of identity providers in any case, and `local`; null: from everywhere. */
export type ApplicationHomes = readonly string[] | null;

export async function findApplicationHomes(
  stores: Pick<SignInWriting, 'objects'>,
  tenantId: string,
  { appId }: RequestedSignIn['application'],
): Promise<ApplicationHomes> {
  const principal = await findServicePrincipal(stores, tenantId, appId);
  const named = principal?.attributes.identityProviders ?? [];
  return named.length === 0 ? null : named.map(fold);
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

/** Whether somebody who proved these factors came from such a place. */
export function comesFrom(homes: ApplicationHomes, factors: readonly Pick<ProvenFactor, 'federated'>[]): boolean {
  const provider = factors.find(({ federated }) => federated)?.federated?.provider;
  return homes === null || homes.includes(provider === undefined ? ownAccounts : fold(provider));
}
