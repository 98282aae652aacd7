import { parseDocument, stringify } from 'yaml';
import { z } from 'zod';
import { TenantFileError } from './error.ts';

const name = z.string().min(1).max(256);

/** A member or assigned principal by name: text is a user principal name. */
const principal = z.union([name, z.strictObject({ group: name }), z.strictObject({ application: name })]);

const ownedBy = { owners: z.array(principal).optional() };

const federatedCredential = z.strictObject({
  name,
  issuer: z.string(),
  subject: z.string(),
  audiences: z.array(z.string()).min(1),
  description: z.string().nullish(),
});

/** What the service principal of an application may do and who may use it, as far as the file says. */
const enterprise = z.strictObject({
  accountEnabled: z.boolean().optional(),
  appRoleAssignmentRequired: z.boolean().optional(),
  /** From where people may come: ids of identity providers, and `local`. */
  identityProviders: z.array(z.string()).optional(),
  tags: z.array(z.string()).optional(),
  notes: z.string().nullish(),
  preferredSingleSignOnMode: z.string().nullish(),
  /** Role value, or the empty text for "assigned, without a role", to the principals that hold it. */
  assignments: z.record(z.string(), z.array(principal)).optional(),
  /** Delegated permissions with consent for everybody: name of the resource to its scope values. */
  consents: z.record(name, z.array(z.string())).optional(),
  /** Application permissions that were granted: name of the resource to its role values. */
  permissions: z.record(name, z.array(z.string())).optional(),
});

/**
 * A tenant as a file. Objects are named instead of numbered; their properties are the management API's, which judges
 * them. A list is the whole list: who is not in it is removed. Objects that the file does not name stay, unless `--prune`.
 */
export const tenantFile = z.strictObject({
  tenant: z.strictObject({
    name,
    displayName: z.string().optional(),
    /** Null keeps a log for ever. */
    auditRetentionDays: z.int().nullish(),
    signInRetentionDays: z.int().nullish(),
    provisioningRetentionDays: z.int().nullish(),
    domains: z.array(z.string()).optional(),
    hosts: z.array(z.string()).optional(),
  }),
  /** How the pages look. */
  branding: z.looseObject({}).optional(),
  policies: z
    .strictObject({
      /** What users may do themselves. */
      authorization: z.looseObject({}).optional(),
      /** Who may register clients by OAuth 2.0 Dynamic Client Registration. */
      clientRegistration: z.looseObject({}).optional(),
      /** What is demanded of new passwords, and the limits for wrong ones. */
      passwords: z.looseObject({}).optional(),
    })
    .optional(),
  extensionProperties: z
    .array(
      z.strictObject({
        application: name,
        name,
        dataType: z.string(),
        isMultiValued: z.boolean().optional(),
        targetObjects: z.array(z.string()),
        description: z.string().nullish(),
      }),
    )
    .optional(),
  /** Claims rules that applications and identity providers include by id. */
  ruleGroups: z.array(z.looseObject({ id: name, purpose: name })).optional(),
  /** Whom the tenant trusts. A client secret is set by itself. */
  identityProviders: z.array(z.looseObject({ id: name })).optional(),
  /** An attribute of the tenant's own is named `extension_{name of the application}_name`. */
  userFlows: z.array(z.looseObject({ name })).optional(),
  users: z
    .array(
      z.looseObject({
        userPrincipalName: name,
        /** Used when the user is made; never compared. */
        initialPassword: z.string().optional(),
        manager: name.nullish(),
      }),
    )
    .optional(),
  groups: z.array(z.looseObject({ displayName: name, members: z.array(principal).optional(), ...ownedBy })).optional(),
  applications: z
    .array(
      z.looseObject({
        displayName: name,
        ...ownedBy,
        federatedCredentials: z.array(federatedCredential).optional(),
        servicePrincipal: enterprise.optional(),
        /** How it trusts the tenant by SAML or WS-Federation; needs the service principal. */
        relyingParty: z
          .union([
            z.looseObject({ protocol: name, identifier: name }),
            /** Its metadata says both. */
            z.looseObject({ metadataSource: z.looseObject({ url: name }) }),
          ])
          .optional(),
      }),
    )
    .optional(),
  /** Display name of a directory role to those who hold it. */
  directoryRoles: z.record(name, z.array(principal)).optional(),
  /** Clients that keep the directory by SCIM. A new token has a secret when it is rotated. */
  scim: z
    .strictObject({ userDeletion: z.string().optional(), tokens: z.array(z.looseObject({ name })).optional() })
    .optional(),
  /** Systems that are kept in step, by the applications that stand for them. Each needs a token, and to be started. */
  provisioning: z.array(z.looseObject({ application: name })).optional(),
});

export type TenantFile = z.infer<typeof tenantFile>;
export type Principal = z.infer<typeof principal>;

/**
 * Reads a tenant file.
 *
 * @throws TenantFileError that names line or place of everything that is wrong.
 */
export function parseTenantFile(text: string, file: string): TenantFile {
  const document = parseDocument(text, { version: '1.2', uniqueKeys: true });
  const [first] = document.errors;
  if (first) throw new TenantFileError(`${file}: ${first.message}`);
  const read = tenantFile.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (read.success) return read.data;
  const problems = read.error.issues.map(({ path, message }) => `${file}: ${path.join('.') || 'the file'}: ${message}`);
  throw new TenantFileError(problems.join('\n'));
}

/** Writes a tenant file that `parseTenantFile` reads back to the same value. */
export function printTenantFile(value: TenantFile): string {
  return stringify(value, { lineWidth: 120, aliasDuplicateObjects: false });
}
