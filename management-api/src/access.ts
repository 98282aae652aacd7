import type { DirectoryRoleName } from './directory-role-name.ts';

/** Who may call an operation: nobody needs to be signed in, whoever is, or who has these permissions and roles. */
export type Access = 'anybody' | 'authenticated' | PermissionsAndRoles;

export interface PermissionsAndRoles {
  /**
   * Permissions of a token that acts for a user, of which one is needed, by Microsoft Graph's names with the least
   * privileged first. Empty: no such token will do.
   */
  delegated: readonly string[];
  /** The same for a token of an application that acts for itself. */
  application: readonly string[];
  /**
   * Administrative roles of which the user needs one besides the permission; an application that holds one needs no
   * permission. Null: every user of the tenant may, since the operation is about the user's own data.
   */
  roles: readonly DirectoryRoleName[] | null;
}

/** Lets the client do whatever the user may do, as Microsoft Graph's permission of this name. */
const asUser = 'Directory.AccessAsUser.All';

/** Access by permissions of equal names for users and applications, and by roles; Global Administrator always may. */
export function access(permissions: readonly string[], roles: readonly DirectoryRoleName[]): PermissionsAndRoles {
  return {
    delegated: [...permissions, asUser],
    application: permissions,
    roles: [...roles, 'Global Administrator'],
  };
}

/** Access of every user to what is the user's own. */
export function ownAccess(permissions: readonly string[]): PermissionsAndRoles {
  return { delegated: [...permissions, asUser], application: [], roles: null };
}

const directoryReaders = [
  'Directory Readers',
  'Global Reader',
  'Directory Writers',
  'User Administrator',
  'Groups Administrator',
  'Helpdesk Administrator',
  'Application Administrator',
  'Cloud Application Administrator',
  'Privileged Role Administrator',
  'Security Reader',
  'Security Administrator',
] as const;

/** Reading and writing the parts of the directory, as Microsoft Graph's permissions reference has them. */
export const readUsers = access(
  ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  directoryReaders,
);
export const writeUsers = access(
  ['User.ReadWrite.All', 'Directory.ReadWrite.All'],
  ['User Administrator', 'Directory Writers'],
);
export const readGroups = access(
  ['GroupMember.Read.All', 'Group.Read.All', 'Group.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  directoryReaders,
);
export const writeGroups = access(
  ['Group.ReadWrite.All', 'Directory.ReadWrite.All'],
  ['Groups Administrator', 'User Administrator', 'Directory Writers'],
);
export const writeMembers = access(
  ['GroupMember.ReadWrite.All', 'Group.ReadWrite.All', 'Directory.ReadWrite.All'],
  ['Groups Administrator', 'User Administrator', 'Directory Writers'],
);
export const readDirectory = access(['Directory.Read.All', 'Directory.ReadWrite.All'], directoryReaders);

const applicationAdministrators = ['Application Administrator', 'Cloud Application Administrator'] as const;

export const readApplications = ownedToo(
  access(
    ['Application.Read.All', 'Application.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
    directoryReaders,
  ),
);
export const writeApplications = ownedToo(
  access(['Application.ReadWrite.All', 'Directory.ReadWrite.All'], applicationAdministrators),
);
/** The same for what concerns applications that the caller does not own. */
export const writeAllApplications = access(
  ['Application.ReadWrite.All', 'Directory.ReadWrite.All'],
  applicationAdministrators,
);
/** Every user may ask; whether users may who are no administrators, the tenant's authorization policy says. */
export const createApplications = { ...writeApplications, roles: null };
export const readConsent = access(
  [
    'DelegatedPermissionGrant.Read.All',
    'DelegatedPermissionGrant.ReadWrite.All',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
  ],
  directoryReaders,
);
export const writeConsent = access(
  ['DelegatedPermissionGrant.ReadWrite.All', 'Directory.ReadWrite.All'],
  [...applicationAdministrators, 'Privileged Role Administrator'],
);
export const readAppRoleAssignments = access(
  ['Application.Read.All', 'AppRoleAssignment.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  directoryReaders,
);
export const writeAppRoleAssignments = access(
  ['AppRoleAssignment.ReadWrite.All'],
  [...applicationAdministrators, 'Privileged Role Administrator'],
);

export const readAudits = access(
  ['AuditLog.Read.All', 'Directory.Read.All'],
  ['Reports Reader', 'Security Reader', 'Security Administrator', 'Global Reader'],
);

/** Traces hold the claims of people, so that the log's permissions do not do. */
export const readTraces = access(['SignInTrace.Read.All'], ['Security Administrator']);

/** Access of whoever has the one or the other. */
export function either(one: PermissionsAndRoles, other: PermissionsAndRoles): PermissionsAndRoles {
  const both = <Name extends string>(names: readonly Name[], others: readonly Name[]) => [
    ...new Set([...names, ...others]),
  ];
  return {
    delegated: both(one.delegated, other.delegated),
    application: both(one.application, other.application),
    roles: one.roles && other.roles && both(one.roles, other.roles),
  };
}

/** An application may have the permission for the applications and service principals that it owns. */
function ownedToo(all: PermissionsAndRoles): PermissionsAndRoles {
  return { ...all, application: [...all.application, 'Application.ReadWrite.OwnedBy'] };
}
