import {
  type AttributeQuery,
  type CheckContext,
  type LookUpAttributes,
  parseDirectoryQuery,
} from '@countersign/claims';
import type { DirectoryObject } from '../../directory/index.ts';
import { type ClaimSubject, windowsAccountOf } from './subject-claims.ts';

/** The attribute stores of issuance and authorization rules: the directory, by the name that AD FS gives it and our own. */
export const attributeStores: CheckContext['stores'] = new Map([
  ['active directory', { isDirectory: true }],
  ['directory', { isDirectory: true }],
]);

/** What the directory calls the attributes that LDAP names otherwise. Every other name is taken as it is. */
const attributeOf: Readonly<Record<string, string>> = {
  c: 'country',
  co: 'country',
  company: 'companyName',
  employeeid: 'employeeId',
  employeetype: 'employeeType',
  givenname: 'givenName',
  l: 'city',
  mobile: 'mobilePhone',
  physicaldeliveryofficename: 'officeLocation',
  postalcode: 'postalCode',
  preferredlanguage: 'preferredLanguage',
  proxyaddresses: 'proxyAddresses',
  samaccountname: 'onPremisesSamAccountName',
  sn: 'surname',
  st: 'state',
  streetaddress: 'streetAddress',
  telephonenumber: 'businessPhones',
  title: 'jobTitle',
  displayname: 'displayName',
  userprincipalname: 'userPrincipalName',
};

/**
 * Answers the queries of rules about the person who signs in, in the form that AD FS defines:
 * `filter;attribute,attribute;account`. Only that person is looked at: a query to another store, for another
 * account, or with a filter, has no values.
 */
export function attributesOf(subject: ClaimSubject): LookUpAttributes {
  return async (query: AttributeQuery) => {
    const { filter, attributes, account } = parseDirectoryQuery(query);
    const isDirectory = attributeStores.get(query.store.toLowerCase())?.isDirectory;
    const isAbout = isDirectory && filter === '' && namesOf(subject.user).includes(account.toLowerCase());
    return attributes.map((name) => (isAbout ? valuesOf(subject, name) : []));
  };
}

function namesOf(user: DirectoryObject): string[] {
  const { userPrincipalName, mail } = user.attributes;
  return [userPrincipalName, mail, windowsAccountOf(user), user.id].flatMap((name) =>
    typeof name === 'string' ? [name.toLowerCase()] : [],
  );
}

function valuesOf({ user, groups }: ClaimSubject, name: string): string[] {
  const wanted = name.toLowerCase();
  // AD FS lists the groups of an account under this name.
  if (wanted === 'tokengroups' || wanted === 'memberof')
    return groups.map((group) => String(group.attributes['displayName']));
  // In an Active Directory they stand beside all others.
  const all = { ...Object(user.attributes['onPremisesExtensionAttributes']), ...user.attributes };
  const attribute = attributeOf[wanted] ?? Object.keys(all).find((key) => key.toLowerCase() === wanted);
  const value = attribute === undefined ? undefined : all[attribute];
  return [value].flat().flatMap((one) => (typeof one === 'string' || typeof one === 'number' ? [String(one)] : []));
}
