import type { RelyingParty } from './relying-party.ts';

/**
 * A secret of an application or service principal, as a digest. The secret itself was shown once; it is kept only where
 * something is signed by it.
 */
export interface ClientSecret {
  id: string;
  /** Object id of the application or service principal. */
  objectId: string;
  displayName: string | null;
  /** The first characters, to recognise it by. */
  hint: string;
  /** SHA-256 in base64url. The secret has 256 random bits, so that a fast digest is safe. */
  digest: string;
  startsAt: Date;
  endsAt: Date;
}

/** Where secrets are kept. Here as below, writing appends to the change feed, and removing says whether it was there. */
export interface ClientSecretStore {
  /** @param text  the secret itself, where it must be read back; it is sealed */
  insert(tenantId: string, secret: ClientSecret, at: Date, text?: string): Promise<void>;
  remove(tenantId: string, objectId: string, id: string, at: Date): Promise<boolean>;
  /** Of all these objects, by object and id. */
  list(tenantId: string, objectIds: readonly string[]): Promise<ClientSecret[]>;
  /** The text of the object's newest secret that is valid now, among those whose text is kept. */
  findText(tenantId: string, objectId: string, now: Date): Promise<string | undefined>;
  /** Keeps nothing but the digests of the object's secrets from now on. */
  forgetTexts(tenantId: string, objectId: string): Promise<void>;
}

/** Trust in tokens of a foreign issuer in place of a secret. */
export interface FederatedCredential {
  id: string;
  /** Object id of the application (or of the managed identity's service principal). */
  objectId: string;
  name: string;
  issuer: string;
  subject: string;
  audiences: string[];
  description: string | null;
  createdAt: Date;
}

export interface FederatedCredentialStore {
  /** False, and nothing is kept, when the object has one of that name. */
  insert(tenantId: string, credential: FederatedCredential, at: Date): Promise<boolean>;
  /** Changes everything but the name, which stays. */
  update(tenantId: string, credential: FederatedCredential, at: Date): Promise<void>;
  remove(tenantId: string, objectId: string, id: string, at: Date): Promise<boolean>;
  list(tenantId: string, objectId: string): Promise<FederatedCredential[]>;
}

/** Consent to delegated permissions: the client may act for the principal at the resource. */
export interface PermissionGrant {
  id: string;
  /** Service principals, by object id. */
  clientId: string;
  resourceId: string;
  /** Null: an administrator consented for everybody. */
  principalId: string | null;
  /** Scope values, space-separated. */
  scope: string;
  createdAt: Date;
}

export interface PermissionGrantQuery {
  id?: string;
  clientId?: string;
  resourceId?: string;
  /** Null asks for consent for everybody. */
  principalId?: string | null;
}

export interface PermissionGrantStore {
  /** False, and nothing is kept, when client, resource and principal already have one. */
  insert(tenantId: string, grant: PermissionGrant, at: Date): Promise<boolean>;
  /** Changes the scope. */
  update(tenantId: string, grant: PermissionGrant, at: Date): Promise<void>;
  remove(tenantId: string, id: string, at: Date): Promise<boolean>;
  /** By id, at most `limit`, after the id when one is given. */
  list(tenantId: string, query: PermissionGrantQuery, limit: number, afterId?: string): Promise<PermissionGrant[]>;
}

/** A role of an application that a user, group or service principal holds. */
export interface AppRoleAssignment {
  id: string;
  /** The role's id; the nil GUID for "assigned, without a role". */
  appRoleId: string;
  principalId: string;
  principalKind: 'user' | 'group' | 'servicePrincipal';
  resourceId: string;
  createdAt: Date;
}

export interface AppRoleAssignmentQuery {
  id?: string;
  /** One of these. */
  principalIds?: readonly string[];
  resourceId?: string;
  appRoleId?: string;
}

export interface AppRoleAssignmentStore {
  /** False, and nothing is kept, when the principal already holds the role. */
  insert(tenantId: string, assignment: AppRoleAssignment, at: Date): Promise<boolean>;
  remove(tenantId: string, id: string, at: Date): Promise<boolean>;
  /** By id, at most `limit`, after the id when one is given. */
  list(tenantId: string, query: AppRoleAssignmentQuery, limit: number, afterId?: string): Promise<AppRoleAssignment[]>;
}

/** Where relying parties of SAML and WS-Federation are kept. */
export interface RelyingPartyStore {
  /** Adds it or replaces the service principal's. False, and nothing is kept, when another has the identifier. */
  save(tenantId: string, party: RelyingParty, at: Date): Promise<boolean>;
  remove(tenantId: string, servicePrincipalId: string, at: Date): Promise<boolean>;
  find(tenantId: string, servicePrincipalId: string): Promise<RelyingParty | undefined>;
  findByIdentifier(
    tenantId: string,
    protocol: RelyingParty['protocol'],
    identifier: string,
  ): Promise<RelyingParty | undefined>;
  /** By service principal, at most `limit`, after the id when one is given. */
  list(tenantId: string, limit: number, afterId?: string): Promise<RelyingParty[]>;
}

/** Under which names applications know users, where the name is made for them (SAML Core 8.3.7). */
export interface PersistentNameStore {
  /** Undefined: no name was kept yet. */
  find(tenantId: string, servicePrincipalId: string, userId: string): Promise<string | undefined>;
  /** The user's name at the application; the given one, when there is none yet. */
  findOrKeep(tenantId: string, servicePrincipalId: string, userId: string, name: string): Promise<string>;
}

/** Lets its holder register clients. Its text was shown once; only the digest is kept. */
export interface InitialAccessToken {
  id: string;
  displayName: string;
  /** The beginning of the text, to recognise it by. */
  hint: string;
  /** SHA-256 in base64url. */
  digest: string;
  createdAt: Date;
  expiresAt: Date;
  usesLeft: number;
}

export interface InitialAccessTokenStore {
  insert(tenantId: string, token: InitialAccessToken): Promise<void>;
  remove(tenantId: string, id: string): Promise<void>;
  list(tenantId: string): Promise<InitialAccessToken[]>;
  /** Takes one use, at once for everybody who tries. Undefined when there is none, or it has none left, or is too old. */
  use(tenantId: string, digest: string, now: Date): Promise<InitialAccessToken | undefined>;
}

/** A client that registered itself, with the digest of the token by which it looks after its registration. */
export interface SelfRegistration {
  appId: string;
  applicationId: string;
  /** SHA-256 in base64url. */
  tokenDigest: string;
}

export interface RegisteredClientStore {
  insert(tenantId: string, client: SelfRegistration): Promise<void>;
  find(tenantId: string, appId: string): Promise<SelfRegistration | undefined>;
  /** Those whose application has not been deleted. */
  count(tenantId: string): Promise<number>;
}

/** Everything that applications keep besides their directory objects. */
export interface ApplicationStores {
  initialAccessTokens: InitialAccessTokenStore;
  registeredClients: RegisteredClientStore;
  clientSecrets: ClientSecretStore;
  federatedCredentials: FederatedCredentialStore;
  permissionGrants: PermissionGrantStore;
  appRoleAssignments: AppRoleAssignmentStore;
  relyingParties: RelyingPartyStore;
  persistentNames: PersistentNameStore;
}
