import { domainOf, type Tenant } from '../directory/index.ts';
import { federatedDomainsOf, providerOfDomain, type UpstreamProvider } from '../upstream-providers/index.ts';
import type { Block } from './form.ts';
import type { Homes, Input, Moved, StepContext } from './step.ts';

/**
 * A button for each provider that people are offered by name.
 * @param divider  key of the words between them and what stands above; undefined where nothing does
 */
export function providerButtons(homes: Homes, divider: string | undefined): Block[] {
  const choices = listed(homes).map(({ id, displayName, logo }) => ({
    value: id,
    label: { key: 'text', values: { text: displayName } },
    ...(logo !== null && { icon: logo }),
  }));
  if (choices.length === 0) return [];
  return [
    ...(divider === undefined ? [] : [{ kind: 'divider', text: { key: divider } } as const]),
    { kind: 'choice', action: 'provider', choices },
  ];
}

/** The outcome of a page on which one of these buttons was pressed. */
export function chosenProvider(homes: Homes, input: Input): Moved | undefined {
  const chosen = listed(homes).find(({ id }) => id === input['provider']);
  return chosen && goingTo(chosen, null);
}

/** The provider to which the domain of a typed name leads. */
export function providerOfName({ tenant, homes }: Pick<StepContext, 'tenant' | 'homes'>, name: string) {
  return name.includes('@') ? providerOfDomain(tenant, homes.providers, domainOf(name)) : undefined;
}

/** Whether every provider is chosen by its button alone, so that a page for local accounts can offer them besides. */
export function areButtonsEnough(tenant: Tenant, { providers }: Homes): boolean {
  return providers.every(
    (provider) =>
      provider.isListed && provider.domains.length === 0 && federatedDomainsOf(tenant, provider).length === 0,
  );
}

/** @param typedName  the name that led there */
export function goingTo({ id }: UpstreamProvider, typedName: string | null): Moved {
  return { outcome: 'moved', progress: { home: { provider: id }, typedName, choosesHome: false } };
}

function listed({ providers }: Homes): UpstreamProvider[] {
  return providers.filter(({ isListed }) => isListed);
}
