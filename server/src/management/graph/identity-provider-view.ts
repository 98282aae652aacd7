import type { identityProviderOperations, ParsedRequestOf } from '@countersign/management-api';
import type { FollowedMetadata } from '../../federation-metadata/index.ts';
import { upstreamLogoutPath, upstreamPath } from '../../sign-in/index.ts';
import {
  commonOf,
  type ProviderInput,
  presetOf,
  presets,
  type UpstreamProvider,
} from '../../upstream-providers/index.ts';
import type { AccountName } from '../../user-flows/index.ts';
import type { Call } from './call.ts';
import { badRequest } from './error.ts';
import { metadataView } from './metadata-view.ts';
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

interface ProviderSurroundings {
  hasClientSecret: boolean;
  federatedDomains: readonly string[];
  followed: FollowedMetadata | undefined;
}

/** What providers of each protocol are called. Microsoft Graph has no kind of its own for the last two. */
const protocolTypes = { oidc: 'OpenIDConnect', saml: 'SAML', wsFederation: 'WSFederation' } as const;

export function providerView(
  call: Call,
  provider: UpstreamProvider,
  { hasClientSecret, federatedDomains, followed }: ProviderSurroundings,
): Shown {
  const vendor = provider.protocol === 'oidc' ? presetOf(provider.issuer) : undefined;
  const returnAddress = call.url.origin + upstreamPath(call.tenantId, provider.id);
  return {
    '@odata.type': `#microsoft.graph.${vendor ? 'social' : 'oidc'}IdentityProvider`,
    identityProviderType: vendor ?? protocolTypes[provider.protocol],
    protocol: provider.protocol,
    ...commonOf(provider),
    ...settingsOf(provider),
    federatedDomains,
    hasClientSecret,
    returnAddress,
    signOutAddress: call.url.origin + upstreamLogoutPath(call.tenantId, provider.id),
    ...(provider.protocol === 'saml' && { metadataAddress: `${returnAddress}/metadata` }),
    ...metadataView(provider, followed),
  };
}

function settingsOf(provider: UpstreamProvider): object {
  if (provider.protocol === 'saml') return { saml: provider.saml };
  if (provider.protocol === 'wsFederation') return { wsFederation: provider.wsFederation };
  const { clientId, ...oidc } = provider.oidc;
  return { clientId, oidc };
}

/**
 * What the body of a request says of a provider. What it says itself goes over what its metadata says.
 *
 * @param described  by its metadata
 */
export function providerInput(
  protocol: UpstreamProvider['protocol'],
  body: ChangeBody,
  described: ProviderInput = {},
): ProviderInput {
  const {
    '@odata.type': _,
    clientSecret: __,
    federatedDomains: ___,
    isFederationConfirmed: ____,
    clientId,
    oidc,
    saml,
    wsFederation,
    metadata: _____,
    metadataSource: ______,
    entityId: _______,
    ...common
  } = body;
  return {
    ...described,
    ...common,
    ...(body.metadataSource === null && { isMetadataExpired: false }),
    protocol,
    // The feature checks the names of algorithms.
    oidc: { ...oidc, clientId } as ProviderInput['oidc'],
    saml: { ...described.saml, ...saml },
    wsFederation: { ...described.wsFederation, ...wsFederation },
  };
}

/** The protocol of a type of provider. */
export function protocolOfType(type: string | undefined): UpstreamProvider['protocol'] {
  if (type === protocolTypes.saml) return 'saml';
  return type === protocolTypes.wsFederation ? 'wsFederation' : 'oidc';
}

/** The same over what is known of the vendor. @throws GraphError `BadRequest` when none of this name is known */
export function newProviderInput(type: string | undefined, given: ProviderInput): ProviderInput {
  if (given.protocol !== 'oidc') return given;
  const name = type ?? protocolTypes.oidc;
  const preset = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (!preset) {
    const known = [...Object.keys(presets), protocolTypes.saml, protocolTypes.wsFederation];
    throw badRequest(`'${name}' is no known identityProviderType: take ${known.join(', ')}.`);
  }
  const oidc = Object.entries({ ...given.oidc }).filter(([, value]) => value !== undefined);
  return { ...preset, ...given, oidc: { ...preset.oidc, ...Object.fromEntries(oidc) } };
}
