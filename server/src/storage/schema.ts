import type { Generated } from 'kysely';

/**
 * Every table, as the last migration leaves it. Times are milliseconds since the epoch, truth values 0 or 1, `attributes`
 * and other documents JSON in text. Columns named `*_key` hold text folded for comparison and compare by bytes.
 */
export interface Database {
  meta: MetaTable;
  lease: LeaseTable;
  server_process: ServerProcessTable;
  tenant: TenantTable;
  tenant_domain: TenantDomainTable;
  tenant_host: TenantHostTable;
  directory_object: DirectoryObjectTable;
  directory_name: DirectoryNameTable;
  directory_value: DirectoryValueTable;
  directory_link: DirectoryLinkTable;
  group_closure: GroupClosureTable;
  extension_property: ExtensionPropertyTable;
  password_credential: PasswordCredentialTable;
  client_secret: ClientSecretTable;
  federated_credential: FederatedCredentialTable;
  permission_grant: PermissionGrantTable;
  app_role_assignment: AppRoleAssignmentTable;
  directory_role_assignment: DirectoryRoleAssignmentTable;
  signing_key: SigningKeyTable;
  redeemable: RedeemableTable;
  used_id: UsedIdTable;
  change: ChangeTable;
  audit_event: AuditEventTable;
  user_flow: UserFlowTable;
  sign_in: SignInTable;
  sign_in_result: SignInResultTable;
  session: SessionTable;
  session_application: SessionApplicationTable;
  relying_party: RelyingPartyTable;
  persistent_name: PersistentNameTable;
  known_browser: KnownBrowserTable;
  attempts: AttemptsTable;
  one_time_code: OneTimeCodeTable;
  authentication_method: AuthenticationMethodTable;
  recovery_code: RecoveryCodeTable;
  sign_in_event: SignInEventTable;
  tenant_branding: TenantBrandingTable;
  accepted_terms: AcceptedTermsTable;
  outgoing_message: OutgoingMessageTable;
  scim_token: ScimTokenTable;
  provisioning_job: ProvisioningJobTable;
  provisioned_object: ProvisionedObjectTable;
  provisioned_member: ProvisionedMemberTable;
  provisioning_log: ProvisioningLogTable;
  logout_notice: LogoutNoticeTable;
}

/** Facts about the database itself: which feed it is, a proof of the sealing key. */
export interface MetaTable {
  name: string;
  value: string;
}

/** Who does a recurring work now. Times here and in the next table are by the clock of the database. */
export interface LeaseTable {
  name: string;
  owner: string;
  until: number;
}

/** Which processes use the database now. */
export interface ServerProcessTable {
  id: string;
  host: string;
  pid: number;
  version: string;
  started_at: number;
  alive_until: number;
}

export interface TenantTable {
  id: string;
  name: string;
  name_key: string;
  display_name: string;
  created_at: number;
  /** Settings of the tenant that no query searches. */
  settings: string;
}

export interface TenantDomainTable {
  domain_key: string;
  tenant_id: string;
  is_initial: number;
  is_default: number;
  verified_at: number | null;
}

/** A host name that belongs to one tenant. */
export interface TenantHostTable {
  host_key: string;
  tenant_id: string;
}

/** How the pages of a tenant look. Its pictures stand apart, since few requests need their bytes. */
export interface TenantBrandingTable {
  tenant_id: string;
  definition: string;
  logo: string | null;
  icon: string | null;
}

/** Users, groups, applications and service principals: one document each, found through the next three tables. */
export interface DirectoryObjectTable {
  tenant_id: string;
  id: string;
  kind: string;
  attributes: string;
  created_at: number;
  modified_at: number;
  deleted_at: number | null;
  version: number;
}

/** Names that only one living object of a tenant may have, such as user principal names. */
export interface DirectoryNameTable {
  tenant_id: string;
  space: string;
  name_key: string;
  object_id: string;
}

/** The values by which living objects are filtered and sorted. */
export interface DirectoryValueTable {
  tenant_id: string;
  kind: string;
  attribute: string;
  value_key: string;
  object_id: string;
}

/** Relations between objects: member, owner, manager. */
export interface DirectoryLinkTable {
  tenant_id: string;
  relation: string;
  from_id: string;
  to_id: string;
  from_kind: string;
  to_kind: string;
  created_at: number;
}

/** Which group contains which through others, and over how many paths. */
export interface GroupClosureTable {
  tenant_id: string;
  ancestor_id: string;
  descendant_id: string;
  paths: number;
}

/** Attributes that a tenant declares itself. */
export interface ExtensionPropertyTable {
  tenant_id: string;
  id: string;
  application_id: string;
  name: string;
  name_key: string;
  data_type: string;
  is_multi_valued: number;
  target_kinds: string;
  created_at: number;
  description: string | null;
}

export interface PasswordCredentialTable {
  tenant_id: string;
  user_id: string;
  hash: string;
  must_change: number;
  changed_at: number;
}

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

