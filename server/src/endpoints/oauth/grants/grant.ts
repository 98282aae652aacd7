import { errors, type TokenEndpointGrantContext } from 'oidc-provider';
import type { OAuthOptions } from '../stores.ts';

export type GrantContext = TokenEndpointGrantContext;

/** One grant: its name, its parameters besides `scope` and `resource`, and what answers it. */
export interface OwnGrant {
  grantType: string;
  parameters: readonly string[];
  handler(options: OAuthOptions, tenantId: string): (ctx: GrantContext) => Promise<void>;
}

/** A parameter that the request must have. @throws InvalidRequest */
export function requiredParameter({ oidc }: GrantContext, name: string): string {
  const value = oidc.params[name];
  if (typeof value !== 'string' || value === '') throw new errors.InvalidRequest(`missing required parameter ${name}`);
  return value;
}
