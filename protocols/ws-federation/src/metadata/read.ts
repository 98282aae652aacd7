import { metadataNamespace, parseMetadata } from '@countersign/saml';
import {
  findAttribute,
  findChild,
  findNamespace,
  getAttribute,
  getChild,
  listChildren,
  listElements,
  parseBoolean,
  signatureNamespace,
  textOf,
  tokenOf,
  walk,
  type XmlElement,
} from '@countersign/xml';
import { reading, WsFederationError } from '../errors.ts';
import { namespaces } from '../vocabulary.ts';
import type { ClaimDescription, FederationApplication, FederationMetadata, SecurityTokenService } from './roles.ts';

/**
 * Reads the WS-Federation roles of a metadata document with one entity (the SAML roles in it are for
 * {@link parseMetadata}). Throws {@link WsFederationError}.
 */
export function parseFederationMetadata(document: XmlElement): FederationMetadata {
  return reading(() => {
    const [entity, ...others] = parseMetadata(document);
    if (!entity || others.length > 0 || document.name !== 'EntityDescriptor') {
      throw new WsFederationError('metadata.content', 'The document does not describe one entity.');
    }
    const roles = listChildren(document, metadataNamespace, 'RoleDescriptor');
    const service = findRole(roles, 'SecurityTokenServiceType');
    const application = findRole(roles, 'ApplicationServiceType');
    return {
      entityId: entity.entityId,
      validUntil: entity.validUntil,
      securityTokenService: service && parseService(service),
      application: application && parseApplication(application),
    };
  });
}

/**
 * The role of this type. The type is a qualified name, so its prefix is resolved. Exclusive canonicalization leaves out
 * namespaces that only values use (Exclusive XML Canonicalization 1.0, 1.1), so that what was signed may not have it: then
 * the role's protocol says of whose types it is.
 */
function findRole(roles: readonly XmlElement[], type: string): XmlElement | undefined {
  const found = roles.filter((role) => {
    const [prefix = '', name] = (findAttribute(role, 'type', namespaces.xsi) ?? '').split(':');
    const protocols = (findAttribute(role, 'protocolSupportEnumeration') ?? '').split(/\s+/);
    const namespace = findNamespace(role.scope, prefix) ?? protocols.find((uri) => uri === namespaces.federation);
    return name === type && namespace === namespaces.federation;
  });
  if (found.length > 1) throw new WsFederationError('metadata.content', `There are several ${type}.`);
  return found[0];
}

function parseService(role: XmlElement): SecurityTokenService {
  return {
    displayName: findAttribute(role, 'ServiceDisplayName'),
    signingCertificates: listCertificates(role, 'signing'),
    tokenTypes: listIn(role, 'TokenTypesOffered').map((type) => getAttribute(type, 'Uri')),
    claimTypes: listIn(role, 'ClaimTypesOffered').map(parseClaimType),
    tokenEndpoints: listChildren(role, namespaces.federation, 'SecurityTokenServiceEndpoint').map((endpoint) => ({
      address: readAddress(endpoint),
      metadataAddress: findMetadataAddress(endpoint),
    })),
    passiveEndpoints: listPassiveEndpoints(role),
  };
}

function parseApplication(role: XmlElement): FederationApplication {
  const scopes = findChild(role, namespaces.federation, 'TargetScopes');
  return {
    displayName: findAttribute(role, 'ServiceDisplayName'),
    encryptionCertificates: listCertificates(role, 'encryption'),
    claimTypes: listIn(role, 'ClaimTypesRequested').map((claim) => ({
      ...parseClaimType(claim),
      isRequired: !parseBoolean(findAttribute(claim, 'Optional') ?? 'false'),
    })),
    audiences: scopes
      ? listChildren(scopes, namespaces.addressing, 'EndpointReference').map((reference) =>
          tokenOf(getChild(reference, namespaces.addressing, 'Address')),
        )
      : [],
    passiveEndpoints: listPassiveEndpoints(role),
  };
}

/** The elements inside the role's one list of this name. */
function listIn(role: XmlElement, name: string): XmlElement[] {
  const list = findChild(role, namespaces.federation, name);
  return list ? listElements(list) : [];
}

function parseClaimType(element: XmlElement): ClaimDescription {
  const displayName = findChild(element, namespaces.authorization, 'DisplayName');
  const description = findChild(element, namespaces.authorization, 'Description');
  return {
    type: getAttribute(element, 'Uri'),
    displayName: displayName && textOf(displayName),
    description: description && textOf(description),
  };
}

function listPassiveEndpoints(role: XmlElement): string[] {
  return listChildren(role, namespaces.federation, 'PassiveRequestorEndpoint').map(readAddress);
}

/** Browsers will be sent there, or we will call it. */
function readAddress(endpoint: XmlElement): string {
  const reference = getChild(endpoint, namespaces.addressing, 'EndpointReference');
  return checkAddress(tokenOf(getChild(reference, namespaces.addressing, 'Address')));
}

function findMetadataAddress(endpoint: XmlElement): string | undefined {
  let address: string | undefined;
  walk(endpoint, (element) => {
    if (element.namespace !== namespaces.metadataExchange || element.name !== 'MetadataReference') return;
    address = checkAddress(tokenOf(getChild(element, namespaces.addressing, 'Address')));
  });
  return address;
}

function checkAddress(address: string): string {
  const protocol = URL.parse(address)?.protocol;
  if (protocol === 'https:' || protocol === 'http:') return address;
  throw new WsFederationError('metadata.content', `"${address.slice(0, 200)}" is no address of the web.`);
}

function listCertificates(role: XmlElement, use: 'signing' | 'encryption'): string[] {
  return listChildren(role, metadataNamespace, 'KeyDescriptor')
    .filter((key) => (findAttribute(key, 'use') ?? use) === use)
    .flatMap((key) => listChildren(getChild(key, signatureNamespace, 'KeyInfo'), signatureNamespace, 'X509Data'))
    .flatMap((data) => listChildren(data, signatureNamespace, 'X509Certificate'))
    .map((certificate) => textOf(certificate).replace(/\s+/g, ''));
}
