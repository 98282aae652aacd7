import type { Binding } from '../vocabulary.ts';

// What metadata says of an entity (SAML Metadata 2), as far as sign-in and sign-out need it.

export interface Entity {
  entityId: string;
  /** Not to be used after this instant: the earliest that the document says of this entity. */
  validUntil?: Date | undefined;
  /** How long a copy may be kept before it is fetched again. */
  cacheSeconds?: number | undefined;
  displayName?: string | undefined;
  organization?: Organization | undefined;
  contacts: readonly Contact[];
  identityProvider?: IdentityProvider | undefined;
  serviceProvider?: ServiceProvider | undefined;
}

export interface Organization {
  name: string;
  displayName: string;
  url: string;
}

/** A contact person (SAML Metadata 2.3.2.2). */
export interface Contact {
  type: 'technical' | 'support' | 'administrative' | 'billing' | 'other';
  name?: string | undefined;
  email?: string | undefined;
}

/** What both roles have (SAML Metadata 2.4.1, 2.4.2). */
export interface Role {
  /** Certificates, DER in base64, of the keys that sign: while one rolls over, there are two, the current one first. */
  signingCertificates: readonly string[];
  encryptionKeys: readonly EncryptionKeyDescriptor[];
  singleLogoutServices: readonly Endpoint[];
  artifactResolutionServices: readonly IndexedEndpoint[];
  nameIdFormats: readonly string[];
}

export interface EncryptionKeyDescriptor {
  certificate: string;
  /** Algorithm URIs that the owner can decrypt, preferred first; none: not said. */
  methods: readonly string[];
}

export interface Endpoint {
  binding: Binding;
  location: string;
  /** Where answers go, when not to `location`. */
  responseLocation?: string | undefined;
}

export interface IndexedEndpoint extends Endpoint {
  index: number;
  isDefault?: boolean | undefined;
}

export interface IdentityProvider extends Role {
  wantAuthnRequestsSigned: boolean;
  singleSignOnServices: readonly Endpoint[];
  attributes: readonly AttributeDescription[];
}

export interface ServiceProvider extends Role {
  authnRequestsSigned: boolean;
  wantAssertionsSigned: boolean;
  assertionConsumerServices: readonly IndexedEndpoint[];
  requestedAttributes: readonly (AttributeDescription & { isRequired: boolean })[];
}

export interface AttributeDescription {
  name: string;
  nameFormat?: string | undefined;
  friendlyName?: string | undefined;
}
