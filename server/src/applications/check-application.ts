import { type ApplicationAttributes, replyAddressesOf } from './application.ts';
import { refuse } from './errors.ts';
import { checkPermissions, type DeclaredPermissions } from './permission.ts';
import { isSignedBySecret } from './signing-secret.ts';

/**
 * Checks the attributes of an application against each other and against those that it had.
 *
 * @param before  undefined for a new application
 * @throws Refusal `applications.property_invalid`, `applications.permission_enabled`
 */
export function checkApplication(before: ApplicationAttributes | undefined, after: ApplicationAttributes): void {
  for (const [property, whyInvalid] of Object.entries(checks)) {
    const reason = whyInvalid(after);
    if (reason !== undefined) throw refuse('applications.property_invalid', { property, reason });
  }
  checkPermissions(before ? declaredBy(before) : {}, declaredBy(after));
}

/** The roles and scopes that an application declares. */
export function declaredBy({ appRoles = [], api }: ApplicationAttributes): Required<DeclaredPermissions> {
  return { appRoles, oauth2PermissionScopes: api?.oauth2PermissionScopes ?? [] };
}

const mostReplyAddresses = 256;
const mostResourcePermissions = 400;

/** Property to what says why its value does not fit the others. */
const checks: Readonly<Record<string, (after: ApplicationAttributes) => string | undefined>> = {
  displayName: ({ displayName }) => (displayName.trim() === '' ? 'it is empty' : undefined),

  redirectUris: (after) => {
    const addresses = replyAddressesOf(after);
    if (addresses.length > mostReplyAddresses) return `an application has at most ${mostReplyAddresses} of them`;
    // The kind decides how codes are redeemed there, so it must not depend on the order in which kinds are looked at.
    return whyTwice(addresses);
  },

  defaultRedirectUri: (after) => {
    const { defaultRedirectUri } = after;
    const isRegistered = defaultRedirectUri === undefined || replyAddressesOf(after).includes(defaultRedirectUri);
    return isRegistered ? undefined : 'it is not one of the redirect URIs';
  },

  'api/preAuthorizedApplications': ({ api }) => {
    const scopes = new Set(api?.oauth2PermissionScopes?.map(({ id }) => id.toLowerCase()));
    const clients = api?.preAuthorizedApplications ?? [];
    const ids = clients.flatMap(({ delegatedPermissionIds }) => delegatedPermissionIds);
    const unknown = ids.find((id) => !scopes.has(id.toLowerCase()));
    if (unknown !== undefined) return `${unknown} is no scope of this application`;
    return whyTwice(clients.map(({ appId }) => appId));
  },

  oauthClient: (after) => {
    const { oauthClient } = after;
    if (oauthClient?.jwks && oauthClient.jwksUri !== undefined) {
      return 'it has jwks and jwksUri, of which only one can count (RFC 7591 2)';
    }
    // OIDC Core 10.1: a client_secret MUST NOT be used for signatures by public clients.
    return isSignedBySecret(after) && !keepsSecret(after)
      ? 'HS256 is for web applications that prove themselves by a secret (OIDC Core 10.1)'
      : undefined;
  },

  requiredResourceAccess: ({ requiredResourceAccess: resources = [] }) => {
    const permissions = resources.flatMap(({ resourceAccess = [] }) => resourceAccess);
    if (permissions.length > mostResourcePermissions)
      return `it names more than ${mostResourcePermissions} permissions`;
    return whyTwice(resources.map(({ resourceAppId }) => resourceAppId));
  },

  tokenEncryptionKeyId: ({ tokenEncryptionKeyId: wanted, keyCredentials = [] }) => {
    const isThere = wanted === undefined || keyCredentials.some(({ keyId }) => keyId === wanted);
    return isThere ? undefined : 'it is the id of none of the key credentials';
  },
};

function keepsSecret({ web: _, ...after }: ApplicationAttributes): boolean {
  const { tokenEndpointAuthMethod: method = 'client_secret_basic' } = after.oauthClient ?? {};
  const isPublic = after.isFallbackPublicClient === true || replyAddressesOf(after).length > 0;
  return method.startsWith('client_secret') && !isPublic;
}

function whyTwice(texts: readonly string[]): string | undefined {
  const twice = texts.find((text, index) => texts.indexOf(text) !== index);
  return twice && `${twice} occurs twice`;
}
