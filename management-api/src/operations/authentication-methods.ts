import { access, ownAccess } from '../access.ts';
import type { Operation, Operations } from '../operation.ts';
import { deleting } from '../operation-forms.ts';
import {
  authenticationMethod,
  createEmailMethodRequest,
  createPhoneMethodRequest,
  emailMethod,
  fido2Method,
  passwordMethod,
  passwordResetResponse,
  phoneMethod,
  resetPasswordRequest,
  softwareOathMethod,
} from '../resources/authentication-method.ts';
import { collection, type Resource } from '../resources/property.ts';

const administrators = ['Authentication Administrator', 'Privileged Authentication Administrator'] as const;
const readMethods = access(
  ['UserAuthenticationMethod.Read.All', 'UserAuthenticationMethod.ReadWrite.All'],
  [...administrators, 'Global Reader'],
);
const writeMethods = access(['UserAuthenticationMethod.ReadWrite.All'], administrators);
const own = ownAccess(['UserAuthenticationMethod.Read', 'UserAuthenticationMethod.ReadWrite']);

function listingMethods<Of extends Resource>(resource: Of) {
  return {
    method: 'GET',
    access: readMethods,
    query: ['$select'],
    response: collection(resource.schema) as ReturnType<typeof collection<Of['schema']>>,
    status: 200,
  } as const satisfies Partial<Operation>;
}

function readingMethod<Of extends Resource>(resource: Of) {
  return {
    method: 'GET',
    access: readMethods,
    query: ['$select'],
    response: resource.schema as Of['schema'],
    status: 200,
  } as const satisfies Partial<Operation>;
}

function creatingMethod<Of extends Resource>(resource: Of) {
  return {
    method: 'POST',
    access: writeMethods,
    response: resource.schema as Of['schema'],
    status: 201,
  } as const satisfies Partial<Operation>;
}

const removingMethod = { ...deleting, access: writeMethods } as const;

/** By what users prove who they are. https://learn.microsoft.com/graph/api/resources/authenticationmethods-overview */
export const authenticationMethodOperations = {
  listAuthenticationMethods: {
    ...listingMethods(authenticationMethod),
    path: '/users/{id}/authentication/methods',
    summary: 'Lists by what the user can prove who it is.',
  },
  getAuthenticationMethod: {
    ...readingMethod(authenticationMethod),
    path: '/users/{id}/authentication/methods/{methodId}',
    summary: 'Reads an authentication method of any kind.',
  },
  resetUserPassword: {
    method: 'POST',
    path: '/users/{id}/authentication/methods/{methodId}/resetPassword',
    summary: 'Sets the password of the user, or makes one and shows it once.',
    access: writeMethods,
    request: resetPasswordRequest,
    response: passwordResetResponse,
    status: 202,
  },
  listPasswordMethods: {
    ...listingMethods(passwordMethod),
    path: '/users/{id}/authentication/passwordMethods',
    summary: 'Lists the password of the user, if it has one, without its text.',
  },
  getPasswordMethod: {
    ...readingMethod(passwordMethod),
    path: '/users/{id}/authentication/passwordMethods/{methodId}',
    summary: 'Says when the password was set.',
  },
  listEmailMethods: {
    ...listingMethods(emailMethod),
    path: '/users/{id}/authentication/emailMethods',
    summary: 'Lists the mailbox to which the user gets codes.',
  },
  getEmailMethod: {
    ...readingMethod(emailMethod),
    path: '/users/{id}/authentication/emailMethods/{methodId}',
    summary: 'Reads the mailbox to which the user gets codes.',
  },
  createEmailMethod: {
    ...creatingMethod(emailMethod),
    path: '/users/{id}/authentication/emailMethods',
    summary: 'Gives the user a mailbox for codes, where there is none: its `mail`.',
    request: createEmailMethodRequest,
  },
  deleteEmailMethod: {
    ...removingMethod,
    path: '/users/{id}/authentication/emailMethods/{methodId}',
    summary: 'Takes the mailbox away, unless the user signs in with it.',
  },
  listSoftwareOathMethods: {
    ...listingMethods(softwareOathMethod),
    path: '/users/{id}/authentication/softwareOathMethods',
    summary: 'Lists the authenticator apps of the user.',
  },
  getSoftwareOathMethod: {
    ...readingMethod(softwareOathMethod),
    path: '/users/{id}/authentication/softwareOathMethods/{methodId}',
    summary: 'Reads an authenticator app.',
  },
  deleteSoftwareOathMethod: {
    ...removingMethod,
    path: '/users/{id}/authentication/softwareOathMethods/{methodId}',
    summary: 'Removes an authenticator app.',
  },
  listFido2Methods: {
    ...listingMethods(fido2Method),
    path: '/users/{id}/authentication/fido2Methods',
    summary: 'Lists the passkeys of the user.',
  },
  getFido2Method: {
    ...readingMethod(fido2Method),
    path: '/users/{id}/authentication/fido2Methods/{methodId}',
    summary: 'Reads a passkey.',
  },
  deleteFido2Method: {
    ...removingMethod,
    path: '/users/{id}/authentication/fido2Methods/{methodId}',
    summary: 'Removes a passkey.',
  },
  listPhoneMethods: {
    ...listingMethods(phoneMethod),
    path: '/users/{id}/authentication/phoneMethods',
    summary: 'Lists the phones to which the user gets codes.',
  },
  getPhoneMethod: {
    ...readingMethod(phoneMethod),
    path: '/users/{id}/authentication/phoneMethods/{methodId}',
    summary: 'Reads a phone.',
  },
  createPhoneMethod: {
    ...creatingMethod(phoneMethod),
    path: '/users/{id}/authentication/phoneMethods',
    summary: 'Registers a phone for the user, who is told by mail.',
    request: createPhoneMethodRequest,
  },
  deletePhoneMethod: {
    ...removingMethod,
    path: '/users/{id}/authentication/phoneMethods/{methodId}',
    summary: 'Removes a phone.',
  },
  listMyAuthenticationMethods: {
    ...listingMethods(authenticationMethod),
    path: '/me/authentication/methods',
    summary: 'Lists by what the signed-in user can prove who it is. They are changed on the account page.',
    access: own,
  },
  listMyPasswordMethods: {
    ...listingMethods(passwordMethod),
    path: '/me/authentication/passwordMethods',
    summary: 'Lists the password of the signed-in user, without its text.',
    access: own,
  },
  listMyEmailMethods: {
    ...listingMethods(emailMethod),
    path: '/me/authentication/emailMethods',
    summary: 'Lists the mailbox to which the signed-in user gets codes.',
    access: own,
  },
  listMySoftwareOathMethods: {
    ...listingMethods(softwareOathMethod),
    path: '/me/authentication/softwareOathMethods',
    summary: 'Lists the authenticator apps of the signed-in user.',
    access: own,
  },
  listMyFido2Methods: {
    ...listingMethods(fido2Method),
    path: '/me/authentication/fido2Methods',
    summary: 'Lists the passkeys of the signed-in user.',
    access: own,
  },
  listMyPhoneMethods: {
    ...listingMethods(phoneMethod),
    path: '/me/authentication/phoneMethods',
    summary: 'Lists the phones to which the signed-in user gets codes.',
    access: own,
  },
} as const satisfies Operations;
