import { z } from 'zod';
import { dateTime, flag, resource, text, texts, writable } from './property.ts';

const attributes = {
  classification: text,
  description: text,
  displayName: text,
  groupTypes: texts,
  isAssignableToRole: flag,
  mailEnabled: flag,
  mailNickname: text,
  preferredLanguage: text,
  securityEnabled: flag,
  theme: text,
  visibility: text,
};

/** https://learn.microsoft.com/graph/api/resources/group */
export const group = resource('microsoft.graph.group', {
  ...attributes,
  createdDateTime: dateTime,
  deletedDateTime: dateTime,
  mail: text,
  onPremisesDomainName: text,
  onPremisesLastSyncDateTime: dateTime,
  onPremisesNetBiosName: text,
  onPremisesSamAccountName: text,
  onPremisesSecurityIdentifier: text,
  onPremisesSyncEnabled: flag,
  proxyAddresses: texts,
});

/** Addresses of up to 20 objects that are linked by the same request. */
const bound = z.array(z.string()).max(20);
const optional = z.object(attributes).partial().shape;

export const createGroupRequest = writable({
  ...optional,
  displayName: z.string(),
  mailEnabled: z.boolean(),
  mailNickname: z.string(),
  securityEnabled: z.boolean(),
  'members@odata.bind': bound.optional(),
  'owners@odata.bind': bound.optional(),
});

export const updateGroupRequest = writable({ ...optional, 'members@odata.bind': bound.optional() });
