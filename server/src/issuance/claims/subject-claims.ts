import { type Claim, claimsFrom, type StatedClaim } from '@countersign/claims';
import { actorClaimType } from '@countersign/ws-federation';
import type { DirectoryObject } from '../../directory/index.ts';

/** The person of whom a token will speak, and how they signed in. */
export interface ClaimSubject {
  tenantId: string;
  user: DirectoryObject;
  /** Every group that contains the user, directly or through others. */
  groups: readonly DirectoryObject[];
  /** Values of the roles that the user holds at the application. */
  roles: readonly string[];
  authenticatedAt: Date;
  /** URI of the way in which the user signed in. */
  authenticationMethod: string;
  /** What an identity provider said of the user; the issuer of each claim is that provider. */
  accepted?: readonly Claim[];
  /** Who acts for the user, by name; whoever acts now first. */
  actors?: readonly string[];
}

/** Who states what the directory holds, as AD FS names its Active Directory: pasted rules ask for it. */
export const directoryAuthority = 'AD AUTHORITY';

const identity = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';
const windows = 'http://schemas.microsoft.com/ws/2008/06/identity/claims';
const microsoft = 'http://schemas.microsoft.com/identity/claims';

/** Types of the claims that are made of a person, by short names. */
export const subjectClaimTypes = {
  nameIdentifier: `${identity}/nameidentifier`,
  upn: `${identity}/upn`,
  name: `${identity}/name`,
  givenName: `${identity}/givenname`,
  surname: `${identity}/surname`,
  emailAddress: `${identity}/emailaddress`,
  displayName: `${microsoft}/displayname`,
  objectId: `${microsoft}/objectidentifier`,
  tenantId: `${microsoft}/tenantid`,
  windowsAccountName: `${windows}/windowsaccountname`,
  group: 'http://schemas.xmlsoap.org/claims/Group',
  groupId: `${windows}/groups`,
  role: `${windows}/role`,
  authenticationMethod: `${windows}/authenticationmethod`,
  authenticationInstant: `${windows}/authenticationinstant`,
  actor: actorClaimType,
} as const;

/** What the directory, the sign-in and an identity provider state of a person: the claims that come into the rules of an application. */
export function subjectClaims(subject: ClaimSubject): Claim[] {
  const { user, groups, roles, tenantId, authenticatedAt, authenticationMethod } = subject;
  const { attributes } = user;
  const types = subjectClaimTypes;
  const stated: StatedClaim[] = [
    ...stating(types.upn, attributes['userPrincipalName']),
    ...stating(types.name, attributes['displayName']),
    ...stating(types.displayName, attributes['displayName']),
    ...stating(types.givenName, attributes['givenName']),
    ...stating(types.surname, attributes['surname']),
    ...stating(types.emailAddress, attributes['mail']),
    ...stating(types.windowsAccountName, windowsAccountOf(user)),
    ...stating(types.objectId, user.id),
    ...stating(types.tenantId, tenantId),
    ...groups.flatMap((group) => [
      ...stating(types.group, group.attributes['displayName']),
      ...stating(types.groupId, group.id),
    ]),
    ...roles.flatMap((role) => stating(types.role, role)),
    ...stating(types.authenticationMethod, authenticationMethod),
    ...stating(types.authenticationInstant, authenticatedAt.toISOString()),
    ...stating(types.actor, subject.actors?.[0]),
  ];
  return [...claimsFrom(directoryAuthority, stated), ...(subject.accepted ?? [])];
}

function stating(type: string, value: unknown): StatedClaim[] {
  return typeof value === 'string' && value !== '' ? [{ type, value }] : [];
}

/** `DOMAIN\name` of a user who comes from an Active Directory. */
export function windowsAccountOf({ attributes }: DirectoryObject): string | undefined {
  const { onPremisesDomainName: domain, onPremisesSamAccountName: name } = attributes;
  return typeof domain === 'string' && typeof name === 'string' ? `${domain}\\${name}` : undefined;
}
