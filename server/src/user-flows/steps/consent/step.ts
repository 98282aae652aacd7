import { submitButton } from '../../buttons.ts';
import { keepConsent } from '../../consent.ts';
import type { Block } from '../../form.ts';
import type { Step } from '../../step.ts';
import { signInNameOf } from '../../user-names.ts';

/** Asks whether the application may do what it asks for in the user's name. */
export const consentStep: Step = {
  show({ applicationName, user, missingConsent }) {
    const lists = missingConsent.map(
      ({ resource, scopes }): Block => ({
        kind: 'list',
        title: { key: 'text', values: { text: resource.attributes.displayName } },
        items: scopes.map(({ userConsentDisplayName, adminConsentDisplayName }) => ({
          key: 'text',
          values: { text: userConsentDisplayName ?? adminConsentDisplayName },
        })),
      }),
    );
    const name = { key: 'consent.as' };
    return {
      title: { key: 'consent.title', values: { application: applicationName } },
      blocks: [
        { kind: 'facts', facts: [{ name, value: user ? signInNameOf(user) : '' }] },
        { kind: 'list', items: [{ key: 'consent.identity' }] },
        ...lists,
        { kind: 'notice', tone: 'info', text: { key: 'consent.trust' } },
        submitButton('consent.submit'),
        { kind: 'button', action: 'cancel', label: { key: 'consent.refuse' }, look: 'secondary', skipsChecks: true },
      ],
    };
  },

  async submit({ applicationId, user, missingConsent }) {
    if (!user) throw new Error('Nobody is asked for consent.');
    return {
      outcome: 'moved',
      progress: { hasConsented: true },
      write: async (stores, act) => {
        await keepConsent(stores, act, applicationId, user.id, missingConsent);
        return {};
      },
    };
  },
};
