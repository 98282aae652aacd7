import { cancelButton, sideButton, submitButton } from '../../buttons.ts';
import type { UserFlow } from '../../flow.ts';
import type { Block } from '../../form.ts';
import { chosenProvider, goingTo, providerButtons, providerOfName } from '../../provider-choice.ts';
import type { Step, StepContext } from '../../step.ts';

/** Lets people choose where their account is: by the name of a provider, or by their own. */
export const homeStep: Step = {
  show({ flow, homes, applicationName, loginHint }) {
    const blocks: Block[] = [];
    const asksForName = asksName(homes);
    if (asksForName) {
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
    }
    blocks.push(...providerButtons(homes, asksForName ? 'home.or' : undefined));
    if (offersSignUp(flow)) blocks.push(sideButton('password.signUp', 'signUp'));
    blocks.push(cancelButton);
    return {
      title: { key: 'home.title' },
      lead: { key: 'password.lead', values: { application: applicationName } },
      blocks,
    };
  },

  async submit(context, input) {
    const { flow, homes } = context;
    const chosen = chosenProvider(homes, input);
    if (chosen) return chosen;
    if (offersSignUp(flow) && input['action'] === 'signUp') return { outcome: 'moved', progress: { path: 'signUp' } };
    const name = (input['name'] ?? '').trim();
    if (name === '') return { outcome: 'refused', problems: [{ field: 'name', text: { key: 'field.missing' } }] };
    const provider = providerOfName(context, name);
    if (provider) return goingTo(provider, name);
    if (!homes.isLocal) return { outcome: 'refused', problems: [{ field: 'name', text: { key: 'home.unknown' } }] };
    // Whether there is an account of this name is not told.
    return { outcome: 'moved', progress: { home: 'local', typedName: name, choosesHome: false } };
  },
};

/** A name leads somewhere when there are accounts here, or domains of providers. */
function asksName({ providers, isLocal }: StepContext['homes']): boolean {
  return isLocal || providers.some(({ isListed }) => !isListed);
}

/** Accounts of the tenant itself can be made here. */
function offersSignUp({ type, accountNames }: UserFlow): boolean {
  return type === 'signUpOrSignIn' && accountNames.length > 0;
}
