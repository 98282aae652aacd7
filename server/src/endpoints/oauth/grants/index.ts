import type { Provider } from 'oidc-provider';
import type { OAuthOptions } from '../stores.ts';
import type { OwnGrant } from './grant.ts';
import { onBehalfOf } from './on-behalf-of.ts';
import { passwordGrant } from './password.ts';
import { saml11Bearer, saml20Bearer } from './saml-bearer.ts';
import { tokenExchange } from './token-exchange.ts';

/** Grants that the provider does not bring. */
const grants: readonly OwnGrant[] = [onBehalfOf, tokenExchange, passwordGrant, saml20Bearer, saml11Bearer];

/** Teaches the provider our grants. A dialect's own names for them are changed in requests before they come here. */
export function registerGrants(provider: Provider, options: OAuthOptions, tenantId: string): void {
  for (const { grantType, parameters, handler } of grants) {
    provider.registerGrantType(grantType, handler(options, tenantId), ['scope', 'resource', ...parameters]);
  }
}
