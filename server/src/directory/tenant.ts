import type { PasswordPolicy } from './password-policy.ts';

/** An organization with a directory, applications and keys of its own. Nothing is shared between tenants. */
export interface Tenant {
  id: string;
  /** Short name, usable in URLs: lower-case letters, digits and dashes. */
  name: string;
  displayName: string;
  createdAt: Date;
  domains: TenantDomain[];
  /** Host names that lead to this tenant only, such as `login.contoso.com`. Lower case. */
  hosts: string[];
  settings: TenantSettings;
}

export interface TenantDomain {
  /** Lower case. */
  name: string;
  /** The `<name>.onmicrosoft.com` style domain that came with the tenant and stays. */
  isInitial: boolean;
  /** Where new users get their names from when none is said. */
  isDefault: boolean;
  /** Null until the ownership is proven; it resolves to the tenant and carries user names only afterwards. */
  verifiedAt: Date | null;
}

/** Settings of a tenant that no query searches. Features add theirs. */
export interface TenantSettings {
  /** Absent: `usualPasswordPolicy`. */
  passwordPolicy?: PasswordPolicy;
  /** Days for which audit events are kept; null for ever. */
  auditRetentionDays?: number | null;
  /** Days for which the sign-in log is kept; null for ever. Absent: 90. */
  signInRetentionDays?: number | null;
  /** What it means that a SCIM client deletes a user. Default: `delete`, from where it can be restored for 30 days. */
  scimUserDeletion?: 'delete' | 'deactivate';
  /** What users may do themselves: consent to permissions (default: `all`), register applications (default: no). */
  authorization?: { userConsent?: 'all' | 'low' | 'none'; usersMayCreateApps?: boolean };
  /** Who may register clients, and how many of them there may be. Default: nobody. */
  clientRegistration?: { mode?: 'off' | 'token' | 'open'; mostClients?: number };
  /** The identity provider of every verified domain whose people sign in there, by the domain's name. */
  federatedDomains?: Readonly<Record<string, string>>;
  /** Days for which entries of the provisioning log are kept; null for ever. Absent: 30. */
  provisioningRetentionDays?: number | null;
}
