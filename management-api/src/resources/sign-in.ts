import { z } from 'zod';
import { dateTime, flag, resource, text, texts } from './property.ts';

const authenticationDetail = z.object({
  /** A step of the flow. */
  authenticationMethod: text,
  authenticationStepDateTime: dateTime,
  succeeded: z.boolean(),
});

const status = z.object({
  /** 0 is a success; others are Microsoft Entra's numbers, as far as it has one. */
  errorCode: z.int(),
  failureReason: text,
  /** Our stable code, such as `password_wrong`. */
  additionalDetails: text,
});

/**
 * A sign-in, or a failed try of one. https://learn.microsoft.com/graph/api/resources/signin
 * All events of one sign-in have the correlation id that its pages showed as reference.
 */
export const signIn = resource('microsoft.graph.signIn', {
  /** The application that asked in the person's name: with ActAs, OnBehalfOf, or a token that it exchanged. Else null. */
  actingAppDisplayName: text,
  actingAppId: text,
  actingServicePrincipalId: text,
  appDisplayName: text,
  appId: text,
  authenticationDetails: z.array(authenticationDetail),
  /** Authentication method references (RFC 8176). */
  authenticationMethodsUsed: texts,
  authenticationRequirement: text,
  clientAppUsed: text,
  correlationId: text,
  createdDateTime: dateTime,
  ipAddress: text,
  isInteractive: flag,
  /** The application for which a program asked a token, where it is another one. `resourceId` is its appId. */
  resourceDisplayName: text,
  resourceId: text,
  resourceServicePrincipalId: text,
  servicePrincipalId: text,
  sessionId: text,
  /** How many equal ones the event stands for: programs ask again and again. */
  signInCount: z.int(),
  /** interactiveUser, nonInteractiveUser (refresh tokens and the like) or servicePrincipal (clients for themselves). */
  signInEventTypes: texts,
  status,
  userAgent: text,
  /** Null for the flow of staff. */
  userFlowId: text,
  userId: text,
  userPrincipalName: text,
});
