import { auditEvent } from '../../../audit/index.ts';
import { cancelButton, submitButton } from '../../buttons.ts';
import type { Step } from '../../step.ts';

/** Asks whether the user accepts the present version of the terms of use. */
export const termsStep: Step = {
  show({ flow, tenant }) {
    const { url = '', version = '' } = flow.terms ?? {};
    return {
      title: { key: 'terms.title' },
      lead: { key: 'terms.lead', values: { tenant: tenant.displayName } },
      blocks: [
        { kind: 'links', links: [{ href: url, label: { key: 'terms.read' } }] },
        { kind: 'facts', facts: [{ name: { key: 'terms.version' }, value: version }] },
        submitButton('terms.accept'),
        cancelButton,
      ],
    };
  },

  async submit({ flow, tenant, user, now }) {
    const { terms } = flow;
    if (!user || !terms) throw new Error('There are no terms, or nobody to accept them.');
    return {
      outcome: 'moved',
      progress: {},
      write: async (stores, act) => {
        await stores.acceptedTerms.add(tenant.id, user.id, terms.version, now);
        const object = { kind: 'user', id: user.id, name: String(user.attributes['userPrincipalName'] ?? '') };
        const changes = [{ property: 'termsOfUse', after: terms.version }];
        await stores.audit.append([auditEvent(act, 'user.accept_terms', object, changes)]);
        return {};
      },
    };
  },
};
