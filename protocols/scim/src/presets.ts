/** The named dialects. */
import { type Dialect, type Habit, habits } from './dialect.ts';
import { schemaUrns } from './urns.ts';

const allHabits = Object.keys(habits) as Habit[];

/** The RFCs and nothing else: for conformance tests, and for scripts whose mistakes should be seen. */
export const standardDialect: Dialect = {
  name: 'standard',
  accepts: [],
  filterLimits: { maxLength: 8192, maxDepth: 20, maxComparisons: 100 },
  maxPatchChanges: 1000,
  maxValues: 500,
  pages: { defaultSize: 100, maxSize: 1000, ignores: [], countsBehindCursor: true },
  supports: { bulk: true, search: true, me: true, sort: true, etag: true, changePassword: true },
  noContentAfterPatch: [],
  restrictions: {},
};

/** The default: takes what any known client sends. */
export const tolerantDialect: Dialect = { ...standardDialect, name: 'tolerant', accepts: allHabits };

/**
 * Microsoft Entra's provisioning service. Its documentation answers changes of a group by 204, which also spares reading
 * all members for an answer that nobody reads (learn.microsoft.com/entra/identity/app-provisioning/
 * use-scim-to-provision-users-and-groups).
 */
export const entraDialect: Dialect = { ...tolerantDialect, name: 'entra', noContentAfterPatch: ['Group'] };

/**
 * The limits of the SCIM endpoint of AWS IAM Identity Center, as its developer guide states them
 * (docs.aws.amazon.com/singlesignon/latest/developerguide/ limitations, createuser, putuser, patchuser, listusers,
 * creategroup, patchgroup, listgroups), so that a client written for that endpoint meets the same here.
 */
export const awsIdentityCenterDialect: Dialect = {
  ...tolerantDialect,
  name: 'aws-identity-center',
  pages: {
    defaultSize: 100,
    maxSize: 100,
    ignores: ['startIndex', 'sortBy', 'attributes', 'excludedAttributes'],
    countsBehindCursor: false,
  },
  supports: { bulk: false, search: false, me: false, sort: false, etag: false, changePassword: false },
  noContentAfterPatch: ['Group'],
  restrictions: {
    User: {
      filters: [
        ['userName'],
        ['externalId'],
        ['groups.value'],
        ['id'],
        ['id', `${schemaUrns.enterpriseUser}:manager.value`],
      ],
      required: ['displayName', 'name.givenName', 'name.familyName'],
      unsupported: [
        'password',
        'ims',
        'photos',
        'entitlements',
        'x509Certificates',
        'groups',
        'emails.display',
        'phoneNumbers.display',
        'roles.display',
        `${schemaUrns.enterpriseUser}:manager.displayName`,
      ],
      single: ['emails', 'phoneNumbers', 'addresses', 'roles'],
      primary: ['emails'],
      patch: {
        modifiable: [
          'userName',
          'active',
          'externalId',
          'displayName',
          'nickName',
          'profileUrl',
          'title',
          'userType',
          'preferredLanguage',
          'locale',
          'timezone',
          'name',
          'emails',
          'addresses',
          'phoneNumbers',
          schemaUrns.enterpriseUser,
        ],
        notRemovable: ['userName', 'active'],
        notReplaceable: [],
        once: ['userName', 'active'],
        severalWithoutPath: false,
      },
    },
    Group: {
      filters: [['displayName'], ['externalId'], ['members.value'], ['id'], ['id', 'members.value']],
      answeredEmpty: ['members'],
      maxMemberChanges: 100,
      patch: {
        modifiable: ['displayName', 'externalId', 'members'],
        notRemovable: ['members'],
        notReplaceable: ['members'],
        once: [],
        severalWithoutPath: false,
      },
    },
  },
};

/** The presets by name, as a token's settings name them. */
export const dialects: Readonly<Record<string, Dialect>> = Object.fromEntries(
  [standardDialect, tolerantDialect, entraDialect, awsIdentityCenterDialect].map((dialect) => [dialect.name, dialect]),
);
