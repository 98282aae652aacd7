import type { DirectoryObject } from '../../directory/index.ts';
import type { OAuthClientSettings, RegisteredReplyAddresses } from '../application.ts';
import { refuse } from '../errors.ts';
import type { DeclaredPermissions } from '../permission.ts';
import { applicationRole, scope } from './build-permission.ts';
import { graphRoles, graphScopes } from './microsoft-graph.ts';

/**
 * An application that every tenant has from the beginning and that nobody registers. Tenants keep a service principal for
 * it, which they may disable or assign; what it is stands here, so that a newer version of the program brings news.
 */
export interface FirstPartyApplication extends RegisteredReplyAddresses, Required<DeclaredPermissions> {
  appId: string;
  displayName: string;
  /** Further names as a resource, besides the appId. */
  identifierUris: readonly string[];
  /** True for programs that keep no secret and may use the device code grant. */
  isFallbackPublicClient: boolean;
  oauthClient?: OAuthClientSettings;
  /** Tenant whose application it is. Null: the hub's own. */
  appOwnerOrganizationId: string | null;
  /** Consent that every tenant has given from the beginning: appId of the resource to scope values. */
  preConsented: Readonly<Record<string, string>>;
}

/** The tenant to which Microsoft's applications belong; scripts tell by it what is the organization's own. */
const microsoftServices = 'f8cdef31-a31e-4b4a-93e4-5f571e91255a';

export const microsoftGraphAppId = '00000003-0000-0000-c000-000000000000';
export const azureManagementAppId = '797f4846-ba00-4fd7-ba43-dac1f8f63013';
const azureActiveDirectoryGraphAppId = '00000002-0000-0000-c000-000000000000';
export const hubCommandLineAppId = 'a42a37cc-6c3e-435d-a272-b839e4aaff33';

/** What the Azure tools are seen to have at Microsoft Graph in tokens of Microsoft Entra. */
const toolScopes =
  'Application.ReadWrite.All AppRoleAssignment.ReadWrite.All AuditLog.Read.All DelegatedPermissionGrant.ReadWrite.All ' +
  'Directory.AccessAsUser.All email Group.ReadWrite.All offline_access openid profile User.Read.All User.ReadWrite.All';

const microsoftResource = {
  isFallbackPublicClient: false,
  appOwnerOrganizationId: microsoftServices,
  preConsented: {},
};

const microsoftTool = {
  identifierUris: [],
  appRoles: [],
  oauth2PermissionScopes: [],
  isFallbackPublicClient: true,
  appOwnerOrganizationId: microsoftServices,
};

/** Interop: these take name and password on the command line, and bring them to the identity provider of the person. */
const takesPasswords = { oauthClient: { allowPasswordGrant: true, allowSamlBearerGrant: true } };

const loopback = { publicClient: { redirectUris: ['http://localhost'] } };

/**
 * The ids are those that unmodified clients send:
 * https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
 */
export const firstPartyApplications: readonly FirstPartyApplication[] = [
  {
    ...microsoftResource,
    appId: microsoftGraphAppId,
    displayName: 'Microsoft Graph',
    identifierUris: ['https://graph.microsoft.com', 'https://graph.microsoft.com/'],
    appRoles: [...graphRoles],
    oauth2PermissionScopes: [...graphScopes],
  },
  {
    ...microsoftResource,
    appId: azureManagementAppId,
    displayName: 'Windows Azure Service Management API',
    identifierUris: [
      'https://management.azure.com',
      'https://management.azure.com/',
      'https://management.core.windows.net',
      'https://management.core.windows.net/',
    ],
    appRoles: [],
    oauth2PermissionScopes: [
      scope('41094075-9dad-400e-a0bd-54e686782033', 'user_impersonation', 'User', 'Manage cloud resources'),
    ],
  },
  {
    ...microsoftResource,
    appId: azureActiveDirectoryGraphAppId,
    displayName: 'Windows Azure Active Directory',
    identifierUris: ['https://graph.windows.net', 'https://graph.windows.net/'],
    // https://learn.microsoft.com/graph/migrate-azure-ad-graph-permissions-differences has the ids.
    appRoles: [
      applicationRole('5778995a-e1bf-45b8-affa-663a9f3f4d04', 'Directory.Read.All', 'Read the directory'),
      applicationRole(
        '78c8a3c8-a07e-4b9e-af1b-b5ccab50a175',
        'Directory.ReadWrite.All',
        'Read and write the directory',
      ),
    ],
    oauth2PermissionScopes: [
      scope('311a71cc-e848-46a1-bdf8-97ff7156d8e6', 'User.Read', 'User', 'Sign in and read the own profile'),
      scope('5778995a-e1bf-45b8-affa-663a9f3f4d04', 'Directory.Read.All', 'Admin', 'Read the directory'),
      scope('78c8a3c8-a07e-4b9e-af1b-b5ccab50a175', 'Directory.ReadWrite.All', 'Admin', 'Read and write the directory'),
      scope(
        'a42657d6-7f20-40e3-b6f0-cee03008a62a',
        'Directory.AccessAsUser.All',
        'Admin',
        'Do in the directory whatever the user may do',
      ),
    ],
  },
  {
    ...microsoftTool,
    ...loopback,
    ...takesPasswords,
    appId: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
    displayName: 'Microsoft Azure CLI',
    preConsented: { [microsoftGraphAppId]: toolScopes, [azureManagementAppId]: 'user_impersonation' },
  },
  {
    ...microsoftTool,
    ...loopback,
    ...takesPasswords,
    appId: '1950a258-227b-4e31-a9cf-717495945fc2',
    displayName: 'Microsoft Azure PowerShell',
    preConsented: { [microsoftGraphAppId]: toolScopes, [azureManagementAppId]: 'user_impersonation' },
  },
  {
    ...microsoftTool,
    ...loopback,
    appId: '14d82eec-204b-4c2f-b7e8-296a70dab67e',
    displayName: 'Microsoft Graph Command Line Tools',
    preConsented: {},
  },
  {
    // Its page is Microsoft's, so it has no reply address here: nothing of this hub is ever sent there.
    ...microsoftTool,
    appId: 'de8bc8b5-d9f9-48b1-a8ad-b748da725064',
    displayName: 'Graph Explorer',
    preConsented: {},
  },
  {
    ...microsoftTool,
    ...loopback,
    appId: hubCommandLineAppId,
    displayName: 'Countersign CLI',
    appOwnerOrganizationId: null,
    preConsented: { [microsoftGraphAppId]: 'Directory.AccessAsUser.All email offline_access openid profile' },
  },
];

const byAppId = new Map(firstPartyApplications.map((application) => [application.appId, application]));

/** The first-party application with this appId. */
export function findFirstParty(appId: string): FirstPartyApplication | undefined {
  return byAppId.get(appId.toLowerCase());
}

/**
 * Nobody may sign in as a first-party application: it is trusted in every tenant, and by people who know its name.
 *
 * @throws Refusal `applications.first_party_credentials`
 */
export function checkTakesCredentials({ attributes }: DirectoryObject): void {
  const firstParty = findFirstParty(String(attributes['appId']));
  if (firstParty) throw refuse('applications.first_party_credentials', { name: firstParty.displayName });
}
