/**
 * Speaks with the identity providers that a tenant trusts, each in its protocol: sends people there, and proves what comes
 * back. Relies on outbound calls for keys and tokens; who the person is here, others decide.
 */
import type { Upstream } from '../sign-in/index.ts';
import { oidcUpstream } from './oidc/oidc-upstream.ts';
import type { UpstreamParts } from './parts.ts';

export type { UpstreamParts } from './parts.ts';

/** Every protocol in which the hub asks identity providers. */
export function openUpstream(parts: UpstreamParts): Upstream {
  const protocols = { oidc: oidcUpstream(parts) };
  return {
    begin: (asked) => protocols[asked.provider.protocol].begin(asked),
    complete: (asked, answer) => protocols[asked.provider.protocol].complete(asked, answer),
  };
}
