import { domainOf, fold, type Tenant } from '../directory/index.ts';
import { isUsable, providerOfDomain, type UpstreamProvider } from '../upstream-providers/index.ts';
import { areButtonsEnough, type Homes, type Progress, type ProvenFactor, type UserFlow } from '../user-flows/index.ts';
import type { RequestedSignIn } from './requested-sign-in.ts';

/** Where the person signs in: here, at a provider, or wherever the person says. */
export type HomeRealm = { kind: 'local' } | { kind: 'provider'; provider: UpstreamProvider } | { kind: 'choose' };

/** What the home is decided from. */
export interface HomeFacts {
  tenant: Tenant;
  requested: Pick<RequestedSignIn, 'domainHint' | 'loginHint' | 'prompts'>;
  progress: Pick<Progress, 'home' | 'choosesHome' | 'path'>;
  homes: Homes;
  /** Id of the provider at which somebody signed in with this browser last. */
  rememberedHome: string | null;
  /** Whoever is signed in already, and proves it again where it was proven. */
  person: { factors: readonly ProvenFactor[] } | undefined;
}

/**
 * Decides where the person is at home (OASIS WS-Federation 1.2 13.3 calls it home realm discovery): what was chosen, else
 * the first hint that leads somewhere, else the only place there is. A hint that means nothing here is passed over.
 */
export function decideHome(facts: HomeFacts): HomeRealm {
  const { tenant, progress, homes, person } = facts;
  // Whoever cannot get to the provider any more may have a password here.
  if (person) return progress.choosesHome ? { kind: 'local' } : provenHome(homes, person.factors);
  if (progress.home !== null) return chosenHome(homes, progress.home);
  if (!progress.choosesHome) {
    for (const hint of hints) {
      const found = hint(facts);
      if (found) return found;
    }
  }
  if (homes.providers.length === 0) return { kind: 'local' };
  // The page for accounts of the tenant itself offers the others besides.
  const isOnePage = homes.isLocal && (progress.path === 'signUp' || areButtonsEnough(tenant, homes));
  return isOnePage ? { kind: 'local' } : { kind: 'choose' };
}

/** The places that a flow allows. */
export function readHomes(
  providers: readonly UpstreamProvider[],
  flow: Pick<UserFlow, 'providers' | 'accountNames'>,
): Homes {
  return {
    providers: providers.filter(
      (provider) => isUsable(provider) && (flow.providers === null || has(flow.providers, provider.id)),
    ),
    isLocal: flow.accountNames.length > 0,
  };
}

/** Every way to know a home without asking, strongest first. */
const hints: readonly ((facts: HomeFacts) => HomeRealm | undefined)[] = [
  ({ tenant, requested: { domainHint }, homes }) =>
    domainHint === null ? undefined : hinted(tenant, homes, domainHint.trim()),
  ({ tenant, requested: { loginHint }, homes }) =>
    loginHint?.includes('@') ? hinted(tenant, homes, domainOf(loginHint)) : undefined,
  // OIDC Core 3.1.2.1: `select_account` asks although the browser knows somebody. Whoever signs up is somebody else.
  ({ requested, progress, rememberedHome, homes }) =>
    requested.prompts.includes('select_account') || progress.path === 'signUp' || rememberedHome === null
      ? undefined
      : atProvider(findProvider(homes, rememberedHome)),
  ({ homes: { providers, isLocal } }) => (providers.length === 1 && !isLocal ? atProvider(providers[0]) : undefined),
];

/** A hint is a domain, or the provider itself by id or issuer (`whr`). */
function hinted(tenant: Tenant, homes: Homes, hint: string): HomeRealm | undefined {
  const domain = fold(hint);
  const provider = providerOfDomain(tenant, homes.providers, domain) ?? findProvider(homes, hint);
  if (provider) return atProvider(provider);
  const isOwn = tenant.domains.some(({ name, verifiedAt }) => verifiedAt !== null && name === domain);
  return isOwn && homes.isLocal ? { kind: 'local' } : undefined;
}

function findProvider({ providers }: Homes, idOrIssuer: string): UpstreamProvider | undefined {
  return providers.find(({ id, issuer }) => fold(id) === fold(idOrIssuer) || issuer === idOrIssuer);
}

function chosenHome(homes: Homes, home: NonNullable<Progress['home']>): HomeRealm {
  if (home === 'local') return homes.isLocal ? { kind: 'local' } : { kind: 'choose' };
  return atProvider(findProvider(homes, home.provider)) ?? { kind: 'choose' };
}

/** Whoever must prove to be there again does so in the same way. */
function provenHome(homes: Homes, factors: readonly ProvenFactor[]): HomeRealm {
  const id = factors.find(({ federated }) => federated)?.federated?.provider;
  return (id === undefined ? undefined : atProvider(findProvider(homes, id))) ?? { kind: 'local' };
}

function atProvider(provider: UpstreamProvider | undefined): HomeRealm | undefined {
  return provider && { kind: 'provider', provider };
}

function has(ids: readonly string[], id: string): boolean {
  return ids.some((other) => fold(other) === fold(id));
}
