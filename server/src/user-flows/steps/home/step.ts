import { domainOf } from '../../../directory/index.ts';
import { providerOfDomain } from '../../../upstream-providers/index.ts';
import { cancelButton, sideButton, submitButton } from '../../buttons.ts';
import type { Block } from '../../form.ts';
import type { Home } from '../../progress.ts';
import type { Step, StepContext } from '../../step.ts';

/** Lets people choose where their account is: by the name of a provider, or by their own. */
export const homeStep: Step = {
  show({ homes, applicationName, loginHint }) {
    const listed = homes.providers.filter(({ isListed }) => isListed);
    const blocks: Block[] = [];
    if (asksName(homes)) {
      blocks.push(
        {
          kind: 'field',
          name: 'name',
          label: { key: 'home.name' },
          type: 'text',
          value: loginHint ?? '',
          autocomplete: 'username',
          isRequired: true,
        },
        submitButton('home.submit'),
      );
      if (listed.length > 0) blocks.push({ kind: 'divider', text: { key: 'home.or' } });
    }
    if (listed.length > 0) {
      blocks.push({
        kind: 'choice',
        action: 'provider',
        choices: listed.map(({ id, displayName, logo }) => ({
          value: id,
          label: { key: 'text', values: { text: displayName } },
          ...(logo !== null && { icon: logo }),
        })),
      });
    }
    if (homes.isLocal && !asksName(homes)) blocks.push(sideButton('home.local', 'local'));
    blocks.push(cancelButton);
    return {
      title: { key: 'home.title' },
      lead: { key: 'password.lead', values: { application: applicationName } },
      blocks,
    };
  },

  async submit(context, input) {
    const { homes } = context;
    const chosen = homes.providers.find(({ id, isListed }) => isListed && id === input['provider']);
    if (chosen) return moved({ provider: chosen.id }, null);
    if (homes.isLocal && input['action'] === 'local') return moved('local', null);
    const name = (input['name'] ?? '').trim();
    if (name === '') return { outcome: 'refused', problems: [{ field: 'name', text: { key: 'field.missing' } }] };
    const home = homeOf(context, name);
    if (home === undefined) return { outcome: 'refused', problems: [{ field: 'name', text: { key: 'home.unknown' } }] };
    return moved(home, name);
  },
};

/** A name leads somewhere when there are accounts here, or domains of providers. */
function asksName({ providers, isLocal }: StepContext['homes']): boolean {
  return isLocal || providers.some(({ isListed }) => !isListed);
}

/** Where a typed name leads. Whether there is an account of this name is not told. */
function homeOf({ tenant, homes }: StepContext, name: string): Home | undefined {
  const provider = name.includes('@') ? providerOfDomain(tenant, homes.providers, domainOf(name)) : undefined;
  if (provider) return { provider: provider.id };
  return homes.isLocal ? 'local' : undefined;
}

function moved(home: Home, typedName: string | null) {
  return { outcome: 'moved', progress: { home, typedName, choosesHome: false } } as const;
}
