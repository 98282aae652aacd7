import { z } from 'zod';
import { access, ownAccess, readUsers } from '../access.ts';
import type { Operations } from '../operation.ts';
import { deleting } from '../operation-forms.ts';
import { actionResult, collection } from '../resources/property.ts';
import { session } from '../resources/session.ts';

const endSessions = access(
  ['User.ReadWrite.All', 'Directory.ReadWrite.All'],
  [
    'User Administrator',
    'Helpdesk Administrator',
    'Authentication Administrator',
    'Privileged Authentication Administrator',
  ],
);

/** POST that ends every session. https://learn.microsoft.com/graph/api/user-revokesigninsessions */
const revoking = { method: 'POST', response: actionResult(z.boolean()), status: 200 } as const;

/** Where users are signed in. */
export const sessionOperations = {
  listUserSessions: {
    method: 'GET',
    path: '/users/{id}/sessions',
    summary: 'Lists the browsers in which the user is signed in.',
    access: readUsers,
    query: ['$select'],
    response: collection(session.schema),
    status: 200,
  },
  deleteUserSession: {
    ...deleting,
    path: '/users/{id}/sessions/{sessionId}',
    summary: 'Signs the user out in one browser.',
    access: endSessions,
  },
  revokeUserSignInSessions: {
    ...revoking,
    path: '/users/{id}/revokeSignInSessions',
    summary: 'Signs the user out everywhere, and makes refresh tokens invalid.',
    access: endSessions,
  },
  revokeMySignInSessions: {
    ...revoking,
    path: '/me/revokeSignInSessions',
    summary: 'Signs the caller out everywhere, and makes refresh tokens invalid.',
    access: ownAccess(['User.ReadWrite']),
  },
} as const satisfies Operations;
