/**
 * SAML 2.0 (https://docs.oasis-open.org/security/saml/v2.0/: core, bindings, profiles, metadata) as values: `parse...`
 * reads a message, `verify...` proves who sent it, `check...` holds it against what is expected, `decide...` chooses
 * an answer, `build...` writes one; and SAML 1.1 assertions, which WS-Federation carries. Pure: time, identifiers,
 * keys and compression are handed in. It keeps nothing: whoever uses it remembers requests and refuses replays.
 */
export {
  type Assertion,
  type AuthnStatement,
  buildAssertion,
  type Conditions,
  parseAssertion,
  type Subject,
  type SubjectConfirmation,
} from './assertion.ts';
export type { Attribute } from './attribute.ts';
export { decideAuthnContext, type RequestedAuthnContext, satisfiesAuthnContext } from './authn-context.ts';
export {
  type AuthnRequest,
  buildAuthnRequest,
  checkAuthnRequest,
  decideReplyAddress,
  parseAuthnRequest,
} from './authn-request.ts';
export {
  type Artifact,
  type ArtifactResponse,
  type BroughtArtifact,
  buildArtifactResolve,
  checkArtifactResponse,
  decideResolutionService,
  parseArtifact,
  parseArtifactFields,
  parseArtifactResponse,
} from './bindings/artifact.ts';
export { buildPost, type FormFields, type MessageParameter, type PostedMessage, parsePost } from './bindings/post.ts';
export {
  buildRedirect,
  type Compression,
  parseRedirect,
  type QuerySignature,
  type RedirectedMessage,
  type RedirectOptions,
  verifyRedirect,
} from './bindings/redirect.ts';
export { soapRequestHeaders, unwrapSoap, wrapInSoap } from './bindings/soap.ts';
export { type CheckedAssertion, checkAssertion, type ExpectedAssertion } from './check-assertion.ts';
export { checkBearerToken, type ExpectedBearerToken } from './check-bearer-token.ts';
export type { Clock } from './check-conditions.ts';
export { type Decryption, decryptChildren } from './decrypt.ts';
export { type SamlRefusal, SamlStatusError, samlRefusals } from './errors.ts';
export {
  buildLogoutRequest,
  buildLogoutResponse,
  checkLogoutRequest,
  checkLogoutResponse,
  type LogoutRequest,
  parseLogoutRequest,
  parseLogoutResponse,
} from './logout.ts';
export {
  answerLogoutBySoap,
  askLogoutBySoap,
  type SoapLogoutAnswer,
  type SoapLogoutAnswering,
  type SoapLogoutAsking,
} from './logout-by-soap.ts';
export { type ExpectedMessage, type MessageHeader, maximumAgeSeconds } from './message.ts';
export { chooseEncryption, type EncryptionChoice } from './metadata/choose-encryption.ts';
export type {
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
} from './metadata/entity.ts';
export { parseMetadata } from './metadata/read.ts';
export { getEntity, verifyMetadata } from './metadata/verify.ts';
export { buildKeyDescriptor, buildMetadata, type MetadataOptions } from './metadata/write.ts';
export { decideNameIdFormat, type NameId, type NameIdOffer, type NameIdPolicy, nameIdKey } from './name-id.ts';
export { mayPassOn, type ProxyRestriction, passedOn } from './proxy-restriction.ts';
export { checkResponse, type ExpectedResponse, type Response } from './response.ts';
export {
  buildSaml11Assertion,
  parseSaml11Assertion,
  type Saml11Assertion,
  type Saml11Attribute,
  type Saml11Authentication,
  type Saml11NameIdentifier,
  type Saml11Subject,
  saml11AuthenticationMethods,
  saml11Bearer,
  saml11Namespace,
  signedSaml11Assertion,
} from './saml11/assertion.ts';
export { checkSaml11Assertion, type ExpectedSaml11Assertion } from './saml11/check-assertion.ts';
export { type AssertionEncryption, type ResponseProtection, sealResponse, signSaml } from './seal-response.ts';
export {
  failureIn,
  partialLogout,
  type SecondLevelStatusCode,
  type Status,
  type StatusCode,
  statusOf,
  success,
} from './status.ts';
export { type VerifiedMessage, verifyMessage } from './verify-message.ts';
export {
  type ResponseCryptography,
  type ResponseTrust,
  type VerifiedResponse,
  verifyResponse,
} from './verify-response.ts';
export {
  attributeNameFormats,
  authnContextClasses,
  type Binding,
  bearerConfirmation,
  bindings,
  metadataNamespace,
  nameIdFormats,
  protocolNamespace,
  samlNamespace,
  signedElements,
  signedMetadataElements,
} from './vocabulary.ts';
