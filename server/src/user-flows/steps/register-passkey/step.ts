import { cancelButton, passkeyButton, sideButton } from '../../buttons.ts';
import { newPasskeyBlock, readNewPasskey, unnamedPasskey } from '../../passkeys.ts';
import { registered } from '../../registered.ts';
import type { Step } from '../../step.ts';

/** Longest name of a passkey. */
const longestName = 64;

/** Registers a passkey. */
export const registerPasskeyStep: Step = {
  async show(context) {
    return {
      title: { key: 'registerPasskey.title' },
      lead: { key: 'registerPasskey.lead' },
      blocks: [
        {
          kind: 'field',
          name: 'displayName',
          label: { key: 'registerPasskey.name' },
          hint: { key: 'registerPasskey.nameHint' },
          type: 'text',
          isRequired: false,
        },
        await newPasskeyBlock(context),
        passkeyButton('registerPasskey.submit', 'primary'),
        ...(context.choice.options.length > 1 ? [sideButton('factor.choose', 'choose')] : []),
        cancelButton,
      ],
    };
  },

  async submit(context, input) {
    if (input['action'] === 'choose') return { outcome: 'moved', progress: { choosesFactor: true } };
    const passkey = await readNewPasskey(context, input['passkey'] ?? '');
    if (!passkey) return { outcome: 'refused', problems: [{ field: null, text: { key: 'registerPasskey.wrong' } }] };
    const { tools, now } = context;
    const displayName = (input['displayName'] ?? '').trim().slice(0, longestName) || unnamedPasskey;
    return registered(context, 'passkey', {
      kind: 'passkey',
      id: tools.newId(),
      displayName,
      createdAt: now,
      lastUsedAt: now,
      ...passkey,
    });
  },
};
