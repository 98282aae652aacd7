import { type AuthnRequest, SamlStatusError } from '@countersign/saml';
import { ownAccounts, type Proxying } from '../../sign-in/index.ts';
import type { Homes } from '../../user-flows/index.ts';

/** What a request says of others who prove in our place who the person is. */
type Scoping = Pick<AuthnRequest, 'issuer' | 'identityProviders' | 'proxyCount' | 'requesterIds'>;

/** Whether the request says anything of them that we heed. */
export function isScoped({ identityProviders, proxyCount }: Scoping): boolean {
  return identityProviders !== undefined || proxyCount !== undefined;
}

/**
 * Decides who may prove who the person is (SAML Core 3.4.1.2 to 3.4.1.5). With a count of 0 that is nobody but ourselves. A
 * list names whom the application trusts for it: where we are in it ourselves, whom we ask is our matter.
 *
 * @param homes  where people can prove it for the application
 * @returns `preferred`: the provider that the application would have first
 * @throws SamlStatusError `request.proxy_count`, `request.identity_providers` when nobody is left
 */
export function decideProxying(
  { issuer, identityProviders: listed, proxyCount: count, requesterIds = [] }: Scoping,
  { isLocal, providers }: Homes,
  entityId: string,
): { proxying: Proxying; preferred: string | null } {
  const known = (listed ?? []).flatMap((name) => providers.find((provider) => provider.issuer === name)?.id ?? []);
  const isOurs = listed === undefined || listed.includes(entityId);
  if (!isOurs && known.length === 0) {
    throw new SamlStatusError('request.identity_providers', `Nobody of ${listed.join(', ')} is known here.`);
  }
  // SAML Core 3.4.1.5.1: MUST NOT proxy, and MUST say so unless it can directly authenticate the presenter.
  const mayAsk = count !== 0;
  if (!mayAsk && !(isLocal && isOurs)) throw new SamlStatusError('request.proxy_count', 'Nobody can sign in here.');
  return {
    proxying: {
      homes: mayAsk ? (isOurs ? null : known) : [ownAccounts],
      count: count ?? null,
      providers: listed ?? null,
      requesters: [...requesterIds, issuer],
    },
    preferred: mayAsk ? (known[0] ?? null) : null,
  };
}
