import { passwordPolicy, type passwordPolicyOperations } from '@countersign/management-api';
import {
  getTenant,
  type PasswordPolicy,
  passwordPolicyOf,
  updatePasswordPolicy,
  usualPasswordPolicy,
} from '../../../directory/index.ts';
import { answerResource } from '../answer-resource.ts';
import type { Handlers } from '../call.ts';

export const passwordPolicyHandlers = {
  getPasswordPolicy: async (call) => {
    const policy = passwordPolicyOf(await getTenant(call.storage.read, call.tenantId));
    const shown = { id: 'passwordPolicy', ...policy, bannedWords: [...policy.bannedWords] };
    return answerResource(call, passwordPolicy, 'policies/passwordPolicy', shown);
  },
  updatePasswordPolicy: async (call) => {
    const change = call.body as Partial<PasswordPolicy>;
    await call.storage.write((stores) => updatePasswordPolicy(stores, call.act, change));
    return {};
  },
  deletePasswordPolicy: async (call) => {
    await call.storage.write((stores) => updatePasswordPolicy(stores, call.act, usualPasswordPolicy));
    return {};
  },
} satisfies Handlers<typeof passwordPolicyOperations>;
