import { dateTime, resource, text } from './property.ts';

/** https://learn.microsoft.com/graph/api/resources/application */
export const application = resource('microsoft.graph.application', {
  appId: text,
  createdDateTime: dateTime,
  deletedDateTime: dateTime,
  displayName: text,
});
