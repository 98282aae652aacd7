import type { ObjectKindDefinition } from './attribute.ts';
import { onPremisesAttributes } from './on-premises.ts';

/**
 * Groups, with the attributes, lengths and searches of Microsoft Graph's resource
 * (https://learn.microsoft.com/graph/api/resources/group). `externalId` is SCIM's (RFC 7643 3.1).
 */
export const groupKind: ObjectKindDefinition = {
  kind: 'group',
  nameAttribute: 'displayName',
  attributes: {
    displayName: { type: 'string', longest: 256, index: 'value', isRequired: true },
    description: { type: 'string', longest: 1024 },
    mailNickname: { type: 'string', longest: 64, index: 'value' },
    mail: { type: 'string', longest: 320, index: 'suffix' },
    mailEnabled: { type: 'boolean', index: 'value', isRequired: true },
    securityEnabled: { type: 'boolean', index: 'value', isRequired: true },
    proxyAddresses: {
      type: 'string',
      longest: 336,
      index: 'suffix',
      isMultiValued: true,
      most: 300,
      unique: 'proxyAddress',
    },
    groupTypes: {
      type: 'string',
      isMultiValued: true,
      most: 2,
      index: 'value',
      allowed: ['Unified', 'DynamicMembership'],
    },
    classification: { type: 'string', longest: 64, index: 'value' },
    visibility: { type: 'string', index: 'value', allowed: ['Public', 'Private', 'HiddenMembership'] },
    isAssignableToRole: { type: 'boolean', index: 'value' },
    preferredLanguage: { type: 'string', longest: 35, index: 'value' },
    theme: { type: 'string', longest: 64 },
    externalId: { type: 'string', longest: 256, index: 'value', caseExact: true },
    ...onPremisesAttributes,
  },
};
