/** All migrations, in order: apart from what they do, which a start of an up-to-date database need not load. */
const names = [
  '0001-foundation',
  '0002-sign-in',
  '0003-redeemable',
  '0004-people',
  '0005-sign-in-administration',
  '0006-scim-token',
  '0007-provisioning',
  '0008-logout',
  '0009-application-home',
  '0010-relying-party',
  '0012-upstream-provider',
  '0013-participation',
  '0013-sign-in-trace',
  '0014-uncertain-members',
  '0016-client-registration',
  '0017-provisioning-log-search',
  '0018-federation-metadata',
  '0020-sign-in-type',
  '0026-session-names',
  '0030-upstream-sessions',
  '0031-rule-groups',
  '0032-signing-secrets',
] as const;

export type MigrationName = (typeof names)[number];

export const migrationNames: readonly string[] = names;
