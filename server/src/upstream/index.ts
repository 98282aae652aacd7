/**
 * Speaks with the identity providers that a tenant trusts, each in its protocol: sends people there, and proves what comes
 * back. Relies on outbound calls for keys and tokens; who the person is here, others decide.
 */
import { type Upstream, UpstreamFailure, type UpstreamSignOut } from '../sign-in/index.ts';
import { oidcSignOut } from './oidc/oidc-sign-out.ts';
import { oidcUpstream } from './oidc/oidc-upstream.ts';
import type { SignOutParts, UpstreamParts } from './protocol.ts';
import { tokenProver } from './prove-token.ts';
import { samlSignOut } from './saml/saml-sign-out.ts';
import { samlUpstream } from './saml/saml-upstream.ts';
import { samlSoapServer } from './saml/serve-soap.ts';
import { wsFederationSignOut } from './ws-federation/ws-federation-sign-out.ts';
import { wsFederationUpstream } from './ws-federation/ws-federation-upstream.ts';

export type { UpstreamParts } from './protocol.ts';

/** Every protocol in which the hub asks identity providers. */
export function openUpstream(parts: UpstreamParts): Upstream {
  const [oidc, saml, wsFederation] = [oidcUpstream(parts), samlUpstream(parts), wsFederationUpstream(parts)];
  /** Does something in the protocol of the provider. */
  const speak: Upstream = {
    begin(asked) {
      const { provider } = asked;
      if (provider.protocol === 'oidc') return oidc.begin({ ...asked, provider });
      if (provider.protocol === 'saml') return saml.begin({ ...asked, provider });
      return wsFederation.begin({ ...asked, provider });
    },
    complete(asked, answer) {
      const { provider } = asked;
      if (provider.protocol === 'oidc') return oidc.complete({ ...asked, provider }, answer);
      if (provider.protocol === 'saml') return saml.complete({ ...asked, provider }, answer);
      return wsFederation.complete({ ...asked, provider }, answer);
    },
    async checkUnsolicited(expected, answer) {
      const { provider } = expected;
      if (provider.protocol === 'saml') return saml.checkUnsolicited({ ...expected, provider }, answer);
      throw new UpstreamFailure('upstream_answer_wrong', 'In this protocol nobody comes unasked.');
    },
    async describe(described) {
      const { provider } = described;
      return provider.protocol === 'saml' ? saml.describe({ ...described, provider }) : undefined;
    },
    prove: tokenProver(parts),
  };
  return speak;
}

/** Every protocol in which the hub and identity providers tell each other of sign-outs. */
export function openUpstreamSignOut(parts: SignOutParts): UpstreamSignOut {
  const [oidc, saml, wsFederation] = [oidcSignOut(parts), samlSignOut(parts), wsFederationSignOut(parts)];
  const serve = samlSoapServer(parts);
  return {
    tell(between, ...told) {
      const { provider } = between;
      if (provider.protocol === 'oidc') return oidc.tell({ ...between, provider }, ...told);
      if (provider.protocol === 'saml') return saml.tell({ ...between, provider }, ...told);
      return wsFederation.tell({ ...between, provider }, ...told);
    },
    hear(between, message) {
      const { provider } = between;
      if (provider.protocol === 'oidc') return oidc.hear({ ...between, provider }, message);
      if (provider.protocol === 'saml') return saml.hear({ ...between, provider }, message);
      return wsFederation.hear({ ...between, provider }, message);
    },
    async answer(between, ...answered) {
      const { provider } = between;
      return provider.protocol === 'saml' ? saml.answer({ ...between, provider }, ...answered) : undefined;
    },
    async serve(between, asked) {
      const { provider } = between;
      return provider.protocol === 'saml' ? serve({ ...between, provider }, asked) : undefined;
    },
  };
}
