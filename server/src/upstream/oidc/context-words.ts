import type { UpstreamRequest } from '../../sign-in/index.ts';
import type { UpstreamIdentity } from '../../upstream-providers/index.ts';

type Context = UpstreamIdentity['context'];

/** What providers call several factors: the Extended Authentication Profile of OpenID, REFEDS, Entra, and NIST's levels. */
const acrValues: Readonly<Record<Context, readonly string[]>> = {
  singleFactor: [],
  multiFactor: [
    'https://refeds.org/profile/mfa',
    'http://schemas.openid.net/pape/policies/2007/06/multi-factor',
    'aal2',
  ],
  phishingResistant: ['phr', 'phrh', 'aal3'],
};

/** The word that Entra ID and this hub use among `amr` (RFC 8176 2). */
const multipleFactors = 'mfa';

/** OIDC Core 3.1.2.1 `acr_values`; empty when nothing in particular is asked. */
export function acrValuesOf(context: NonNullable<UpstreamRequest['context']>): string {
  return acrValues[context].join(' ');
}

/** How strongly somebody proved to be there, as the provider says. Unknown words say nothing. */
export function contextOf(acr: unknown, amr: unknown): Context {
  const isOf = (context: Context) => typeof acr === 'string' && acrValues[context].includes(acr);
  if (isOf('phishingResistant')) return 'phishingResistant';
  const methods: unknown[] = Array.isArray(amr) ? amr : [];
  return isOf('multiFactor') || methods.includes(multipleFactors) ? 'multiFactor' : 'singleFactor';
}
