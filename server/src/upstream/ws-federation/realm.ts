import { entityIdOf } from '../entity-id.ts';
import type { BetweenOf } from '../protocol.ts';

/** By what the provider knows us. */
export function realmOf(
  publicUrl: URL,
  { provider, tenantId }: Pick<BetweenOf<'wsFederation'>, 'provider' | 'tenantId'>,
): string {
  return provider.wsFederation.realm ?? entityIdOf(publicUrl, tenantId);
}
