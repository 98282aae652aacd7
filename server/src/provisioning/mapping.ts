/** What of the directory goes where. The words are those of Microsoft Entra's provisioning, made short. */

export const sourceKinds = ['user', 'group'] as const;
export type SourceKind = (typeof sourceKinds)[number];

export interface AttributeMapping {
  /** Attribute of the target in its own spelling, such as `name.givenName` or `emails[type eq "work"].value`. */
  target: string;
  /** Where the value comes from: `[surname]`, `"a constant"`, or an expression. */
  source: string;
  /** Stands in where the source has no value. */
  defaultValue?: string | undefined;
  /** `onCreate`: sent once, and left to the target afterwards. */
  apply: 'always' | 'onCreate';
  /** Objects of the target are matched by these attributes, lowest number first. */
  matchingPriority?: number | undefined;
}

export const scopeOperators = [
  'EQUALS',
  'NOT EQUALS',
  'IS TRUE',
  'IS FALSE',
  'IS NULL',
  'IS NOT NULL',
  'REGEX MATCH',
  'NOT REGEX MATCH',
  'INCLUDES',
  'GREATER THAN',
  'GREATER THAN OR EQUALS',
] as const;

/** One test of an object. */
export interface ScopeClause {
  attribute: string;
  operator: (typeof scopeOperators)[number];
  /** One is enough. */
  values: string[];
}

/** What happens in the target to an object that is not wanted there any more. */
export type Removal = 'disable' | 'delete' | 'leave';

export interface ObjectMapping {
  source: SourceKind;
  /** Type of the target: `User`, `Group`. */
  target: string;
  isEnabled: boolean;
  /** Which acts the engine may do. */
  flow: { create: boolean; update: boolean; delete: boolean };
  /** Objects are in scope when every clause of one of the groups holds; without groups, all are. */
  scope: ScopeClause[][];
  /** For what is in the directory but not in scope any more. */
  whenOutOfScope: Removal;
  /** For what is deleted from the directory. */
  whenDeleted: Removal;
  attributes: AttributeMapping[];
}

/** The attribute that says whether an object of the target is active. */
export const activeAttribute = 'active';
/** The attribute of groups whose values are kept in step one by one. */
export const membersAttribute = 'members';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const always = (target: string, source: string): AttributeMapping => ({ target, source, apply: 'always' });

/** What a SCIM target gets unless somebody says otherwise (RFC 7643 4.1 to 4.3). */
export const defaultMappings: readonly ObjectMapping[] = [
  {
    source: 'user',
    target: 'User',
    isEnabled: true,
    flow: { create: true, update: true, delete: true },
    scope: [],
    whenOutOfScope: 'disable',
    whenDeleted: 'disable',
    attributes: [
      { ...always('userName', '[userPrincipalName]'), matchingPriority: 1 },
      { ...always('externalId', '[id]'), matchingPriority: 2 },
      always('active', '[accountEnabled]'),
      always('displayName', '[displayName]'),
      always('name.givenName', 'Coalesce([givenName], [displayName])'),
      always('name.familyName', 'Coalesce([surname], [displayName])'),
      always('name.formatted', 'Join(" ", [givenName], [surname])'),
      always('emails[type eq "work"].value', '[mail]'),
      always('phoneNumbers[type eq "work"].value', 'Item([businessPhones], 1)'),
      always('title', '[jobTitle]'),
      always('preferredLanguage', '[preferredLanguage]'),
      always(`${enterprise}:employeeNumber`, '[employeeId]'),
      always(`${enterprise}:department`, '[department]'),
      always(`${enterprise}:manager.value`, '[manager]'),
    ],
  },
  {
    source: 'group',
    target: 'Group',
    isEnabled: true,
    flow: { create: true, update: true, delete: true },
    scope: [],
    whenOutOfScope: 'delete',
    whenDeleted: 'delete',
    attributes: [
      { ...always('displayName', '[displayName]'), matchingPriority: 2 },
      { ...always('externalId', '[id]'), matchingPriority: 1 },
      always('members', '[members]'),
    ],
  },
];

/** Sources of which no two objects of the directory have the same value. */
const uniqueSources: ReadonlySet<string> = new Set(['[id]', '[objectId]', '[userPrincipalName]']);

/** Whether no two objects of the directory can be matched with the same object of the target. */
export function matchesByUniqueNames({ attributes }: ObjectMapping): boolean {
  return attributes.every(
    ({ matchingPriority, source }) => matchingPriority === undefined || uniqueSources.has(source),
  );
}
