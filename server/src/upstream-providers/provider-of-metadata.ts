import { type Entity, getEntity, parseMetadata, SamlStatusError } from '@countersign/saml';
import { parseFederationMetadata, WsFederationError } from '@countersign/ws-federation';
import { metadataLimits, parseXml, XmlError } from '@countersign/xml';
import { refuse } from './errors.ts';
import type { ProviderInput, SamlTrust } from './provider.ts';

/**
 * What the metadata of an identity provider says of the trust: addresses, keys, its name. What it does not say is left
 * out, so that a change of metadata keeps what administrators decided.
 *
 * @param entityId  which entity, when it describes several
 * @throws Refusal `upstream-providers.metadata_unusable`
 */
export function providerOfMetadata(
  protocol: 'saml' | 'wsFederation',
  text: string,
  entityId: string | undefined,
  now: Date,
): ProviderInput {
  try {
    return protocol === 'saml' ? fromSaml(text, entityId, now) : fromFederation(text, now);
  } catch (error) {
    if (error instanceof XmlError || error instanceof SamlStatusError || error instanceof WsFederationError) {
      throw refuse('upstream-providers.metadata_unusable', { problem: error.message }, error);
    }
    throw error;
  }
}

function fromSaml(text: string, wanted: string | undefined, now: Date): ProviderInput {
  const { entityId, displayName, identityProvider } = getEntity(
    parseMetadata(parseXml(text, metadataLimits)),
    wanted,
    now,
  );
  if (!identityProvider) throw unusable('it describes no identity provider');
  const { signingCertificates, singleSignOnServices } = identityProvider;
  return {
    protocol: 'saml',
    issuer: entityId,
    ...(displayName !== undefined && { displayName }),
    saml: { signingCertificates, singleSignOn: placeOf(singleSignOnServices) },
  };
}

type Services = NonNullable<Entity['identityProvider']>['singleSignOnServices'];

/** By redirect where that is possible: it needs no script. */
function placeOf(services: Services): SamlTrust['singleSignOn'] {
  for (const wanted of ['redirect', 'post'] as const) {
    const found = services.find(({ binding }) => binding === wanted);
    if (found) return { binding: wanted, location: found.location };
  }
  throw unusable('it has no address for sign-ins by Redirect or POST');
}

function fromFederation(text: string, now: Date): ProviderInput {
  const { entityId, validUntil, securityTokenService } = parseFederationMetadata(parseXml(text, metadataLimits));
  const [passiveEndpoint] = securityTokenService?.passiveEndpoints ?? [];
  if (!securityTokenService || passiveEndpoint === undefined) {
    throw unusable('it describes no security token service for browsers');
  }
  if (validUntil && validUntil <= now) throw unusable(`it was valid until ${validUntil.toISOString()}`);
  const { displayName, signingCertificates } = securityTokenService;
  return {
    protocol: 'wsFederation',
    issuer: entityId,
    ...(displayName !== undefined && { displayName }),
    wsFederation: { passiveEndpoint, signingCertificates },
  };
}

function unusable(problem: string): Error {
  return refuse('upstream-providers.metadata_unusable', { problem });
}
