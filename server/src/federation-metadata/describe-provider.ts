import type { Endpoint, Entity } from '@countersign/saml';
import { parseFederationMetadata } from '@countersign/ws-federation';
import type { XmlElement } from '@countersign/xml';
import type { ProviderInput, SamlTrust } from '../upstream-providers/index.ts';
import { type Described, describe, unusable } from './described.ts';

/**
 * What the metadata of an identity provider says of the trust: addresses, keys, its name.
 *
 * @param entityId  which entity, when it describes several
 * @throws Refusal `federation-metadata.unusable`
 */
export function describeProvider(
  protocol: 'saml' | 'wsFederation',
  document: XmlElement,
  entityId: string | undefined,
  now: Date,
): Described<ProviderInput> {
  return describe(document, entityId, now, (entity) => ({
    ...(protocol === 'saml' ? fromSaml(entity) : fromFederation(document)),
    isMetadataExpired: false,
  }));
}

function fromSaml({ entityId, displayName, identityProvider }: Entity): ProviderInput {
  if (!identityProvider) throw unusable('It describes no identity provider.');
  const { signingCertificates, singleSignOnServices, singleLogoutServices, artifactResolutionServices } =
    identityProvider;
  const singleSignOn = placeOf(singleSignOnServices);
  if (!singleSignOn) throw unusable('It has no address for sign-ins by Redirect or POST.');
  const singleLogout = placeOf(singleLogoutServices);
  const bySoap = singleLogoutServices.find(({ binding }) => binding === 'soap');
  const artifactResolution = artifactResolutionServices
    .filter(({ binding }) => binding === 'soap')
    .map(({ index, location }) => ({ index, location }));
  return {
    protocol: 'saml',
    issuer: entityId,
    ...(displayName !== undefined && { displayName }),
    saml: {
      signingCertificates,
      singleSignOn: { binding: singleSignOn.binding, location: singleSignOn.location },
      ...(singleLogout && { singleLogout }),
      ...(bySoap && { singleLogoutBySoap: bySoap.location }),
      ...(artifactResolution.length > 0 && { artifactResolution }),
    },
  };
}

/** By redirect where that is possible: it needs no script. */
function placeOf(services: readonly Endpoint[]): SamlTrust['singleLogout'] | undefined {
  for (const binding of ['redirect', 'post'] as const) {
    const found = services.find((service) => service.binding === binding);
    if (found) return { binding, location: found.location, responseLocation: found.responseLocation ?? null };
  }
  return undefined;
}

function fromFederation(document: XmlElement): ProviderInput {
  const { entityId, securityTokenService } = parseFederationMetadata(document);
  const [passiveEndpoint] = securityTokenService?.passiveEndpoints ?? [];
  if (!securityTokenService || passiveEndpoint === undefined) {
    throw unusable('It describes no security token service for browsers.');
  }
  const { displayName, signingCertificates, tokenEndpoints } = securityTokenService;
  const [metadataExchangeAddress] = tokenEndpoints.flatMap(({ metadataAddress }) => metadataAddress ?? []);
  return {
    protocol: 'wsFederation',
    issuer: entityId,
    ...(displayName !== undefined && { displayName }),
    ...(metadataExchangeAddress !== undefined && { metadataExchangeAddress }),
    wsFederation: { passiveEndpoint, signingCertificates },
  };
}
