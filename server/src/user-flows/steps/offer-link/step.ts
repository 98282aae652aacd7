import { cancelButton, submitButton } from '../../buttons.ts';
import { providerOfIdentity } from '../../linked-accounts.ts';
import type { Arrival } from '../../progress.ts';
import type { Step, StepContext } from '../../step.ts';

/**
 * Tells somebody from an identity provider that there is an account with the same proven e-mail address. An address alone
 * opens nothing: the account gets the identity once the person has signed in to it, too.
 */
export const offerLinkStep: Step = {
  show(context) {
    const { newcomer } = arrivalOf(context);
    const values = {
      address: newcomer.attributes['mail'] ?? '',
      provider: providerOfIdentity(context.homes, newcomer.identity)?.displayName ?? '',
    };
    return {
      title: { key: 'offerLink.title' },
      lead: { key: 'offerLink.lead', values },
      blocks: [
        submitButton('offerLink.link'),
        ...(mayCreate(context)
          ? [
              {
                kind: 'button',
                action: 'create',
                label: { key: 'offerLink.create' },
                look: 'secondary',
              } as const,
            ]
          : []),
        cancelButton,
      ],
    };
  },

  async submit(context, input) {
    const arrival = arrivalOf(context);
    if (input['action'] === 'create' && mayCreate(context)) {
      return { outcome: 'moved', progress: { arrival: { ...arrival, wish: 'create' } } };
    }
    const typedName = arrival.newcomer.attributes['mail'] ?? null;
    const progress = { arrival: { ...arrival, wish: 'link' }, path: 'signIn', home: 'local', typedName } as const;
    return { outcome: 'moved', progress };
  },
};

function arrivalOf({ progress }: StepContext): Arrival {
  if (!progress.arrival) throw new Error('Nobody has come from a provider.');
  return progress.arrival;
}

function mayCreate(context: StepContext): boolean {
  return providerOfIdentity(context.homes, arrivalOf(context).newcomer.identity)?.createsUsers === true;
}
