/**
 * What we sign: the signing keys of a tenant with their rotation, and the tokens made with them. Relies on directory and
 * applications; private keys are used through the interface `Signer` only, so that a key store can stand in.
 */
export { type AccessToken, issuerOf } from './access-token.ts';
export { samlAttributes } from './assertions/attributes.ts';
export { draftSecurityToken, supposedMethods } from './assertions/draft-security-token.ts';
export { encryptionFor } from './assertions/encryption.ts';
export { entityIdOf } from './assertions/entity-id.ts';
export { issueSecurityToken, type SecurityTokenIssued } from './assertions/issue-security-token.ts';
export { nameIdOf, newAssertionId } from './assertions/name-id.ts';
export { type ClaimsMapping, rulesOfClaimsMapping } from './claims/claims-mapping.ts';
export { claimsIssuer, type IssueClaims } from './claims/issue-claims.ts';
export { attributeStores } from './claims/look-up-attributes.ts';
export { readSubject } from './claims/read-subject.ts';
export { subjectClaimTypes } from './claims/subject-claims.ts';
export { defaultKeyPolicy, rotationDueBefore } from './decide-key-phase.ts';
export { dpopAlgorithms, dpopNonces } from './dpop.ts';
export type { PresentedProof, ProofChecks } from './dpop-proof.ts';
export { issuanceErrors } from './errors.ts';
export { issueAccessToken } from './issue-access-token.ts';
export type { JwkResource } from './jwks.ts';
export { signJwt, signJwtBySecret } from './jws.ts';
export { type KeyRing, openKeyRing, type VerificationKey } from './key-ring.ts';
export { type MadeKey, makeSigningKey } from './make-signing-key.ts';
export type * from './redeemable.ts';
export { AlreadyRedeemedError } from './redeemable.ts';
export { removeExpiredRedeemables } from './remove-expired.ts';
export { rotateDueKeys } from './rotate-due-keys.ts';
export { replaceSigningKeys, rotateSigningKey } from './rotate-signing-key.ts';
export type { Signer, SigningAlgorithm } from './signer.ts';
export type * from './store.ts';
export { type AccessTokenVerifier, accessTokenVerifier } from './verify-access-token.ts';
export { PresentedTokenError, verifyPresentedToken } from './verify-presented-token.ts';
export {
  compression,
  derOfPem,
  xmlContentCipher,
  xmlDecryptionKey,
  xmlDigest,
  xmlSigner,
  xmlVerificationKey,
} from './xml-cryptography.ts';
