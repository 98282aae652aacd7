import { cancelButton, sideButton, submitButton } from '../../buttons.ts';
import { codeField } from '../../code-form.ts';
import { registered } from '../../registered.ts';
import type { Step } from '../../step.ts';
import { seedBytes, seedFrom, totpInvitation, totpStep } from '../../totp.ts';
import { signInNameOf } from '../../user-names.ts';

/** Registers an authenticator app: shows it a seed, and asks for the code that it makes of it. */
export const registerTotpStep: Step = {
  async makeReady({ tools }) {
    return { progress: { secret: seedFrom(tools.randomBytes(seedBytes)) } };
  },

  show({ progress, tenant, user, choice }) {
    const { picture, secret } = totpInvitation(
      progress.secret ?? '',
      tenant.displayName,
      user ? signInNameOf(user) : '',
    );
    return {
      title: { key: 'registerTotp.title' },
      lead: { key: 'registerTotp.lead' },
      blocks: [
        { kind: 'authenticatorSecret', uri: picture, secret },
        { ...codeField, label: { key: 'registerTotp.code' } },
        submitButton('code.submit'),
        ...(choice.options.length > 1 ? [sideButton('factor.choose', 'choose')] : []),
        cancelButton,
      ],
    };
  },

  async submit(context, input) {
    if (input['action'] === 'choose') return { outcome: 'moved', progress: { choosesFactor: true } };
    const { progress, tools, now } = context;
    const seed = progress.secret ?? '';
    const step = totpStep(seed, input['code'] ?? '', now);
    if (step === undefined) {
      return { outcome: 'refused', problems: [{ field: 'code', text: { key: 'registerTotp.wrong' } }] };
    }
    const method = {
      kind: 'totp',
      id: tools.newId(),
      displayName: 'Authenticator',
      createdAt: now,
      lastUsedAt: now,
      counter: step,
    } as const;
    return registered(context, 'totp', method, { secret: seed });
  },
};
