import { submitButton } from '../../buttons.ts';
import type { Step } from '../../step.ts';

/** Shows new recovery codes, once. */
export const recoveryCodesStep: Step = {
  show: ({ progress }) => ({
    title: { key: 'recoveryCodes.title' },
    lead: { key: 'recoveryCodes.lead' },
    blocks: [
      { kind: 'recoveryCodes', codes: (progress.secret ?? '').split(' ') },
      { kind: 'notice', tone: 'warning', text: { key: 'recoveryCodes.once' } },
      submitButton('recoveryCodes.submit'),
    ],
  }),

  async submit() {
    return { outcome: 'moved', progress: { hasNewRecoveryCodes: false } };
  },
};
