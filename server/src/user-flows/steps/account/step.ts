import { cancelButton } from '../../buttons.ts';
import type { Step } from '../../step.ts';
import { signInNameOf } from '../../user-names.ts';

/** Asks whether the user of the session goes on, or somebody else. */
export const accountStep: Step = {
  show({ user, applicationName }) {
    const displayName = String(user?.attributes['displayName'] ?? '');
    return {
      title: { key: 'account.title' },
      lead: { key: 'account.lead', values: { application: applicationName } },
      blocks: [
        {
          kind: 'choice',
          action: 'account',
          choices: [
            {
              value: 'current',
              label: { key: 'text', values: { text: displayName } },
              ...(user && { detail: { key: 'text', values: { text: signInNameOf(user) } } }),
            },
            { value: 'other', label: { key: 'account.other' } },
          ],
        },
        cancelButton,
      ],
    };
  },

  async submit(_context, input) {
    return { outcome: 'moved', progress: { account: input['account'] === 'current' ? 'current' : 'other' } };
  },
};
