// Who trusts the hub, with what, and what was issued to them. `Database` says how columns are written.

/** Secrets of applications and service principals, as digests. */
export interface ClientSecretTable {
  tenant_id: string;
  id: string;
  object_id: string;
  display_name: string | null;
  hint: string;
  digest: string;
  starts_at: number;
  ends_at: number;
  sealed_text: string | null;
}

export interface PersistentNameTable {
  tenant_id: string;
  service_principal_id: string;
  user_id: string;
  name: string;
}

/** `document` holds everything; the other columns are what it is found by. */
export interface RelyingPartyTable {
  tenant_id: string;
  service_principal_id: string;
  protocol: string;
  identifier: string;
  document: string;
}

/** Tokens with which clients may be registered, as digests. */
export interface InitialAccessTokenTable {
  tenant_id: string;
  id: string;
  display_name: string;
  hint: string;
  digest: string;
  created_at: number;
  expires_at: number;
  uses_left: number;
}

/** Clients that registered themselves. */
export interface RegisteredClientTable {
  tenant_id: string;
  app_id: string;
  application_id: string;
  token_digest: string;
}

/** Identity providers that the tenant trusts. `id` is folded; `document` spells it. */
export interface UpstreamProviderTable {
  tenant_id: string;
  id: string;
  issuer_key: string;
  document: string;
  sealed_secret: string | null;
}

/** Claims rules that trusts share. `id` is folded; `document` spells it. */
export interface RuleGroupTable {
  tenant_id: string;
  id: string;
  document: string;
}

/** Which trusts include which of them, by folded ids. */
export interface RuleGroupUseTable {
  tenant_id: string;
  party_id: string;
  party_kind: string;
  group_id: string;
  party_name: string;
}

export interface FederatedCredentialTable {
  tenant_id: string;
  id: string;
  object_id: string;
  name: string;
  name_key: string;
  issuer: string;
  subject: string;
  audiences: string;
  description: string | null;
  created_at: number;
}

/** Delegated permissions that were consented to. `principal_id` is empty when the consent is for everybody. */
export interface PermissionGrantTable {
  tenant_id: string;
  id: string;
  client_id: string;
  principal_id: string;
  resource_id: string;
  scope: string;
  created_at: number;
}

export interface AppRoleAssignmentTable {
  tenant_id: string;
  id: string;
  app_role_id: string;
  principal_id: string;
  principal_kind: string;
  resource_id: string;
  created_at: number;
}

export interface SigningKeyTable {
  tenant_id: string;
  id: string;
  algorithm: string;
  public_jwk: string;
  certificate: string;
  sealed_private_key: string;
  created_at: number;
  signs_from: number;
  signs_until: number | null;
  published_until: number | null;
}

/** What was issued to be redeemed. `alias_digest` is unique among those of its kind. */
export interface RedeemableTable {
  tenant_id: string;
  kind: string;
  digest: string;
  family_digest: string | null;
  alias_digest: string | null;
  content: string;
  expires_at: number;
  redeemed_at: number | null;
}

/** Ids of messages that must not be accepted twice. */
export interface UsedIdTable {
  tenant_id: string;
  id: string;
  until: number;
}

/** `document` is JSON. */
export interface FollowedMetadataTable {
  tenant_id: string;
  kind: string;
  party_id: string;
  next_fetch_at: number;
  failing_since: number | null;
  document: string;
}

/** Administrators were told that the certificates of a party end. */
export interface CertificateWarningTable {
  tenant_id: string;
  kind: string;
  party_id: string;
  ends_at: number;
  days: number;
}
