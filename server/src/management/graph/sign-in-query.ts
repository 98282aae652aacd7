import type { SignInEvent, SignInEventQuery } from '../../sign-in/index.ts';
import { type Conditions, equalText, timeConditions } from './log-query.ts';
import { failuresOf } from './sign-in-view.ts';

const types: readonly SignInEvent['type'][] = ['interactiveUser', 'nonInteractiveUser', 'servicePrincipal'];

/** Every comparison that a filter on the sign-in log may have. Users are found by their names before the log is asked. */
export const signInConditions: Conditions<SignInEventQuery & { userPrincipalName?: string }> = {
  ...timeConditions('createdDateTime'),
  'appId eq': equalText('appId'),
  'correlationId eq': equalText('correlationId'),
  'ipAddress eq': equalText('address'),
  'signInEventTypes/any eq': (value) => {
    const type = types.find((known) => known === value);
    return type && { type };
  },
  'status/additionalDetails eq': (value) => (typeof value === 'string' ? { failures: [value] } : undefined),
  'status/errorCode eq': (value) => {
    if (value === 0) return { outcome: 'success' };
    return typeof value === 'number' ? { failures: failuresOf(value) } : undefined;
  },
  'status/errorCode ne': (value) => (value === 0 ? { outcome: 'failure' } : undefined),
  'userFlowId eq': equalText('flow'),
  'userId eq': equalText('userId'),
  'userPrincipalName eq': equalText('userPrincipalName'),
};
