import { getObjectToChange, userKind } from '../../../directory/index.ts';
import { unlinkIdentity } from '../../../upstream-providers/index.ts';
import { cancelButton } from '../../buttons.ts';
import { refuse } from '../../errors.ts';
import { hasAnotherWay, identityKey, linkedIdentitiesOf, mayLink, providerOfIdentity } from '../../linked-accounts.ts';
import { notify } from '../../notify.ts';
import type { Step } from '../../step.ts';

/** Takes an identity at a provider away from the user, who can still sign in without it. */
export const unlinkIdentityStep: Step = {
  show({ user, homes, task }) {
    const identity = user && linkedIdentitiesOf(user).find((one) => identityKey(one) === task?.subject);
    const provider = identity ? (providerOfIdentity(homes, identity)?.displayName ?? identity.issuer) : '';
    return {
      title: { key: 'unlinkIdentity.title', values: { provider } },
      lead: { key: 'unlinkIdentity.lead' },
      blocks: [
        { kind: 'button', action: 'submit', label: { key: 'unlinkIdentity.submit' }, look: 'danger' },
        cancelButton,
      ],
    };
  },

  async submit(context) {
    const { tenant, user, homes, task, tools } = context;
    if (!user) throw new Error('An identity of nobody is to be removed.');
    return {
      outcome: 'moved',
      progress: { isTaskDone: true },
      write: async (stores, act) => {
        // Of two ways that are removed at once, the second finds what the first has left.
        const now = await getObjectToChange(stores, tenant.id, userKind, user.id);
        const identity = linkedIdentitiesOf(now).find((one) => identityKey(one) === task?.subject);
        if (!identity) return {};
        if (!mayLink(tenant, now)) throw refuse('user-flows.identities_kept');
        if (!(await hasAnotherWay(stores, tenant.id, now, homes, identityKey(identity)))) {
          throw refuse('user-flows.last_way_to_sign_in');
        }
        await unlinkIdentity(stores, act, user.id, identity);
        await notify(stores, act, context, user, 'identityUnlinked');
        return {};
      },
      afterwards: tools.deliverSoon,
    };
  },
};
