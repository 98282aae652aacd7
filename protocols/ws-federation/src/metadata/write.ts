import { buildKeyDescriptor } from '@countersign/saml';
import type { XmlElement } from '@countersign/xml';
import { buildEndpointReference } from '../token-response.ts';
import { build, namespaces } from '../vocabulary.ts';
import type { ClaimDescription, FederationApplication, SecurityTokenService } from './roles.ts';

/**
 * The `md:RoleDescriptor` of a security token service, for SAML's metadata document, with everything in the order of
 * its schema. A service needs at least one address for WS-Trust; browsers' addresses stand in for missing ones.
 */
export function buildSecurityTokenService(service: SecurityTokenService): XmlElement {
  const { tokenTypes, claimTypes, tokenEndpoints, passiveEndpoints } = service;
  const endpoints = tokenEndpoints.length > 0 ? tokenEndpoints : passiveEndpoints.map((address) => ({ address }));
  return buildRole('SecurityTokenServiceType', service.displayName, [
    service.signingCertificates.map((certificate) => buildKeyDescriptor('signing', certificate)),
    build(
      'fed:TokenTypesOffered',
      {},
      tokenTypes.map((uri) => build('fed:TokenType', { Uri: uri })),
    ),
    build(
      'fed:ClaimTypesOffered',
      {},
      claimTypes.map((claim) => buildClaimType(claim, true)),
    ),
    endpoints.map((endpoint) => build('fed:SecurityTokenServiceEndpoint', {}, buildTokenEndpoint(endpoint))),
    buildPassiveEndpoints(passiveEndpoints),
  ]);
}

/** The `md:RoleDescriptor` of an application. */
export function buildFederationApplication(application: FederationApplication): XmlElement {
  const { claimTypes, audiences, passiveEndpoints } = application;
  return buildRole('ApplicationServiceType', application.displayName, [
    application.encryptionCertificates.map((certificate) => buildKeyDescriptor('encryption', certificate)),
    build(
      'fed:ClaimTypesRequested',
      {},
      claimTypes.map((claim) => buildClaimType(claim, !claim.isRequired)),
    ),
    build('fed:TargetScopes', {}, audiences.map(buildEndpointReference)),
    passiveEndpoints.map((address) => build('fed:ApplicationServiceEndpoint', {}, buildEndpointReference(address))),
    buildPassiveEndpoints(passiveEndpoints),
  ]);
}

type Content = Parameters<typeof build>[2];

function buildRole(type: string, displayName: string | undefined, content: Content): XmlElement {
  return build(
    'md:RoleDescriptor',
    {
      'xsi:type': `fed:${type}`,
      protocolSupportEnumeration: namespaces.federation,
      ServiceDisplayName: displayName,
    },
    content,
    ['fed'],
  );
}

function buildClaimType({ type, displayName, description }: ClaimDescription, isOptional: boolean): XmlElement {
  return build('auth:ClaimType', { Uri: type, Optional: isOptional }, [
    displayName === undefined ? undefined : build('auth:DisplayName', {}, displayName),
    description === undefined ? undefined : build('auth:Description', {}, description),
  ]);
}

function buildTokenEndpoint({ address, metadataAddress }: SecurityTokenService['tokenEndpoints'][number]): XmlElement {
  if (metadataAddress === undefined) return buildEndpointReference(address);
  // WS-MetadataExchange 1.1 5: where the policy of the endpoint is to be had.
  const section = build(
    'mex:MetadataSection',
    {},
    build('mex:MetadataReference', {}, build('wsa:Address', {}, metadataAddress)),
  );
  return build('wsa:EndpointReference', {}, [
    build('wsa:Address', {}, address),
    build('wsa:Metadata', {}, build('mex:Metadata', {}, section)),
  ]);
}

function buildPassiveEndpoints(addresses: readonly string[]): XmlElement[] {
  return addresses.map((address) => build('fed:PassiveRequestorEndpoint', {}, buildEndpointReference(address)));
}
