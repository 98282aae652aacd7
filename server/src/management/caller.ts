/** Whoever calls, as far as it decides what is allowed. */
export interface Caller {
  kind: 'user' | 'application';
  /** Object id of the user or service principal. */
  id: string;
  name: string;
  tenantId: string;
  /** Delegated permissions of the token; empty without a user. */
  scopes: readonly string[];
  /** Application permissions of the token. */
  permissions: readonly string[];
  /** Names of the administrative roles that the user or service principal holds now. */
  directoryRoles: readonly string[];
}
