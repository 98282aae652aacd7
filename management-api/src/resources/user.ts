import { z } from 'zod';
import { dateTime, flag, resource, text, texts, writable } from './property.ts';

const employeeOrgData = z.strictObject({ costCenter: text.optional(), division: text.optional() });

const identity = z.strictObject({ signInType: z.string(), issuer: text, issuerAssignedId: text });

const onPremisesExtensionAttributes = z.strictObject(
  Object.fromEntries(Array.from({ length: 15 }, (_, index) => [`extensionAttribute${index + 1}`, text.optional()])),
);

const passwordProfile = z.strictObject({
  password: z.string().optional(),
  forceChangePasswordNextSignIn: z.boolean().optional(),
});

/** What administrators set. */
const attributes = {
  aboutMe: text,
  accountEnabled: flag,
  ageGroup: text,
  businessPhones: texts,
  city: text,
  companyName: text,
  consentProvidedForMinor: text,
  country: text,
  creationType: text,
  department: text,
  displayName: text,
  employeeHireDate: dateTime,
  employeeId: text,
  employeeLeaveDateTime: dateTime,
  employeeOrgData: employeeOrgData.nullable(),
  employeeType: text,
  externalUserState: text,
  faxNumber: text,
  givenName: text,
  identities: z.array(identity),
  jobTitle: text,
  mail: text,
  mailNickname: text,
  mobilePhone: text,
  mySite: text,
  officeLocation: text,
  onPremisesExtensionAttributes: onPremisesExtensionAttributes.nullable(),
  onPremisesImmutableId: text,
  otherMails: texts,
  passwordPolicies: text,
  postalCode: text,
  preferredLanguage: text,
  preferredName: text,
  showInAddressList: flag,
  state: text,
  streetAddress: text,
  surname: text,
  usageLocation: text,
  userPrincipalName: text,
  userType: text,
};

/** https://learn.microsoft.com/graph/api/resources/user */
export const user = resource(
  'microsoft.graph.user',
  {
    ...attributes,
    createdDateTime: dateTime,
    deletedDateTime: dateTime,
    lastPasswordChangeDateTime: dateTime,
    onPremisesDistinguishedName: text,
    onPremisesDomainName: text,
    onPremisesLastSyncDateTime: dateTime,
    onPremisesNetBiosName: text,
    onPremisesSamAccountName: text,
    onPremisesSecurityIdentifier: text,
    onPremisesSyncEnabled: flag,
    onPremisesUserPrincipalName: text,
    passwordProfile: passwordProfile.nullable(),
    proxyAddresses: texts,
    signInSessionsValidFromDateTime: dateTime,
  },
  [
    'businessPhones',
    'displayName',
    'givenName',
    'jobTitle',
    'mail',
    'mobilePhone',
    'officeLocation',
    'preferredLanguage',
    'surname',
    'userPrincipalName',
  ],
);

const optional = z.object({ ...attributes, passwordProfile }).partial().shape;

export const createUserRequest = writable({
  ...optional,
  accountEnabled: z.boolean(),
  displayName: z.string(),
});

export const updateUserRequest = writable(optional);
