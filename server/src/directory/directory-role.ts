/** An administrative role of the hub. */
export interface DirectoryRole {
  /** Microsoft Graph's id of the role's template: clients carry these ids. */
  id: string;
  displayName: string;
  description: string;
}

/**
 * The built-in roles, by the ids that Microsoft's documentation lists
 * (https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference).
 */
const roles = {
  globalAdministrator: {
    id: '62e90394-69f5-4237-9190-012177145e10',
    displayName: 'Global Administrator',
    description: 'May do everything in the tenant.',
  },
  globalReader: {
    id: 'f2ef992c-3afb-46b9-b7cf-a126ee74c451',
    displayName: 'Global Reader',
    description: 'May read everything that a Global Administrator may change.',
  },
  userAdministrator: {
    id: 'fe930be7-5e62-47db-91af-98c3a49a38b1',
    displayName: 'User Administrator',
    description: 'May manage users and groups, and set passwords of users who are no administrators.',
  },
  groupsAdministrator: {
    id: 'fdd7a751-b60b-444a-984c-02652fe8fa1c',
    displayName: 'Groups Administrator',
    description: 'May manage groups and their members.',
  },
  applicationAdministrator: {
    id: '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3',
    displayName: 'Application Administrator',
    description: 'May manage applications, service principals, their credentials and consent.',
  },
  cloudApplicationAdministrator: {
    id: '158c047a-c907-4556-b7ef-446551a6b5f7',
    displayName: 'Cloud Application Administrator',
    description: 'May manage applications and service principals, but nothing that is on premises.',
  },
  applicationDeveloper: {
    id: 'cf1c38e5-3621-4004-a7cb-879624dced7c',
    displayName: 'Application Developer',
    description: 'May register applications and manage those that they own.',
  },
  privilegedRoleAdministrator: {
    id: 'e8611ab8-c189-46e8-94e1-60213ab1f814',
    displayName: 'Privileged Role Administrator',
    description: 'May assign directory roles and consent to application permissions.',
  },
  privilegedAuthenticationAdministrator: {
    id: '7be44c8a-adaf-4e2a-84d6-ab2649e08a13',
    displayName: 'Privileged Authentication Administrator',
    description: 'May set the passwords and other credentials of every user, administrators included.',
  },
  authenticationAdministrator: {
    id: 'c4e39bd9-1100-46d3-8c65-fb160da0071f',
    displayName: 'Authentication Administrator',
    description: 'May set the passwords and other credentials of users who are no administrators.',
  },
  helpdeskAdministrator: {
    id: '729827e3-9c14-49f7-bb1b-9608f156bbb8',
    displayName: 'Helpdesk Administrator',
    description: 'May set passwords of users who are no administrators, and of others with this role.',
  },
  passwordAdministrator: {
    id: '966707d0-3269-4727-9be2-8c3a10f19b9d',
    displayName: 'Password Administrator',
    description: 'May set passwords of users who are no administrators, and of others with this role.',
  },
  securityAdministrator: {
    id: '194ae4cb-b126-40b2-bd5b-6091b380977d',
    displayName: 'Security Administrator',
    description: 'May read reports and change settings that concern security.',
  },
  securityReader: {
    id: '5d6b6bb7-de71-4623-b4af-96380a352509',
    displayName: 'Security Reader',
    description: 'May read reports and settings that concern security.',
  },
  reportsReader: {
    id: '4a5d8f65-41da-4de4-8968-e035b65339cf',
    displayName: 'Reports Reader',
    description: 'May read the sign-in log and the audit log.',
  },
  directoryReaders: {
    id: '88d8e3e3-8f55-4a1e-953a-9b9898b8876b',
    displayName: 'Directory Readers',
    description: 'May read basic information on the objects of the directory.',
  },
  directoryWriters: {
    id: '9360feb5-f418-4baa-8175-e2a00bac4301',
    displayName: 'Directory Writers',
    description: 'May read and write basic information on the objects of the directory; meant for programs.',
  },
  domainNameAdministrator: {
    id: '8329153b-31d0-4727-b945-745eb3bc5f31',
    displayName: 'Domain Name Administrator',
    description: 'May add, verify and remove domains.',
  },
  externalIdUserFlowAdministrator: {
    id: '6e591065-9bad-43ed-90f3-e9424366d2f0',
    displayName: 'External ID User Flow Administrator',
    description: 'May manage user flows.',
  },
  externalIdentityProviderAdministrator: {
    id: 'be2f45a1-457d-42af-a067-6ec1fa63bc45',
    displayName: 'External Identity Provider Administrator',
    description: 'May manage the identity providers that the tenant trusts.',
  },
  hybridIdentityAdministrator: {
    id: '8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2',
    displayName: 'Hybrid Identity Administrator',
    description: 'May manage provisioning, directory synchronization and the connectors on premises.',
  },
  guestInviter: {
    id: '95e79109-95c0-4d8e-aee3-d01accf2d47b',
    displayName: 'Guest Inviter',
    description: 'May invite guests.',
  },
} as const satisfies Readonly<Record<string, DirectoryRole>>;

/** The roles by the names under which the hub's own rules speak of them. */
export const directoryRoles: Readonly<Record<keyof typeof roles, DirectoryRole>> = roles;

export type DirectoryRoleName = keyof typeof roles;

export function findDirectoryRole(id: string): DirectoryRole | undefined {
  return Object.values(directoryRoles).find((role) => role.id === id);
}
