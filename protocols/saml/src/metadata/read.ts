import {
  findAttribute,
  findChild,
  getAttribute,
  getChild,
  isNamed,
  listChildren,
  listElements,
  parseBoolean,
  parseInstant,
  parseUnsignedShort,
  signatureNamespace,
  textOf,
  tokenOf,
  type XmlElement,
} from '@countersign/xml';
import { reading, SamlStatusError } from '../errors.ts';
import { type Binding, bindings, metadataNamespace, protocolNamespace, samlNamespace } from '../vocabulary.ts';
import { parseDuration } from './duration.ts';
import type {
  AttributeDescription,
  Contact,
  EncryptionKeyDescriptor,
  Endpoint,
  Entity,
  IdentityProvider,
  IndexedEndpoint,
  Organization,
  Role,
  ServiceProvider,
} from './entity.ts';

const mduiNamespace = 'urn:oasis:names:tc:SAML:metadata:ui';

/**
 * Reads a metadata document: every entity in it, also from nested lists. Roles for other protocols, services by
 * bindings this package does not know, and key descriptors without a certificate are left out. Throws
 * {@link SamlStatusError}.
 */
export function parseMetadata(document: XmlElement): Entity[] {
  return reading(() => listEntities(document, {}));
}

/** What a list of entities hands down to its members (SAML Metadata 2.3.1). */
interface Inherited {
  validUntil?: Date | undefined;
  cacheSeconds?: number | undefined;
}

function listEntities(element: XmlElement, outer: Inherited): Entity[] {
  const inherited = inherit(element, outer);
  if (isNamed(element, metadataNamespace, 'EntityDescriptor')) return [parseEntity(element, inherited)];
  if (!isNamed(element, metadataNamespace, 'EntitiesDescriptor')) {
    throw new SamlStatusError('metadata.content', `The document is a ${element.name}, no SAML metadata.`);
  }
  return listElements(element)
    .filter(({ namespace, name }) => namespace === metadataNamespace && name.startsWith('Entit'))
    .flatMap((child) => listEntities(child, inherited));
}

/** The earlier end and the shorter time count (SAML Metadata 2.3.1, 2.3.2, 2.4.1). */
function inherit(element: XmlElement, { validUntil, cacheSeconds }: Inherited): Inherited {
  const ownEnd = findAttribute(element, 'validUntil');
  const ownCache = findAttribute(element, 'cacheDuration');
  const ends = [validUntil, ownEnd === undefined ? undefined : parseInstant(ownEnd)].filter((end) => end !== undefined);
  const caches = [cacheSeconds, ownCache === undefined ? undefined : parseDuration(ownCache)];
  const shortest = Math.min(...caches.filter((seconds) => seconds !== undefined));
  return {
    validUntil: ends.length > 0 ? new Date(Math.min(...ends.map((end) => end.getTime()))) : undefined,
    cacheSeconds: Number.isFinite(shortest) ? shortest : undefined,
  };
}

function parseEntity(element: XmlElement, inherited: Inherited): Entity {
  const entityId = getAttribute(element, 'entityID').trim();
  // SAML Metadata 2.2.1
  if (entityId === '' || entityId.length > 1024) throw new SamlStatusError('metadata.content', 'An entityID is bad.');
  const identityProvider = findRole(element, 'IDPSSODescriptor');
  const serviceProvider = findRole(element, 'SPSSODescriptor');
  const limits = [identityProvider, serviceProvider].reduce(
    (all, role) => (role ? inherit(role, all) : all),
    inherited,
  );
  const organization = findChild(element, metadataNamespace, 'Organization');
  return {
    entityId,
    ...limits,
    displayName: [identityProvider, serviceProvider].map(findDisplayName).find((name) => name !== undefined),
    organization: organization && parseOrganization(organization),
    contacts: listChildren(element, metadataNamespace, 'ContactPerson').map(parseContact),
    identityProvider: identityProvider && parseIdentityProvider(identityProvider),
    serviceProvider: serviceProvider && parseServiceProvider(serviceProvider),
  };
}

/** The descriptor for SAML 2.0: one entity may have others for other protocols (SAML Metadata 2.4.1). */
function findRole(entity: XmlElement, name: string): XmlElement | undefined {
  const roles = listChildren(entity, metadataNamespace, name).filter((role) =>
    (findAttribute(role, 'protocolSupportEnumeration') ?? '').split(/\s+/).includes(protocolNamespace),
  );
  if (roles.length > 1) throw new SamlStatusError('metadata.content', `There are several ${name} for SAML 2.0.`);
  return roles[0];
}

function parseRole(element: XmlElement): Role {
  const keys = listChildren(element, metadataNamespace, 'KeyDescriptor');
  return {
    // SAML Metadata 2.4.1.1: a key without use is for both.
    signingCertificates: unique(keys.filter((key) => isFor(key, 'signing')).flatMap(listCertificates)),
    encryptionKeys: keys.filter((key) => isFor(key, 'encryption')).flatMap(parseEncryptionKeys),
    singleLogoutServices: listEndpoints(element, 'SingleLogoutService'),
    artifactResolutionServices: listIndexedEndpoints(element, 'ArtifactResolutionService'),
    nameIdFormats: listChildren(element, metadataNamespace, 'NameIDFormat').map(tokenOf),
  };
}

function isFor(key: XmlElement, use: 'signing' | 'encryption'): boolean {
  return (findAttribute(key, 'use') ?? use) === use;
}

