import type { AttributeDefinition } from '../directory/index.ts';
import { isGuid } from './guid.ts';

// Definitions of attributes that applications and service principals share.

export const flag: AttributeDefinition = { type: 'boolean' };
export const text: AttributeDefinition = { type: 'string' };
export const name: AttributeDefinition = { type: 'string', longest: 256 };
/** Paths of addresses differ by case. */
export const uri: AttributeDefinition = { type: 'string', longest: 256, caseExact: true };
export const guid: AttributeDefinition = {
  type: 'string',
  longest: 36,
  check: (value) => (typeof value === 'string' && isGuid(value) ? undefined : 'is no GUID'),
};
export const tags: AttributeDefinition = {
  type: 'string',
  longest: 256,
  isMultiValued: true,
  most: 100,
  index: 'value',
};

/** Several values of what the definition has one of. */
export function several(definition: AttributeDefinition, most: number): AttributeDefinition {
  return { ...definition, isMultiValued: true, most };
}

/** A complex value of these members. */
export function complex(members: Readonly<Record<string, AttributeDefinition>>): AttributeDefinition {
  return { type: 'complex', members };
}

export function required(definition: AttributeDefinition): AttributeDefinition {
  return { ...definition, isRequired: true };
}

const longestValue = 120;

/** RFC 6749 3.3 `scope-token`, which roles follow as well: printable ASCII without space, quote and backslash. */
const permissionValue: AttributeDefinition = {
  type: 'string',
  longest: longestValue,
  caseExact: true,
  check: (value) =>
    typeof value === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value) && !value.startsWith('.')
      ? undefined
      : 'is not one word of ASCII without quotes, backslashes and a leading dot',
};

const consentText: AttributeDefinition = { type: 'string', longest: 1024 };

/** Most roles or scopes of one application. */
const mostPermissions = 1200;

export const oauth2PermissionScopes = several(
  complex({
    id: required(guid),
    value: required(permissionValue),
    type: required({ type: 'string', allowed: ['User', 'Admin'] }),
    isEnabled: required(flag),
    adminConsentDisplayName: required(consentText),
    adminConsentDescription: required(consentText),
    userConsentDisplayName: consentText,
    userConsentDescription: consentText,
    origin: text,
  }),
  mostPermissions,
);

export const appRoles = several(
  complex({
    id: required(guid),
    value: permissionValue,
    displayName: required(name),
    description: required(consentText),
    allowedMemberTypes: required(several({ type: 'string', allowed: ['User', 'Application'] }, 2)),
    isEnabled: required(flag),
    origin: text,
  }),
  mostPermissions,
);

export const keyCredentials = several(
  complex({
    keyId: required(guid),
    displayName: name,
    type: required(text),
    usage: required(text),
    key: required({ type: 'binary', longest: 64_000 }),
    customKeyIdentifier: required(text),
    startDateTime: required({ type: 'dateTime' }),
    endDateTime: required({ type: 'dateTime' }),
  }),
  100,
);

export const info = complex({
  logoUrl: uri,
  marketingUrl: uri,
  privacyStatementUrl: uri,
  supportUrl: uri,
  termsOfServiceUrl: uri,
});
