import { scimSettings, scimToken, type scimTokenOperations } from '@countersign/management-api';
import { getTenant } from '../../../directory/index.ts';
import {
  changeScimSettings,
  changeScimToken,
  createScimToken,
  getScimToken,
  revokeScimToken,
  rotateScimToken,
  type ScimToken,
  scimSettingsOf,
  scimTokenBytes,
} from '../../../inbound-provisioning/index.ts';
import { answerResource, answerResources } from '../answer-resource.ts';
import type { Answer, Call, Handlers } from '../call.ts';
import type { Shown } from '../resource-view.ts';

const path = 'scim/tokens';

export const scimTokenHandlers = {
  listScimTokens: async (call) => {
    const tokens = await call.storage.read.scimTokens.list(call.tenantId);
    return answerResources(call, scimToken, path, tokens.map(tokenView));
  },
  createScimToken: async (call) => {
    const { displayName: label, expirationDateTime, ...rest } = call.body;
    const wanted = { ...rest, label, expiresAt: timeOf(expirationDateTime) };
    const random = call.randomBytes(scimTokenBytes);
    return answerSecret(call, await call.storage.write((stores) => createScimToken(stores, call.act, wanted, random)));
  },
  getScimToken: async (call) => {
    const token = await getScimToken(call.storage.read, call.tenantId, call.parameters.id);
    return answerResource(call, scimToken, path, tokenView(token));
  },
  updateScimToken: async (call) => {
    const { displayName: label, ...rest } = call.body;
    await call.storage.write((stores) => changeScimToken(stores, call.act, call.parameters.id, { ...rest, label }));
    return {};
  },
  deleteScimToken: async (call) => {
    await call.storage.write((stores) => revokeScimToken(stores, call.act, call.parameters.id));
    return {};
  },
  rotateScimToken: async (call) => {
    const { overlapDays, expirationDateTime } = call.body;
    const wanted = { overlapDays, expiresAt: timeOf(expirationDateTime) };
    const random = call.randomBytes(scimTokenBytes);
    return answerSecret(
      call,
      await call.storage.write((stores) => rotateScimToken(stores, call.act, call.parameters.id, wanted, random)),
    );
  },
  getScimSettings: async (call) => {
    const settings = scimSettingsOf(await getTenant(call.storage.read, call.tenantId));
    return answerResource(call, scimSettings, 'scim/settings', { id: call.tenantId, ...settings });
  },
  updateScimSettings: async (call) => {
    await call.storage.write((stores) => changeScimSettings(stores, call.act, call.body));
    return {};
  },
} satisfies Handlers<typeof scimTokenOperations>;

/** The only answers in which a secret stands. */
function answerSecret(call: Call, { token, text }: { token: ScimToken; text: string }): Answer {
  const answer = answerResource(call, scimToken, path, { ...tokenView(token), secretText: text });
  return { ...answer, headers: { 'cache-control': 'no-store' } };
}

function timeOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}

function tokenView(token: ScimToken): Shown {
  return {
    id: token.id,
    displayName: token.label,
    scopes: [...token.scopes],
    dialect: token.dialect,
    contact: token.contact,
    hint: token.hint,
    createdDateTime: token.createdAt.toISOString(),
    expirationDateTime: token.expiresAt.toISOString(),
    lastUsedDateTime: token.lastUsedAt?.toISOString(),
    previousExpirationDateTime: token.previous?.endsAt.toISOString(),
  };
}
