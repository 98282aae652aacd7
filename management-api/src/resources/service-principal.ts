import { dateTime, flag, resource, text } from './property.ts';

/** https://learn.microsoft.com/graph/api/resources/serviceprincipal */
export const servicePrincipal = resource('microsoft.graph.servicePrincipal', {
  accountEnabled: flag,
  appId: text,
  createdDateTime: dateTime,
  deletedDateTime: dateTime,
  displayName: text,
  servicePrincipalType: text,
});
