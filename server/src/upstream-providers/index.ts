/**
 * The identity providers that a tenant trusts: how each is spoken to, what is believed of its words, and whose identity a
 * person there is here. Relies on directory and the rule language; speaks no protocol, and shows nothing.
 *
 * ```
 * UpstreamIdentity -> acceptClaims (rules, domains) -> acceptIdentity (provider + subject -> user, or newcomer)
 * ```
 */
export { acceptClaims } from './accept-claims.ts';
export { type Acceptance, acceptIdentity } from './accept-identity.ts';
export { upstreamProvidersErrors } from './errors.ts';
export { federateDomains } from './federate-domains.ts';
export { federatedDomainsOf, isFederatedName, providerOfDomain } from './federated-domains.ts';
export type { UpstreamIdentity, UpstreamSession } from './identity.ts';
export { identitiesOf, linkIdentity, unlinkIdentity } from './linked-identities.ts';
export { createNewcomer, type Newcomer } from './newcomer.ts';
export type { PresentedToken } from './presented-token.ts';
export { presetOf, presets } from './presets.ts';
export {
  commonOf,
  isUsable,
  type OidcTrust,
  type PromptLoginBehavior,
  type ProviderInput,
  type SamlTrust,
  type UpstreamProvider,
  type WsFederationTrust,
} from './provider.ts';
export { changeProvider, createProvider, getProvider, removeProvider } from './providers.ts';
export type { UpstreamProviderStore } from './store.ts';