function listCertificates(key: XmlElement): string[] {
  const keyInfo = getChild(key, signatureNamespace, 'KeyInfo');
  return listChildren(keyInfo, signatureNamespace, 'X509Data')
    .flatMap((data) => listChildren(data, signatureNamespace, 'X509Certificate'))
    .map((certificate) => textOf(certificate).replace(/\s+/g, ''));
}

function parseEncryptionKeys(key: XmlElement): EncryptionKeyDescriptor[] {
  const methods = listChildren(key, metadataNamespace, 'EncryptionMethod').map((method) =>
    getAttribute(method, 'Algorithm'),
  );
  return listCertificates(key).map((certificate) => ({ certificate, methods }));
}

function listEndpoints(role: XmlElement, name: string): Endpoint[] {
  return listChildren(role, metadataNamespace, name).flatMap((element) => parseEndpoint(element) ?? []);
}

function listIndexedEndpoints(role: XmlElement, name: string): IndexedEndpoint[] {
  const endpoints = listChildren(role, metadataNamespace, name).flatMap((element) => {
    const endpoint = parseEndpoint(element);
    const isDefault = findAttribute(element, 'isDefault');
    return endpoint
      ? {
          ...endpoint,
          index: parseUnsignedShort(getAttribute(element, 'index')),
          isDefault: isDefault === undefined ? undefined : parseBoolean(isDefault),
        }
      : [];
  });
  if (new Set(endpoints.map(({ index }) => index)).size < endpoints.length) {
    throw new SamlStatusError('metadata.content', `Two ${name} have the same index.`);
  }
  return endpoints;
}

/** An endpoint by a binding that is known; its addresses are checked, since browsers will be sent there. */
function parseEndpoint(element: XmlElement): Endpoint | undefined {
  const uri = getAttribute(element, 'Binding');
  const binding = (Object.keys(bindings) as Binding[]).find((name) => bindings[name] === uri);
  if (!binding) return undefined;
  const responseLocation = findAttribute(element, 'ResponseLocation');
  return {
    binding,
    location: checkAddress(getAttribute(element, 'Location')),
    responseLocation: responseLocation === undefined ? undefined : checkAddress(responseLocation),
  };
}

function checkAddress(address: string): string {
  const url = URL.parse(address);
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new SamlStatusError('metadata.content', `"${address.slice(0, 200)}" is no address of the web.`);
  }
  return address;
}

function parseIdentityProvider(element: XmlElement): IdentityProvider {
  return {
    ...parseRole(element),
    wantAuthnRequestsSigned: findFlag(element, 'WantAuthnRequestsSigned'),
    singleSignOnServices: listEndpoints(element, 'SingleSignOnService'),
    attributes: listChildren(element, samlNamespace, 'Attribute').map(parseAttributeDescription),
  };
}

function parseServiceProvider(element: XmlElement): ServiceProvider {
  const services = listChildren(element, metadataNamespace, 'AttributeConsumingService');
  const requested = services.flatMap((service) => listChildren(service, metadataNamespace, 'RequestedAttribute'));
  return {
    ...parseRole(element),
    authnRequestsSigned: findFlag(element, 'AuthnRequestsSigned'),
    wantAssertionsSigned: findFlag(element, 'WantAssertionsSigned'),
    assertionConsumerServices: listIndexedEndpoints(element, 'AssertionConsumerService'),
    requestedAttributes: requested.map((attribute) => ({
      ...parseAttributeDescription(attribute),
      isRequired: findFlag(attribute, 'isRequired'),
    })),
  };
}

function parseAttributeDescription(element: XmlElement): AttributeDescription {
  return {
    name: getAttribute(element, 'Name'),
    nameFormat: findAttribute(element, 'NameFormat'),
    friendlyName: findAttribute(element, 'FriendlyName'),
  };
}

function findFlag(element: XmlElement, name: string): boolean {
  return parseBoolean(findAttribute(element, name) ?? 'false');
}

function findDisplayName(role: XmlElement | undefined): string | undefined {
  const extensions = role && findChild(role, metadataNamespace, 'Extensions');
  const info = extensions && findChild(extensions, mduiNamespace, 'UIInfo');
  const names = info ? listChildren(info, mduiNamespace, 'DisplayName') : [];
  return localized(names);
}

/** The English text, or the first. */
function localized(elements: readonly XmlElement[]): string | undefined {
  const language = (element: XmlElement) =>
    findAttribute(element, 'lang', 'http://www.w3.org/XML/1998/namespace') ?? '';
  const chosen = elements.find((element) => language(element).startsWith('en')) ?? elements[0];
  return chosen && tokenOf(chosen);
}

function parseOrganization(element: XmlElement): Organization {
  const text = (name: string) => localized(listChildren(element, metadataNamespace, name)) ?? '';
  return {
    name: text('OrganizationName'),
    displayName: text('OrganizationDisplayName'),
    url: text('OrganizationURL'),
  };
}

const contactTypes = ['technical', 'support', 'administrative', 'billing', 'other'] as const;

function parseContact(element: XmlElement): Contact {
  const type = contactTypes.find((name) => name === findAttribute(element, 'contactType')) ?? 'other';
  const names = [findChild(element, metadataNamespace, 'GivenName'), findChild(element, metadataNamespace, 'SurName')];
  const [address] = listChildren(element, metadataNamespace, 'EmailAddress');
  return {
    type,
    name: names.flatMap((name) => (name ? tokenOf(name) : [])).join(' ') || undefined,
    email: address && tokenOf(address).replace(/^mailto:/, ''),
  };
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
