// Provisioning in both directions. `Database` says how columns are written.

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
  is_uncertain: number;
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
  /** In lower case. */
  source_name_key: string;
  problem_code: string | null;
  /** Names of the changed properties in lower case, each between two line feeds. */
  changed_keys: string;
  detail: string;
}
