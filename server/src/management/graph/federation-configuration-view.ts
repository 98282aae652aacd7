import type { federationConfigurationOperations, ParsedRequestOf } from '@countersign/management-api';
import type { ProviderInput, UpstreamProvider } from '../../upstream-providers/index.ts';
import { badRequest } from './error.ts';
import type { Shown } from './resource-view.ts';

/** What Microsoft Graph can describe: a provider that issues assertions. */
export type AssertionProvider = Extract<UpstreamProvider, { protocol: 'saml' | 'wsFederation' }>;

export function issuesAssertions(provider: UpstreamProvider): provider is AssertionProvider {
  return provider.protocol !== 'oidc';
}

const protocolWords = { saml: 'saml', wsFederation: 'wsFed' } as const;

/** As a provider of domains of others. */
export function externalFederationView(provider: AssertionProvider): Shown {
  const { id, displayName, issuer, protocol, metadataExchangeAddress } = provider;
  const { signingCertificates } = trustOf(provider);
  return {
    id,
    displayName,
    issuerUri: issuer,
    passiveSignInUri: protocol === 'saml' ? provider.saml.singleSignOn.location : provider.wsFederation.passiveEndpoint,
    metadataExchangeUri: metadataExchangeAddress,
    preferredAuthenticationProtocol: protocolWords[protocol],
    signingCertificate: signingCertificates[0] ?? null,
  };
}

/** As a provider of a domain of the tenant itself. */
export function internalFederationView(provider: AssertionProvider): Shown {
  const { activeSignInAddress, isMultiFactorTrusted } = provider;
  return {
    ...externalFederationView(provider),
    activeSignInUri: activeSignInAddress,
    nextSigningCertificate: trustOf(provider).signingCertificates[1] ?? null,
    isSignedAuthenticationRequestRequired: provider.protocol === 'saml' && provider.saml.signsRequests,
    federatedIdpMfaBehavior: isMultiFactorTrusted ? 'acceptIfMfaDoneByFederatedIdp' : 'rejectMfaByFederatedIdp',
  };
}

function trustOf(provider: AssertionProvider): { signingCertificates: readonly string[] } {
  return provider.protocol === 'saml' ? provider.saml : provider.wsFederation;
}

type Body = ParsedRequestOf<typeof federationConfigurationOperations.updateDomainFederation>;

/**
 * What the body of a request says of a provider.
 *
 * @param before  the provider that is changed
 * @throws GraphError `BadRequest` where the protocol would be another one
 */
export function federationInput(body: Body, before?: AssertionProvider): ProviderInput {
  const { preferredAuthenticationProtocol: word, federatedIdpMfaBehavior: behavior } = body;
  const protocol = before?.protocol ?? (word === 'saml' ? 'saml' : 'wsFederation');
  if (word !== undefined && word !== protocolWords[protocol]) {
    throw badRequest('The protocol of a provider stays: delete the configuration and create another.');
  }
  const signingCertificates = certificatesIn(body, before);
  return {
    protocol,
    displayName: body.displayName,
    issuer: body.issuerUri,
    metadataExchangeAddress: body.metadataExchangeUri,
    activeSignInAddress: body.activeSignInUri,
    ...(behavior !== undefined && { isMultiFactorTrusted: behavior === 'acceptIfMfaDoneByFederatedIdp' }),
    ...(protocol === 'saml'
      ? { saml: { ...samlPart(body, before), signingCertificates } }
      : { wsFederation: { passiveEndpoint: body.passiveSignInUri, signingCertificates } }),
  };
}

/** How requests are sent stays; Graph knows redirects only. */
function samlPart(
  { passiveSignInUri: location, isSignedAuthenticationRequestRequired }: Body,
  before?: UpstreamProvider,
) {
  const binding = before?.protocol === 'saml' ? before.saml.singleSignOn.binding : 'redirect';
  return {
    signsRequests: isSignedAuthenticationRequestRequired,
    ...(location !== undefined && { singleSignOn: { binding, location } as const }),
  };
}

/** The current certificate and the next one; further ones, which metadata may have brought, stay as long as neither changes. */
function certificatesIn(body: Body, before: AssertionProvider | undefined): string[] | undefined {
  const { signingCertificate, nextSigningCertificate } = body;
  if (signingCertificate === undefined && nextSigningCertificate === undefined) return undefined;
  const [current, next] = before ? trustOf(before).signingCertificates : [];
  const wanted = [signingCertificate ?? current, nextSigningCertificate === undefined ? next : nextSigningCertificate];
  return wanted.flatMap((certificate) => (certificate ? [certificate.replace(/\s/g, '')] : []));
}
