import { z } from 'zod';
import { dateTime, resource, text } from './property.ts';

const modifiedProperty = z.object({ displayName: text, oldValue: text, newValue: text });

const targetResource = z.object({
  id: text,
  displayName: text,
  type: text,
  userPrincipalName: text,
  modifiedProperties: z.array(modifiedProperty),
});

const initiatedBy = z.object({
  user: z.object({ id: text, displayName: text, userPrincipalName: text }).nullable(),
  app: z.object({ servicePrincipalId: text, displayName: text }).nullable(),
});

/** What somebody did to something. https://learn.microsoft.com/graph/api/resources/directoryaudit */
export const directoryAudit = resource('microsoft.graph.directoryAudit', {
  activityDateTime: dateTime,
  activityDisplayName: text,
  category: text,
  correlationId: text,
  initiatedBy,
  loggedByService: text,
  operationType: text,
  result: text,
  resultReason: text,
  targetResources: z.array(targetResource),
});
