import type { AttributeValue } from './attribute.ts';
import { fold } from './fold.ts';

/** One way in which a user signs in: a name at an issuer. Microsoft Graph's objectIdentity. */
export interface ObjectIdentity {
  /** `emailAddress` and `userName` are names in this tenant, `federated` is a subject at another identity provider. */
  signInType: string;
  issuer: string;
  issuerAssignedId: string;
}

/** Set of names in which identities are unique: `findByName(tenantId, identitySpace, identityName(identity))`. */
export const identitySpace = 'identity';

/**
 * The name by which an identity is unique in its tenant. Subjects of other identity providers compare exactly (OIDC Core
 * 2, `sub` is case-sensitive), names of this tenant without regard to case.
 */
export function identityName({ signInType, issuer, issuerAssignedId }: ObjectIdentity): string {
  return joined(issuer, signInType === 'federated' ? issuerAssignedId : fold(issuerAssignedId));
}

/** The text by which an identity is searched, as value of a filter on `identities`. */
export function identitySearchText(issuer: string, issuerAssignedId: string): string {
  return joined(issuer, issuerAssignedId);
}

export function isIdentity(value: AttributeValue): value is { [Name in keyof ObjectIdentity]: string } {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && 'issuerAssignedId' in value;
}

/** A line feed stands in no issuer and no name, so that the two parts cannot be cut differently. */
function joined(issuer: string, issuerAssignedId: string): string {
  return `${fold(issuer)}\n${issuerAssignedId}`;
}
