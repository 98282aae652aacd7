import { z } from 'zod';
import { dateTime, resource, text } from './property.ts';
import { retention } from './retention.ts';

const verifiedDomain = z.object({
  name: z.string(),
  isDefault: z.boolean(),
  isInitial: z.boolean(),
  type: z.string(),
  capabilities: z.string(),
});

/** https://learn.microsoft.com/graph/api/resources/organization */
export const organization = resource('microsoft.graph.organization', {
  ...retention,
  createdDateTime: dateTime,
  displayName: text,
  tenantType: text,
  verifiedDomains: z.array(verifiedDomain),
});

export const updateOrganizationRequest = z.strictObject({ ...retention, displayName: z.string() }).partial();
