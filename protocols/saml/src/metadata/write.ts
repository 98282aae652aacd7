import { type BuildContent, certificateInfo, formatInstant, type XmlElement } from '@countersign/xml';
import { bindings, build, protocolNamespace } from '../vocabulary.ts';
import type {
  AttributeDescription,
  Contact,
  Endpoint,
  Entity,
  IdentityProvider,
  IndexedEndpoint,
  Role,
  ServiceProvider,
} from './entity.ts';

/** What {@link buildMetadata} needs besides the entity itself. */
export interface MetadataOptions {
  /** Identifier of the document, for its signature. */
  id: string;
  /** Descriptors of roles in other protocols, put before those of SAML. */
  otherRoles?: readonly XmlElement[];
}

/** Writes an `md:EntityDescriptor`, unsigned, with everything in the order of its schema (SAML Metadata 2.3.2, 2.4). */
export function buildMetadata(entity: Entity, { id, otherRoles = [] }: MetadataOptions): XmlElement {
  const { entityId, validUntil, cacheSeconds, organization, contacts, identityProvider, serviceProvider } = entity;
  return build(
    'md:EntityDescriptor',
    {
      entityID: entityId,
      ID: id,
      validUntil: validUntil && formatInstant(validUntil),
      cacheDuration: cacheSeconds === undefined ? undefined : `PT${cacheSeconds}S`,
    },
    [
      otherRoles,
      identityProvider && buildIdentityProvider(identityProvider, entity.displayName),
      serviceProvider && buildServiceProvider(serviceProvider, entity.displayName),
      organization &&
        build('md:Organization', {}, [
          build('md:OrganizationName', english, organization.name),
          build('md:OrganizationDisplayName', english, organization.displayName),
          build('md:OrganizationURL', english, organization.url),
        ]),
      contacts.map(buildContact),
    ],
  );
}

const english = { 'xml:lang': 'en' };

function buildIdentityProvider(role: IdentityProvider, displayName: string | undefined): XmlElement {
  return build(
    'md:IDPSSODescriptor',
    { protocolSupportEnumeration: protocolNamespace, WantAuthnRequestsSigned: role.wantAuthnRequestsSigned },
    [
      buildDisplayName(displayName),
      buildRole(role),
      role.singleSignOnServices.map((endpoint) => buildEndpoint('md:SingleSignOnService', endpoint)),
      role.attributes.map((attribute) => build('saml:Attribute', describe(attribute))),
    ],
  );
}

function buildServiceProvider(role: ServiceProvider, displayName: string | undefined): XmlElement {
  const requested = role.requestedAttributes.map((attribute) =>
    build('md:RequestedAttribute', { ...describe(attribute), isRequired: attribute.isRequired }),
  );
  return build(
    'md:SPSSODescriptor',
    {
      protocolSupportEnumeration: protocolNamespace,
      AuthnRequestsSigned: role.authnRequestsSigned,
      WantAssertionsSigned: role.wantAssertionsSigned,
    },
    [
      buildDisplayName(displayName),
      buildRole(role),
      role.assertionConsumerServices.map((endpoint) => buildIndexedEndpoint('md:AssertionConsumerService', endpoint)),
      requested.length > 0
        ? build('md:AttributeConsumingService', { index: 0 }, [
            build('md:ServiceName', english, displayName ?? 'Attributes'),
            requested,
          ])
        : undefined,
    ],
  );
}

/** SAML Metadata 2.4.1, 2.4.2: what comes first in both roles. */
function buildRole(role: Role): BuildContent {
  return [
    role.signingCertificates.map((certificate) => buildKeyDescriptor('signing', certificate)),
    role.encryptionKeys.map(({ certificate, methods }) =>
      buildKeyDescriptor(
        'encryption',
        certificate,
        methods.map((uri) => build('md:EncryptionMethod', { Algorithm: uri })),
      ),
    ),
    role.artifactResolutionServices.map((endpoint) => buildIndexedEndpoint('md:ArtifactResolutionService', endpoint)),
    role.singleLogoutServices.map((endpoint) => buildEndpoint('md:SingleLogoutService', endpoint)),
    role.nameIdFormats.map((format) => build('md:NameIDFormat', {}, format)),
  ];
}

/** A `md:KeyDescriptor` with a certificate, DER in base64. */
export function buildKeyDescriptor(
  use: 'signing' | 'encryption',
  certificate: string,
  methods: BuildContent = [],
): XmlElement {
  return build('md:KeyDescriptor', { use }, [certificateInfo(certificate), methods]);
}

function buildEndpoint(name: `md:${string}`, endpoint: Endpoint): XmlElement {
  return build(name, endpointAttributes(endpoint));
}

function buildIndexedEndpoint(name: `md:${string}`, endpoint: IndexedEndpoint): XmlElement {
  return build(name, { ...endpointAttributes(endpoint), index: endpoint.index, isDefault: endpoint.isDefault });
}

function endpointAttributes({ binding, location, responseLocation }: Endpoint) {
  return { Binding: bindings[binding], Location: location, ResponseLocation: responseLocation };
}

function describe({ name, nameFormat, friendlyName }: AttributeDescription) {
  return { Name: name, NameFormat: nameFormat, FriendlyName: friendlyName };
}

function buildDisplayName(displayName: string | undefined): XmlElement | undefined {
  if (displayName === undefined) return undefined;
  const info = build('mdui:UIInfo', {}, build('mdui:DisplayName', english, displayName));
  return build('md:Extensions', {}, info);
}

function buildContact({ type, name, email }: Contact): XmlElement {
  return build('md:ContactPerson', { contactType: type }, [
    name === undefined ? undefined : build('md:GivenName', {}, name),
    email === undefined ? undefined : build('md:EmailAddress', {}, `mailto:${email}`),
  ]);
}
