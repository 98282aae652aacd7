import type {
  AppRoleAssignmentTable,
  CertificateWarningTable,
  ClientSecretTable,
  FederatedCredentialTable,
  FollowedMetadataTable,
  InitialAccessTokenTable,
  PermissionGrantTable,
  PersistentNameTable,
  RedeemableTable,
  RegisteredClientTable,
  RelyingPartyTable,
  RuleGroupTable,
  RuleGroupUseTable,
  SigningKeyTable,
  UpstreamProviderTable,
  UsedIdTable,
} from './tables/applications.ts';
import type {
  DirectoryLinkTable,
  DirectoryNameTable,
  DirectoryObjectTable,
  DirectoryRoleAssignmentTable,
  DirectoryValueTable,
  ExtensionPropertyTable,
  GroupClosureTable,
  PasswordCredentialTable,
} from './tables/directory.ts';
import type {
  AuditEventTable,
  ChangeTable,
  LeaseTable,
  MetaTable,
  ServerProcessTable,
  TenantBrandingTable,
  TenantDomainTable,
  TenantHostTable,
  TenantTable,
} from './tables/hub.ts';
import type {
  ProvisionedMemberTable,
  ProvisionedObjectTable,
  ProvisioningJobTable,
  ProvisioningLogTable,
  ScimTokenTable,
} from './tables/provisioning.ts';
import type {
  AcceptedTermsTable,
  AttemptsTable,
  AuthenticationMethodTable,
  KnownBrowserTable,
  LogoutNoticeTable,
  OneTimeCodeTable,
  OutgoingMessageTable,
  RecoveryCodeTable,
  SessionApplicationTable,
  SessionTable,
  SignInEventTable,
  SignInResultTable,
  SignInTable,
  SignInTraceTable,
  UserFlowTable,
} from './tables/sign-in.ts';

export type * from './tables/applications.ts';
export type * from './tables/directory.ts';
export type * from './tables/hub.ts';
export type * from './tables/provisioning.ts';
export type * from './tables/sign-in.ts';

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
  initial_access_token: InitialAccessTokenTable;
  registered_client: RegisteredClientTable;
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
  upstream_provider: UpstreamProviderTable;
  rule_group: RuleGroupTable;
  rule_group_use: RuleGroupUseTable;
  followed_metadata: FollowedMetadataTable;
  certificate_warning: CertificateWarningTable;
  persistent_name: PersistentNameTable;
  known_browser: KnownBrowserTable;
  attempts: AttemptsTable;
  one_time_code: OneTimeCodeTable;
  authentication_method: AuthenticationMethodTable;
  recovery_code: RecoveryCodeTable;
  sign_in_event: SignInEventTable;
  sign_in_trace: SignInTraceTable;
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
