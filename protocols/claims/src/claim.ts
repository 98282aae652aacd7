import { finding, RuleError } from './errors.ts';
import { limits } from './limits.ts';
import type { Property } from './syntax-tree.ts';

/** One statement about a person: what is said, and who says so. */
export interface Claim {
  /** URI of what the statement is about, such as an e-mail address. */
  readonly type: string;
  readonly value: string;
  /** URI of the XML Schema type of the value. */
  readonly valueType: string;
  /** Who states the claim to us: the provider whose token was verified, or `LOCAL AUTHORITY`. */
  readonly issuer: string;
  /** Who stated it at first, as far as the issuer says. */
  readonly originalIssuer: string;
  /** Further facts about the claim by URI, such as the format of a name identifier. */
  readonly properties: Readonly<Record<string, string>>;
}

/** The claim types which this package itself knows. */
export const claimTypes = {
  permit: 'http://schemas.microsoft.com/authorization/claims/permit',
  deny: 'http://schemas.microsoft.com/authorization/claims/deny',
  role: 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role',
  group: 'http://schemas.xmlsoap.org/claims/Group',
  groupSid: 'http://schemas.microsoft.com/ws/2008/06/identity/claims/groupsid',
  primaryGroupSid: 'http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid',
} as const;

/** The issuer of claims that rules make, as AD FS names itself. */
export const localAuthority = 'LOCAL AUTHORITY';

/** The value type of claims for which none is given. */
export const stringValueType = 'http://www.w3.org/2001/XMLSchema#string';

/** A claim as a token states it; whoever read the token knows the issuer. */
export interface StatedClaim {
  readonly type: string;
  readonly value: string;
  readonly valueType?: string;
  readonly originalIssuer?: string;
  readonly properties?: Readonly<Record<string, string>>;
}

/**
 * Makes claims of what a provider stated. The issuer is always that provider: a token cannot speak in another's name, and
 * its word on the original issuer is kept as the hearsay that it is.
 */
export function claimsFrom(issuer: string, stated: readonly StatedClaim[]): Claim[] {
  return stated.map(({ type, value, valueType = stringValueType, originalIssuer = issuer, properties = {} }) => ({
    type,
    value,
    valueType,
    issuer,
    originalIssuer,
    properties,
  }));
}

const parts = {
  Type: 'type',
  Value: 'value',
  ValueType: 'valueType',
  Issuer: 'issuer',
  OriginalIssuer: 'originalIssuer',
} as const;

/** Reads a part of a claim by its name in the rule language; a property that the claim lacks reads as empty. */
export function readPart(claim: Claim, property: Property): string {
  if (property.name !== 'Properties') return claim[parts[property.name]];
  return (Object.hasOwn(claim.properties, property.key) && claim.properties[property.key]) || '';
}

/** Gives back a text that is short enough for a part of a claim. Throws `claims.part_too_long`. */
export function checkPart(text: string): string {
  if (text.length <= limits.partLength) return text;
  const message = `A part of a claim, or what a rule makes for one, has more than ${limits.partLength} characters.`;
  throw new RuleError(finding('claims.part_too_long', message));
}
