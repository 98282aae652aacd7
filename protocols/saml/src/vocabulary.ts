import { encryptionNamespace, type SignedElementSchema, signatureNamespace, vocabulary } from '@countersign/xml';

// The names that the SAML 2.0 specifications fix.

export const samlNamespace = 'urn:oasis:names:tc:SAML:2.0:assertion';
export const protocolNamespace = 'urn:oasis:names:tc:SAML:2.0:protocol';
export const metadataNamespace = 'urn:oasis:names:tc:SAML:2.0:metadata';
/** In which WIF and AD FS say who stated an attribute at first. */
export const identityClaimsNamespace = 'http://schemas.xmlsoap.org/ws/2009/09/identity/claims';
export const soapNamespace = 'http://schemas.xmlsoap.org/soap/envelope/';

/** Makes elements of the SAML 2.0 vocabularies. */
export const build = vocabulary({
  saml: samlNamespace,
  samlp: protocolNamespace,
  md: metadataNamespace,
  mdui: 'urn:oasis:names:tc:SAML:metadata:ui',
  alg: 'urn:oasis:names:tc:SAML:metadata:algsupport',
  ds: signatureNamespace,
  xenc: encryptionNamespace,
  soap: soapNamespace,
  xml: 'http://www.w3.org/XML/1998/namespace',
  a: identityClaimsNamespace,
});

const messages = [
  'AuthnRequest',
  'Response',
  'LogoutRequest',
  'LogoutResponse',
  'ArtifactResolve',
  'ArtifactResponse',
] as const;

/** SAML Core 5.4.1 and the schemas: where signatures stand in messages and assertions, and nowhere else. */
export const signedElements: readonly SignedElementSchema[] = [
  { namespace: samlNamespace, name: 'Assertion', idAttribute: 'ID', place: { after: 'Issuer' } },
  ...messages.map((name) => ({
    namespace: protocolNamespace,
    name,
    idAttribute: 'ID',
    place: { after: 'Issuer' } as const,
  })),
];

/** SAML Metadata 2.3.1, 2.3.2: where signatures stand in metadata. */
export const signedMetadataElements: readonly SignedElementSchema[] = ['EntityDescriptor', 'EntitiesDescriptor'].map(
  (name) => ({ namespace: metadataNamespace, name, idAttribute: 'ID', place: 'first' }),
);

/** SAML Bindings 3: the bindings this package knows. */
export const bindings = {
  redirect: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect',
  post: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
  artifact: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact',
  soap: 'urn:oasis:names:tc:SAML:2.0:bindings:SOAP',
} as const;

export type Binding = keyof typeof bindings;

/** SAML Core 8.3: formats of name identifiers. */
export const nameIdFormats = {
  unspecified: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
  emailAddress: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
  windowsDomainQualifiedName: 'urn:oasis:names:tc:SAML:1.1:nameid-format:WindowsDomainQualifiedName',
  persistent: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
  transient: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
  entity: 'urn:oasis:names:tc:SAML:2.0:nameid-format:entity',
} as const;

/** SAML Core 8.2: formats of attribute names. */
export const attributeNameFormats = {
  unspecified: 'urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified',
  basic: 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic',
  uri: 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri',
} as const;

/** SAML Authentication Context 3.4: the classes that are in common use, weakest first. */
export const authnContextClasses = {
  unspecified: 'urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified',
  previousSession: 'urn:oasis:names:tc:SAML:2.0:ac:classes:PreviousSession',
  password: 'urn:oasis:names:tc:SAML:2.0:ac:classes:Password',
  passwordProtectedTransport: 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport',
  kerberos: 'urn:oasis:names:tc:SAML:2.0:ac:classes:Kerberos',
  x509: 'urn:oasis:names:tc:SAML:2.0:ac:classes:X509',
  tlsClient: 'urn:oasis:names:tc:SAML:2.0:ac:classes:TLSClient',
  timeSyncToken: 'urn:oasis:names:tc:SAML:2.0:ac:classes:TimeSyncToken',
  refedsMfa: 'https://refeds.org/profile/mfa',
} as const;

/** SAML Profiles 3.3: the confirmation method of browser sign-in. */
export const bearerConfirmation = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';
