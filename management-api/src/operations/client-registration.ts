import { access } from '../access.ts';
import type { Operations } from '../operation.ts';
import {
  clientRegistrationPolicy,
  createInitialAccessTokenRequest,
  initialAccessToken,
  updateClientRegistrationPolicyRequest,
} from '../resources/client-registration.ts';
import { collection } from '../resources/property.ts';

const path = '/policies/clientRegistrationPolicy';
const tokens = `${path}/initialAccessTokens` as const;

const reading = access(
  ['Policy.Read.All', 'Application.ReadWrite.All'],
  ['Global Reader', 'Application Administrator'],
);
/** Whoever lets clients register themselves registers applications. */
const writing = access(['Application.ReadWrite.All'], ['Application Administrator']);

/** Clients that register themselves, and who may. Microsoft Graph has nothing like it. */
export const clientRegistrationOperations = {
  getClientRegistrationPolicy: {
    method: 'GET',
    path,
    summary: 'Shows who may register clients.',
    access: reading,
    query: ['$select'],
    response: clientRegistrationPolicy.schema,
    status: 200,
  },
  updateClientRegistrationPolicy: {
    method: 'PATCH',
    path,
    summary: 'Changes who may register clients.',
    access: writing,
    request: updateClientRegistrationPolicyRequest,
    status: 204,
  },
  listInitialAccessTokens: {
    method: 'GET',
    path: tokens,
    summary: 'Lists the tokens with which clients may be registered.',
    access: reading,
    query: ['$select'],
    response: collection(initialAccessToken.schema),
    status: 200,
  },
  createInitialAccessToken: {
    method: 'POST',
    path: tokens,
    summary: 'Makes a token with which clients may be registered, and shows its secret for the only time.',
    access: writing,
    request: createInitialAccessTokenRequest,
    response: initialAccessToken.schema,
    status: 201,
  },
  deleteInitialAccessToken: {
    method: 'DELETE',
    path: `${tokens}/{id}`,
    summary: 'Revokes a token with which clients may be registered.',
    access: writing,
    status: 204,
  },
} as const satisfies Operations;
