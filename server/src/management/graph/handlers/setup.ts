import type { setupOperations } from '@countersign/management-api';
import type { Act } from '../../../audit/index.ts';
import { assignDirectoryRole, createUser, directoryRoles } from '../../../directory/index.ts';
import { checkSetupSecret, redeemSetupSecret } from '../../../setup/index.ts';
import type { Handlers } from '../call.ts';
import { answerCreated } from '../list-objects.ts';
import { hashOfNewPassword } from '../prepared-password.ts';

export const setupHandlers = {
  setUp: async (call) => {
    const { secret, password, ...attributes } = call.body;
    await checkSetupSecret(call.storage.read, secret, call.act.now);
    const hash = await hashOfNewPassword(call, password, attributes);
    const act: Act = { ...call.act, actor: { kind: 'system', id: null, name: 'setup' } };
    const administrator = await call.storage.write(async (stores) => {
      await redeemSetupSecret(stores, secret, act.now);
      const user = await createUser(stores, act, attributes, { hash, mustChange: false });
      await assignDirectoryRole(stores, act, directoryRoles.globalAdministrator.id, user.id);
      return user;
    });
    return answerCreated(call, administrator);
  },
} satisfies Handlers<typeof setupOperations>;
