import type { federationConfigurationOperations, ParsedRequestOf } from '@countersign/management-api';
import type { ProviderInput, SamlTrust, UpstreamProvider, WsFederationTrust } from '../../upstream-providers/index.ts';
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
    promptLoginBehavior: trustOf(provider).promptLoginBehavior,
    signOutUri: signOutUriOf(provider),
    federatedIdpMfaBehavior: isMultiFactorTrusted ? 'acceptIfMfaDoneByFederatedIdp' : 'rejectMfaByFederatedIdp',
  };
}

/** Where people sign out; WS-Federation has one address for everything. */
function signOutUriOf(provider: AssertionProvider): string | null {
  if (provider.protocol === 'saml') return provider.saml.singleLogout?.location ?? null;
  const { endsSession, passiveEndpoint } = provider.wsFederation;
  return endsSession ? passiveEndpoint : null;
}

function trustOf(provider: AssertionProvider): Pick<SamlTrust, 'signingCertificates' | 'promptLoginBehavior'> {
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
  const { promptLoginBehavior } = body;
  const common = { signingCertificates: certificatesIn(body, before), promptLoginBehavior };
  return {
    protocol,
    displayName: body.displayName,
    issuer: body.issuerUri,
    metadataExchangeAddress: body.metadataExchangeUri,
    activeSignInAddress: body.activeSignInUri,
    ...(behavior !== undefined && { isMultiFactorTrusted: behavior === 'acceptIfMfaDoneByFederatedIdp' }),
    ...(protocol === 'saml'
      ? { saml: { ...samlPart(body, before), ...common } }
      : { wsFederation: { ...wsFederationPart(body, before), ...common } }),
  };
}

/** How requests are sent stays; Graph knows redirects only. */
function samlPart({ passiveSignInUri, signOutUri, ...body }: Body, before?: UpstreamProvider): Partial<SamlTrust> {
  const { singleSignOn, singleLogout } = before?.protocol === 'saml' ? before.saml : {};
  const { isSignedAuthenticationRequestRequired: signsRequests } = body;
  const redirect = { binding: 'redirect', responseLocation: null } as const;
  return {
    ...(signsRequests !== undefined && { signsRequests }),
    ...(passiveSignInUri !== undefined && {
      singleSignOn: { binding: singleSignOn?.binding ?? 'redirect', location: passiveSignInUri },
    }),
    ...(signOutUri !== undefined && {
      singleLogout: signOutUri === null ? null : { ...redirect, ...singleLogout, location: signOutUri },
    }),
  };
}

/** WS-Federation 1.2 13.2.4: people sign out where they sign in, by another `wa`, which tools may write into the address. */
function wsFederationPart(
  { passiveSignInUri, signOutUri }: Body,
  before?: UpstreamProvider,
): Partial<WsFederationTrust> {
  const passiveEndpoint =
    passiveSignInUri ?? (before?.protocol === 'wsFederation' ? before.wsFederation.passiveEndpoint : '');
  const [address] = signOutUri?.split(/[?&]wa=/) ?? [];
  if (address !== undefined && address !== passiveEndpoint) {
    throw badRequest(
      'People sign out of WS-Federation where they sign in: signOutUri must be passiveSignInUri, or null.',
    );
  }
  return {
    ...(passiveSignInUri !== undefined && { passiveEndpoint }),
    ...(signOutUri !== undefined && { endsSession: signOutUri !== null }),
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
