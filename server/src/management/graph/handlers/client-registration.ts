import {
  type clientRegistrationOperations,
  clientRegistrationPolicy,
  initialAccessToken,
} from '@countersign/management-api';
import {
  changeClientRegistrationPolicy,
  clientRegistrationPolicyOf,
  createInitialAccessToken,
  type InitialAccessToken,
  revokeInitialAccessToken,
  secretBytes,
} from '../../../applications/index.ts';
import { getTenant } from '../../../directory/index.ts';
import { answerResource, answerResources } from '../answer-resource.ts';
import type { Handlers } from '../call.ts';
import type { Shown } from '../resource-view.ts';

const path = 'policies/clientRegistrationPolicy';
const tokens = `${path}/initialAccessTokens`;

export const clientRegistrationHandlers = {
  getClientRegistrationPolicy: async (call) => {
    const policy = clientRegistrationPolicyOf(await getTenant(call.storage.read, call.tenantId));
    return answerResource(call, clientRegistrationPolicy, path, { id: call.tenantId, ...policy });
  },
  updateClientRegistrationPolicy: async (call) => {
    const { mode, mostClients } = call.body;
    const change = { ...(mode !== undefined && { mode }), ...(mostClients !== undefined && { mostClients }) };
    await call.storage.write((stores) => changeClientRegistrationPolicy(stores, call.act, change));
    return {};
  },
  listInitialAccessTokens: async (call) => {
    const found = await call.storage.read.initialAccessTokens.list(call.tenantId);
    return answerResources(call, initialAccessToken, tokens, found.map(tokenView));
  },
  createInitialAccessToken: async (call) => {
    const random = call.randomBytes(secretBytes);
    const { token, text } = await call.storage.write((stores) =>
      createInitialAccessToken(stores, call.act, call.body, random),
    );
    const answer = answerResource(call, initialAccessToken, tokens, { ...tokenView(token), secretText: text });
    return { ...answer, headers: { 'cache-control': 'no-store' } };
  },
  deleteInitialAccessToken: async (call) => {
    await call.storage.write((stores) => revokeInitialAccessToken(stores, call.act, call.parameters.id));
    return {};
  },
} satisfies Handlers<typeof clientRegistrationOperations>;

function tokenView({ id, displayName, hint, createdAt, expiresAt, usesLeft }: InitialAccessToken): Shown {
  const [createdDateTime, expirationDateTime] = [createdAt.toISOString(), expiresAt.toISOString()];
  return { id, displayName, hint, createdDateTime, expirationDateTime, usesLeft };
}
