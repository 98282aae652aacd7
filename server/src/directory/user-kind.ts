import type { AttributeDefinition, AttributeValue, ObjectKindDefinition } from './attribute.ts';
import { identityName, identitySearchText, identitySpace, isIdentity } from './identity.ts';
import { onPremisesAttributes } from './on-premises.ts';
import { typedLists } from './typed-lists.ts';
import { userNameOf } from './user-name.ts';

const text = (longest: number): AttributeDefinition => ({ type: 'string', longest });
const found = (longest: number): AttributeDefinition => ({ type: 'string', longest, index: 'value' });
const address: AttributeDefinition = { type: 'string', longest: 320, index: 'suffix' };

/** Set of names in which user principal names are unique. */
export const userPrincipalNameSpace = 'userPrincipalName';

/** 64 characters before the @, 48 after it (113 in all) are what Microsoft's clients expect. */
const longestName = 113;

/**
 * Users, with the attributes, lengths and searches of Microsoft Graph's resource
 * (https://learn.microsoft.com/graph/api/resources/user). What Graph does not have is named as in SCIM (RFC 7643).
 */
export const userKind: ObjectKindDefinition = {
  kind: 'user',
  nameAttribute: 'userPrincipalName',
  attributes: {
    userPrincipalName: {
      type: 'string',
      longest: longestName,
      isRequired: true,
      index: 'suffix',
      unique: userPrincipalNameSpace,
      check: userPrincipalNameProblem,
    },
    identities: {
      type: 'complex',
      isMultiValued: true,
      most: 20,
      members: {
        signInType: { type: 'string', longest: 64, isRequired: true },
        issuer: { type: 'string', longest: 512, isRequired: true, check: lineProblem },
        issuerAssignedId: { type: 'string', longest: 512, isRequired: true, check: lineProblem },
      },
      searchTexts: (value) => (isIdentity(value) ? [identitySearchText(value.issuer, value.issuerAssignedId)] : []),
      unique: identitySpace,
      uniqueNames: (value) => (isIdentity(value) ? [identityName(value)] : []),
    },
    accountEnabled: { type: 'boolean', index: 'value', isRequired: true },
    displayName: { ...found(256), isRequired: true },
    givenName: found(64),
    surname: found(64),
    mailNickname: { ...found(64), check: mailNicknameProblem },
    mail: address,
    otherMails: { ...address, isMultiValued: true, most: 250 },
    proxyAddresses: { ...address, longest: 336, isMultiValued: true, most: 300, unique: 'proxyAddress' },
    jobTitle: found(128),
    department: found(64),
    companyName: found(64),
    officeLocation: found(128),
    streetAddress: text(1024),
    city: found(128),
    state: found(128),
    postalCode: found(40),
    country: found(128),
    businessPhones: { ...found(64), isMultiValued: true, most: 20 },
    mobilePhone: found(64),
    faxNumber: found(64),
    employeeId: found(64),
    employeeType: found(64),
    employeeHireDate: { type: 'dateTime', index: 'value' },
    employeeLeaveDateTime: { type: 'dateTime', index: 'value' },
    employeeOrgData: { type: 'complex', members: { division: found(128), costCenter: found(128) } },
    preferredLanguage: { ...found(35), check: languageProblem },
    usageLocation: { ...found(2), check: countryProblem },
    userType: { ...found(16), allowed: ['Member', 'Guest'] },
    ageGroup: { ...found(16), allowed: ['Minor', 'NotAdult', 'Adult'] },
    consentProvidedForMinor: { ...found(16), allowed: ['Granted', 'Denied', 'NotRequired'] },
    creationType: { ...found(32), allowed: ['Invitation', 'LocalAccount', 'EmailVerified', 'SelfServiceSignUp'] },
    externalUserState: { ...found(32), allowed: ['PendingAcceptance', 'Accepted'] },
    externalId: { ...found(256), caseExact: true },
    passwordPolicies: text(128),
    lastPasswordChangeDateTime: { type: 'dateTime' },
    signInSessionsValidFromDateTime: { type: 'dateTime' },
    preferredName: found(256),
    aboutMe: text(1024),
    mySite: found(1024),
    formattedName: found(256),
    middleName: found(64),
    honorificPrefix: found(64),
    honorificSuffix: found(64),
    locale: found(35),
    timezone: found(64),
    ...typedLists,
    showInAddressList: { type: 'boolean' },
    ...onPremisesAttributes,
    onPremisesUserPrincipalName: text(1024),
    onPremisesDistinguishedName: text(1024),
    onPremisesExtensionAttributes: {
      type: 'complex',
      members: Object.fromEntries(
        Array.from({ length: 15 }, (_, index) => [`extensionAttribute${index + 1}`, found(1024)]),
      ),
    },
  },
  derived: { userName: { ...found(512), isRequired: true, of: userNameOf } },
};

/** Whether a text has the form of a user principal name; its domain is another question. */
export function isUserPrincipalName(text: string): boolean {
  return text.length <= longestName && userPrincipalNameProblem(text) === undefined;
}

/** Letters, digits and `!#$%&'*+-/=?^_`{|}~.` before the @, without a dot at its ends; a domain name after it. */
function userPrincipalNameProblem(value: AttributeValue): string | undefined {
  const [, local = '', domain = ''] = /^([^@]*)@([^@]*)$/.exec(String(value)) ?? [];
  if (local === '' || domain === '') return 'must be a name, an @ and a domain';
  if (local.length > 64) return 'has more than 64 characters before the @';
  if (!/^[\p{L}\p{N}!#$%&'*+\-/=?^_`{|}~.]+$/u.test(local)) return 'has characters that names cannot have';
  if (local.startsWith('.') || local.endsWith('.') || local.includes('..')) return 'has a dot where none may be';
  return /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i.test(domain)
    ? undefined
    : 'has no domain name after the @';
}

function mailNicknameProblem(value: AttributeValue): string | undefined {
  return /[@()\\[\]";:<>, ]/.test(String(value)) ? 'has one of the characters @()\\[]";:<>, or a space' : undefined;
}

function languageProblem(value: AttributeValue): string | undefined {
  return /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i.test(String(value))
    ? undefined
    : 'is no language tag such as en-US (RFC 5646)';
}

function countryProblem(value: AttributeValue): string | undefined {
  return /^[A-Z]{2}$/.test(String(value)) ? undefined : 'is no country code of two capital letters (ISO 3166)';
}

function lineProblem(value: AttributeValue): string | undefined {
  return /[\r\n]/.test(String(value)) ? 'has a line break' : undefined;
}
