import { asApplication, asServicePrincipal, permissionsOf, replyUrlsOf } from '../../applications/index.ts';
import type { DirectoryObject, ObjectKind } from '../../directory/index.ts';

type Property = (object: DirectoryObject) => unknown;

/**
 * Properties of applications and service principals that are shown otherwise than they are kept: with every member, also
 * the empty ones, since clients look into them; without the bytes of certificates; and for first-party applications what
 * the program knows of them.
 */
export const shownOtherwise: Readonly<Partial<Record<ObjectKind, Readonly<Record<string, Property>>>>> = {
  application: {
    api: (object) => {
      const { api } = asApplication(object).attributes;
      return {
        acceptMappedClaims: null,
        knownClientApplications: [],
        preAuthorizedApplications: [],
        requestedAccessTokenVersion: null,
        ...api,
        oauth2PermissionScopes: (api?.oauth2PermissionScopes ?? []).map(wholeScope),
      };
    },
    appRoles: (object) => asApplication(object).attributes.appRoles?.map(wholeRole),
    info: ({ attributes }) => ({ ...emptyInfo, ...(attributes['info'] as object) }),
    keyCredentials,
    publicClient: (object) => ({ redirectUris: [], ...asApplication(object).attributes.publicClient }),
    requiredResourceAccess: (object) =>
      asApplication(object).attributes.requiredResourceAccess?.map((one) => ({ resourceAccess: [], ...one })),
    spa: (object) => ({ redirectUris: [], ...asApplication(object).attributes.spa }),
    web: (object) => {
      const { web } = asApplication(object).attributes;
      const noImplicitGrant = { enableAccessTokenIssuance: false, enableIdTokenIssuance: false };
      return {
        homePageUrl: null,
        logoutUrl: null,
        redirectUris: [],
        ...web,
        implicitGrantSettings: { ...noImplicitGrant, ...web?.implicitGrantSettings },
      };
    },
  },
  servicePrincipal: {
    appRoleAssignmentRequired: ({ attributes }) => attributes['appRoleAssignmentRequired'] ?? false,
    appRoles: (object) => permissionsOf(asServicePrincipal(object)).appRoles.map(wholeRole),
    info: ({ attributes }) => ({ ...emptyInfo, ...(attributes['info'] as object) }),
    keyCredentials,
    oauth2PermissionScopes: (object) =>
      permissionsOf(asServicePrincipal(object)).oauth2PermissionScopes.map(wholeScope),
    replyUrls: (object) => replyUrlsOf(asServicePrincipal(object)),
  },
};

const emptyInfo = {
  logoUrl: null,
  marketingUrl: null,
  privacyStatementUrl: null,
  supportUrl: null,
  termsOfServiceUrl: null,
};

function wholeRole(role: object): object {
  return { value: null, origin: 'Application', ...role };
}

function wholeScope(scope: object): object {
  return { userConsentDescription: null, userConsentDisplayName: null, ...scope };
}

function keyCredentials(object: DirectoryObject): unknown {
  return asApplication(object).attributes.keyCredentials?.map((credential) => ({ ...credential, key: null }));
}
