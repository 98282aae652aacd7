import { cancelButton, passkeyButton, sideButton } from '../../buttons.ts';
import { passkeyBlock, passkeysAt } from '../../passkeys.ts';
import { provePasskey } from '../../prove-passkey.ts';
import type { Step } from '../../step.ts';

/** Asks for one of the user's passkeys, as second factor. */
export const passkeyStep: Step = {
  async show(context) {
    const { choice, methods, origin } = context;
    return {
      title: { key: 'passkey.title' },
      lead: { key: 'passkey.lead' },
      blocks: [
        await passkeyBlock(context, passkeysAt(origin, methods)),
        passkeyButton('passkey.use', 'primary'),
        ...(choice.options.length > 1 ? [sideButton('factor.choose', 'choose')] : []),
        cancelButton,
      ],
    };
  },

  async submit(context, input) {
    if (input['action'] === 'choose') return { outcome: 'moved', progress: { choosesFactor: true } };
    const proof = await provePasskey(context, input['passkey'] ?? '');
    if ('outcome' in proof) return proof;
    const { user, write } = proof;
    const factors = [...context.factors, { method: 'passkey', at: context.now } as const];
    return { outcome: 'moved', progress: { userId: user.id, factors, secondFactor: null }, write };
  },
};
