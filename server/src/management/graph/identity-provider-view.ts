import type { identityProviderOperations, ParsedRequestOf } from '@countersign/management-api';
import { upstreamPath } from '../../sign-in/index.ts';
import { type ProviderInput, presetOf, presets, type UpstreamProvider } from '../../upstream-providers/index.ts';
import type { AccountName } from '../../user-flows/index.ts';
import type { Call } from './call.ts';
import { badRequest } from './error.ts';
import type { Shown } from './resource-view.ts';

type ChangeBody = ParsedRequestOf<typeof identityProviderOperations.updateIdentityProvider>;

interface LocalProvider {
  accountName: AccountName;
  identityProviderType: string;
  displayName: string;
}

/** The kinds of local accounts as identity providers. The first has the id that Microsoft Graph gives it. */
export const localProviders: Readonly<Record<string, LocalProvider>> = {
  'EmailPassword-OAUTH': {
    accountName: 'emailAddress',
    identityProviderType: 'EmailPassword',
    displayName: 'Email with password',
  },
  UserNamePassword: {
    accountName: 'userName',
    identityProviderType: 'UserNamePassword',
    displayName: 'User name with password',
  },
  UserPrincipalNamePassword: {
    accountName: 'userPrincipalName',
    identityProviderType: 'UserPrincipalNamePassword',
    displayName: 'User principal name with password, as staff has it',
  },
};

export function localProviderView(id: string): Shown {
  const { displayName, identityProviderType } = localProviders[id] ?? {};
  return { id, '@odata.type': '#microsoft.graph.builtInIdentityProvider', displayName, identityProviderType };
}

/** @param hasClientSecret  whether we can prove ourselves to it */
export function providerView(call: Call, provider: UpstreamProvider, hasClientSecret: boolean): Shown {
  const { oidc, ...common } = provider;
  const { clientId, ...settings } = oidc;
  const vendor = presetOf(provider.issuer);
  return {
    '@odata.type': `#microsoft.graph.${vendor ? 'social' : 'oidc'}IdentityProvider`,
    identityProviderType: vendor ?? 'OpenIDConnect',
    ...common,
    clientId,
    oidc: settings,
    hasClientSecret,
    returnAddress: call.url.origin + upstreamPath(call.tenantId, provider.id),
  };
}

/** What the body of a request says of a provider. */
export function providerInput({
  '@odata.type': _,
  clientSecret: __,
  clientId,
  oidc,
  ...common
}: ChangeBody): ProviderInput {
  // The feature checks the names of algorithms.
  return { ...common, oidc: { ...oidc, clientId } as ProviderInput['oidc'] };
}

/** The same over what is known of the vendor. @throws GraphError `BadRequest` when none of this name is known */
export function newProviderInput(type: string | undefined, given: ProviderInput): ProviderInput {
  const name = type ?? 'OpenIDConnect';
  const preset = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (!preset) throw badRequest(`'${name}' is no known identityProviderType: take ${Object.keys(presets).join(', ')}.`);
  const oidc = Object.entries({ ...given.oidc }).filter(([, value]) => value !== undefined);
  return { ...preset, ...given, oidc: { ...preset.oidc, ...Object.fromEntries(oidc) } };
}
