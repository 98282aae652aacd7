import type { DirectoryObject } from '../../../directory/index.ts';
import { linkIdentity } from '../../../upstream-providers/index.ts';
import { cancelButton, submitButton } from '../../buttons.ts';
import { refuse } from '../../errors.ts';
import type { Form } from '../../form.ts';
import { mayLink, providerOfIdentity } from '../../linked-accounts.ts';
import { notify } from '../../notify.ts';
import { problemOf } from '../../problem.ts';
import type { Arrival } from '../../progress.ts';
import type { Step, StepContext, StepOutcome } from '../../step.ts';
import { signInNameOf } from '../../user-names.ts';

/**
 * Gives the account of somebody who has just proven it an identity at a provider. Before the way to the provider it says
 * what will happen, and after it which account there would be linked with which one here.
 */
export const linkIdentityStep: Step = {
  show(context) {
    const { arrival } = context.progress;
    return arrival ? confirmForm(context, arrival) : leaveForm(context);
  },

  async submit(context) {
    const { tenant, user, progress, task } = context;
    if (!user) throw new Error('The account of nobody is to be linked.');
    if (!mayLink(tenant, user))
      return { outcome: 'refused', problems: [problemOf(refuse('user-flows.identities_kept'))] };
    if (progress.arrival) return link(context, user, progress.arrival);
    return { outcome: 'moved', progress: { linksWith: task?.subject ?? null } };
  },
};

function leaveForm({ homes, task }: StepContext): Form {
  const provider = homes.providers.find(({ id }) => id === task?.subject)?.displayName ?? task?.subject ?? '';
  return {
    title: { key: 'linkIdentity.title', values: { provider } },
    lead: { key: 'linkIdentity.lead', values: { provider } },
    blocks: [submitButton('linkIdentity.go'), cancelButton],
  };
}

function confirmForm({ homes, user }: StepContext, { newcomer }: Arrival): Form {
  const { identity, attributes } = newcomer;
  const provider = providerOfIdentity(homes, identity)?.displayName ?? identity.issuer;
  const there = [attributes['displayName'], attributes['mail']].filter((part) => part !== undefined).join(', ');
  return {
    title: { key: 'linkIdentity.confirm.title' },
    lead: { key: 'linkIdentity.confirm.lead', values: { provider } },
    blocks: [
      {
        kind: 'facts',
        facts: [
          { name: { key: 'linkIdentity.there', values: { provider } }, value: there || identity.issuerAssignedId },
          { name: { key: 'linkIdentity.here' }, value: user ? signInNameOf(user) : '' },
        ],
      },
      submitButton('linkIdentity.submit'),
      cancelButton,
    ],
  };
}

function link(context: StepContext, user: DirectoryObject, { newcomer }: Arrival): StepOutcome {
  return {
    outcome: 'moved',
    progress: { arrival: null, linksWith: null, isTaskDone: true },
    write: async (stores, act) => {
      await linkIdentity(stores, act, user.id, newcomer.identity);
      await notify(stores, act, context, user, 'identityLinked');
      return {};
    },
    afterwards: context.tools.deliverSoon,
  };
}
