import type { AttributeValue, DirectoryObject, ObjectKindDefinition } from '../directory/index.ts';
import { replyAddressesOf } from './application.ts';
import {
  appRoles,
  complex,
  flag,
  guid,
  info,
  keyCredentials,
  name,
  oauth2PermissionScopes,
  several,
  tags,
  text,
  uri,
} from './definitions.ts';
import { findFirstParty } from './first-party/first-party.ts';
import type { KeyCredential } from './key-credential.ts';
import type { AppRole, DeclaredPermissions, PermissionScope } from './permission.ts';

export const servicePrincipalTypes = ['Application', 'ManagedIdentity', 'Legacy', 'SocialIdp'] as const;

export type ServicePrincipalType = (typeof servicePrincipalTypes)[number];

/**
 * What the document of a service principal holds, under the names of Microsoft Graph
 * (https://learn.microsoft.com/graph/api/resources/serviceprincipal). Whatever is absent has no value.
 */
export type ServicePrincipalAttributes = {
  appId: string;
  displayName: string;
  appDisplayName?: string;
  appDescription?: string;
  /** Tenant of the application; absent for the hub's own and for those without application. */
  appOwnerOrganizationId?: string;
  servicePrincipalType: ServicePrincipalType;
  /** Names as a resource: the appId and the application's identifier URIs. */
  servicePrincipalNames?: string[];
  /** Of managed identities: how it was made, and the id of the resource that it belongs to. */
  alternativeNames?: string[];
  accountEnabled: boolean;
  /** Only principals with an assignment may sign in. */
  appRoleAssignmentRequired?: boolean;
  /** Ids of the identity providers from which people may come, and `local` for accounts of the tenant; without any: all. */
  identityProviders?: string[];
  signInAudience?: string;
  /** Of the application as an API; absent where it takes what the client asks for. */
  requestedAccessTokenVersion?: number;
  appRoles?: AppRole[];
  oauth2PermissionScopes?: PermissionScope[];
  replyUrls?: string[];
  homepage?: string;
  loginUrl?: string;
  logoutUrl?: string;
  preferredSingleSignOnMode?: string;
  preferredTokenSigningKeyThumbprint?: string;
  samlSingleSignOnSettings?: Record<string, AttributeValue>;
  tokenEncryptionKeyId?: string;
  notificationEmailAddresses?: string[];
  description?: string;
  notes?: string;
  tags?: string[];
  info?: Record<string, AttributeValue>;
  keyCredentials?: KeyCredential[];
};

/** What an application is in a tenant: who it signs in as, who may use it, what it was allowed. */
export type ServicePrincipal = DirectoryObject & { kind: 'servicePrincipal'; attributes: ServicePrincipalAttributes };

const singleSignOnModes = ['password', 'saml', 'notSupported', 'oidc'];

/** How the directory keeps and finds service principals. */
export const servicePrincipalKind: ObjectKindDefinition = {
  kind: 'servicePrincipal',
  nameAttribute: 'displayName',
  attributes: {
    appId: { ...guid, isRequired: true, index: 'value', unique: 'servicePrincipal.appId' },
    displayName: { ...name, isRequired: true, index: 'value' },
    appDisplayName: name,
    appDescription: text,
    appOwnerOrganizationId: { ...guid, index: 'value' },
    servicePrincipalType: { type: 'string', isRequired: true, index: 'value', allowed: servicePrincipalTypes },
    servicePrincipalNames: {
      type: 'string',
      longest: 256,
      isMultiValued: true,
      index: 'value',
      unique: 'servicePrincipal.name',
    },
    alternativeNames: { ...text, isMultiValued: true, index: 'value' },
    accountEnabled: { ...flag, isRequired: true, index: 'value' },
    appRoleAssignmentRequired: flag,
    identityProviders: several({ type: 'string', longest: 128 }, 100),
    signInAudience: text,
    requestedAccessTokenVersion: { type: 'integer' },
    appRoles,
    oauth2PermissionScopes,
    replyUrls: several(uri, 256),
    homepage: uri,
    loginUrl: uri,
    logoutUrl: uri,
    preferredSingleSignOnMode: { ...text, index: 'value', allowed: singleSignOnModes },
    preferredTokenSigningKeyThumbprint: text,
    samlSingleSignOnSettings: complex({ relayState: uri }),
    tokenEncryptionKeyId: guid,
    notificationEmailAddresses: several({ type: 'string', longest: 254 }, 5),
    description: text,
    notes: text,
    tags,
    info,
    keyCredentials,
  },
};

/** The roles and scopes of a resource: of a first-party one as the program knows them, of others as they are kept. */
export function permissionsOf({ attributes }: ServicePrincipal): Required<DeclaredPermissions> {
  const { appRoles = [], oauth2PermissionScopes = [] } = findFirstParty(attributes.appId) ?? attributes;
  return { appRoles, oauth2PermissionScopes };
}

/** The reply addresses of its application, all kinds together. */
export function replyUrlsOf({ attributes }: ServicePrincipal): string[] {
  const firstParty = findFirstParty(attributes.appId);
  return firstParty ? replyAddressesOf(firstParty) : (attributes.replyUrls ?? []);
}
