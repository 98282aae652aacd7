// The directory: objects, what they are found by, relations and passwords. `Database` says how columns are written.

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

export interface DirectoryRoleAssignmentTable {
  tenant_id: string;
  id: string;
  role_id: string;
  principal_id: string;
  principal_kind: string;
  created_at: number;
}
