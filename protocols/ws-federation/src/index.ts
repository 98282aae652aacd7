/**
 * WS-Federation 1.2 (https://docs.oasis-open.org/wsfed/federation/v1.2/): passive requests and responses, metadata; and
 * WS-Trust 1.3 and February 2005 for active clients: requests by password, issued token or in another's name, answers,
 * faults, and the document of WS-MetadataExchange. Stands on @countersign/saml for the tokens themselves. Pure: time,
 * identifiers and keys are handed in. It authenticates nobody and keeps nothing.
 */
export { actorClaim, actorClaimType } from './actor.ts';
export { claimOfSaml11, claimOfSaml20, saml11AttributeOf, type TokenClaim } from './claim-type.ts';
export { WsFederationError, type WsFederationRefusal, wsFederationRefusals } from './errors.ts';
export { parseFederationMetadata } from './metadata/read.ts';
export type {
  ClaimDescription,
  FederationApplication,
  FederationMetadata,
  SecurityTokenService,
} from './metadata/roles.ts';
export { buildFederationApplication, buildSecurityTokenService } from './metadata/write.ts';
export {
  buildPassiveRequest,
  decideReplyAddress,
  type PassiveFields,
  type PassiveRequest,
  parsePassiveRequest,
  type SignInRequest,
  type SignOutRequest,
} from './passive-request.ts';
export { buildSignInResult, parseSignInResult, type ReceivedToken, type TokenResponse } from './token-response.ts';
export { issuerOf, type SecurityToken, type TokenTrust, verifyToken } from './verify-token.ts';
export { type AssertionKind, type TokenKind, type TrustVersion, tokenTypes, trustVersions } from './vocabulary.ts';
export { buildBinaryToken } from './ws-trust/binary-token.ts';
export { checkEnvelope, type Delivery, type Envelope, parseEnvelope } from './ws-trust/envelope.ts';
export { buildMetadataExchange, type TrustEndpoint } from './ws-trust/metadata-exchange.ts';
export {
  type Credential,
  checkTimestamp,
  parseSecurityHeader,
  type SecurityHeader,
} from './ws-trust/security-header.ts';
export { buildSoapFault, SoapFault, type SoapRefusal, soapRefusals } from './ws-trust/soap-fault.ts';
export { buildTokenAnswer, type TokenAnswer } from './ws-trust/token-answer.ts';
export { type DelegatedToken, parseTokenRequest, type TokenRequest } from './ws-trust/token-request.ts';