export interface DirectoryRoleAssignmentTable {
  tenant_id: string;
  id: string;
  role_id: string;
  principal_id: string;
  principal_kind: string;
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

/** The change feed. Order is (transaction_id, sequence). */
export interface ChangeTable {
  sequence: Generated<number>;
  transaction_id: number;
  tenant_id: string;
  at: number;
  kind: string;
  object_id: string;
  verb: string;
  detail: string | null;
}

export interface AuditEventTable {
  id: string;
  tenant_id: string;
  at: number;
  actor_kind: string;
  actor_id: string | null;
  actor_name: string | null;
  verb: string;
  object_kind: string;
  object_id: string | null;
  object_name: string | null;
  outcome: string;
  reason: string | null;
  changes: string | null;
  correlation_id: string;
}

export interface UserFlowTable {
  tenant_id: string;
  name_key: string;
  definition: string;
}

/** Sign-ins under way. What their step keeps secret is sealed. */
export interface SignInTable {
  tenant_id: string;
  id: string;
  browser_digest: string;
  state: string;
  sealed_secret: string | null;
  version: number;
  expires_at: number;
}

/** Outcomes that the asking endpoint has not fetched yet. */
export interface SignInResultTable {
  tenant_id: string;
  secret_digest: string;
  browser_digest: string;
  result: string;
  expires_at: number;
}

export interface SessionTable {
  tenant_id: string;
  id: string;
  user_id: string;
  secret_digest: string | null;
  factors: string;
  created_at: number;
  last_used_at: number;
  valid_until: number;
  ends_at: number;
  is_kept: number;
  address: string;
  user_agent: string;
}

/** `flow` is empty for the built-in one. */
export interface SessionApplicationTable {
  tenant_id: string;
  session_id: string;
  application_id: string;
  flow: string;
  last_at: number;
  issuer: string | null;
}

/** Applications that are still to be told of the end of a session. */
export interface LogoutNoticeTable {
  tenant_id: string;
  id: string;
  application_id: string;
  issuer: string;
  user_id: string;
  session_id: string;
  tries: number;
  due_at: number;
}

/** Browsers in which a user has signed in before. */
export interface KnownBrowserTable {
  tenant_id: string;
  user_id: string;
  browser_digest: string;
  expires_at: number;
}

/** How often something was tried in vain. */
export interface AttemptsTable {
  tenant_id: string;
  key: string;
  count: number;
  last_at: number;
  expires_at: number;
}

/** Codes that were sent to somebody. Without digest, nobody has the code. */
export interface OneTimeCodeTable {
  tenant_id: string;
  sign_in_id: string;
  purpose: string;
  digest: string | null;
  tries: number;
  expires_at: number;
}

/** What users have registered to prove who they are. `credential_id` is set for passkeys only. */
export interface AuthenticationMethodTable {
  tenant_id: string;
  user_id: string;
  id: string;
  kind: string;
  credential_id: string | null;
  display_name: string;
  detail: string;
  sealed_secret: string | null;
  counter: number;
  created_at: number;
  last_used_at: number | null;
}

export interface RecoveryCodeTable {
  tenant_id: string;
  user_id: string;
  digest: string;
}

export interface SignInEventTable {
  tenant_id: string;
  id: string;
  at: number;
  user_id: string | null;
  application_id: string;
  app_id: string;
  flow_key: string | null;
  outcome: string;
  failure: string | null;
  address: string;
  correlation_id: string;
  detail: string;
}

/** Which terms of use a user has accepted. */
export interface AcceptedTermsTable {
  tenant_id: string;
  user_id: string;
  version: string;
  accepted_at: number;
}

/** Mails and text messages that are to be sent. */
export interface OutgoingMessageTable {
  tenant_id: string;
  id: string;
  /** With its codes, so it is sealed. */
  sealed_message: string;
  tries: number;
  due_at: number;
  expires_at: number;
}

/** Tokens of SCIM clients, as digests. After a rotation the former digest is accepted for a while. */
export interface ScimTokenTable {
  tenant_id: string;
  id: string;
  label: string;
  label_key: string;
  scopes: string;
  dialect: string;
  contact: string | null;
  hint: string;
  digest: string;
  previous_digest: string | null;
  previous_ends_at: number | null;
  created_at: number;
  expires_at: number;
  last_used_at: number | null;
  warned_days: number | null;
}

/** `definition` and `control` are written by administrators, `progress` by the process that runs the job. */
export interface ProvisioningJobTable {
  tenant_id: string;
  id: string;
  service_principal_id: string;
  created_at: number;
  definition: string;
  wanted: string;
  control: string;
  progress: string;
  sealed_token: string | null;
}

/** What a job knows of an object of the directory. Without `due_at` there is nothing to do. */
export interface ProvisionedObjectTable {
  tenant_id: string;
  job_id: string;
  source_id: string;
  kind: string;
  target_id: string | null;
  state: string;
  digest: string | null;
  has_members_read: number;
  due_at: number | null;
  mark: number;
  reading: number;
  awaits_removal: number;
  attempts: number;
  problem: string | null;
}

/** Which memberships the target was told of, and which are to be looked at. */
export interface ProvisionedMemberTable {
  tenant_id: string;
  job_id: string;
  group_id: string;
  member_id: string;
  is_sent: number;
  due_at: number | null;
  mark: number;
}

export interface ProvisioningLogTable {
  tenant_id: string;
  id: string;
  at: number;
  job_id: string;
  cycle_id: string;
  service_principal_id: string;
  action: string;
  status: string;
  source_id: string;
  target_id: string | null;
  detail: string;
}
