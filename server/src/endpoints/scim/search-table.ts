/** By which attribute of the directory an attribute of SCIM is searched and sorted, where an index answers exactly that. */
import type { Relation } from '../../directory/index.ts';
import { userAttributes } from './user-attributes.ts';

export type Searched =
  /** One of the values of these attributes, each with an index. */
  | { kind: 'values'; attributes: readonly string[]; isMultiValued: boolean; hasSuffixes: boolean }
  | { kind: 'time'; attribute: 'createdAt' | 'modifiedAt' }
  | { kind: 'linked'; op: 'pointsTo' | 'pointedToBy'; relation: Relation };

/** By the full path of the attribute of SCIM. */
export type SearchTable = Readonly<Record<string, Searched>>;

/** That an attribute is searched by one of the same meaning. */
export function byValue(attribute: string, isMultiValued = false): Searched {
  return { kind: 'values', attributes: [attribute], isMultiValued, hasSuffixes: false };
}
const oneOf = (...attributes: string[]): Searched => ({
  kind: 'values',
  attributes,
  isMultiValued: true,
  hasSuffixes: false,
});

const common: SearchTable = {
  id: byValue('id'),
  'meta.created': { kind: 'time', attribute: 'createdAt' },
  'meta.lastModified': { kind: 'time', attribute: 'modifiedAt' },
};

const addresses: Searched = {
  kind: 'values',
  attributes: ['mail', 'otherMails'],
  isMultiValued: true,
  hasSuffixes: true,
};
const phones = oneOf('businessPhones', 'mobilePhone', 'faxNumber');
const manager: Searched = { kind: 'linked', op: 'pointsTo', relation: 'manager' };
const lists = ['ims', 'photos', 'entitlements', 'roles', 'x509Certificates'];

const single = userAttributes
  .filter(({ scim: [name = ''] }) => !lists.includes(name))
  .map(({ scim, directory }) => [pathOf(scim), byValue(directory)] as const);

export const userSearch: SearchTable = {
  ...common,
  ...Object.fromEntries(single),
  userName: byValue('userName'),
  'emails.value': addresses,
  'phoneNumbers.value': phones,
  'roles.value': oneOf('roles/value'),
  'entitlements.value': oneOf('entitlements/value'),
  'groups.value': { kind: 'linked', op: 'pointedToBy', relation: 'member' },
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value': manager,
};

export const groupSearch: SearchTable = {
  ...common,
  displayName: byValue('displayName'),
  externalId: byValue('externalId'),
  'members.value': { kind: 'linked', op: 'pointsTo', relation: 'member' },
};

/** A URN stands before a colon, a complex attribute before a dot. */
function pathOf([first = '', second]: readonly string[]): string {
  if (second === undefined) return first;
  return `${first}${first.startsWith('urn:') ? ':' : '.'}${second}`;
}
