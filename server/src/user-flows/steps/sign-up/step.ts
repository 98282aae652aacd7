import { type AttributeChange, createUser } from '../../../directory/index.ts';
import { attributeFields, readAttributes } from '../../attribute-fields.ts';
import { cancelButton, sideButton, submitButton } from '../../buttons.ts';
import { localIdentity } from '../../find-account.ts';
import type { UserFlow } from '../../flow.ts';
import type { Block } from '../../form.ts';
import { newPasswordFields, readNewPassword } from '../../new-password.ts';
import { chosenProvider, providerButtons } from '../../provider-choice.ts';
import type { Input, Problem, Step, StepContext } from '../../step.ts';

/** Asks for what a new account needs, and makes it. */
export const signUpStep: Step = {
  async show({ flow, tenant, stores, progress, homes }) {
    const extensions = await stores.extensionProperties.list(tenant.id);
    const blocks: Block[] = [];
    if (progress.email) {
      const name = { key: 'password.name.emailAddress' };
      blocks.push({ kind: 'facts', facts: [{ name, value: progress.email.address }] });
    }
    if (asksUserName(flow)) {
      blocks.push({
        kind: 'field',
        name: 'userName',
        label: { key: 'password.name.userName' },
        type: 'text',
        autocomplete: 'username',
        isRequired: true,
      });
    }
    return {
      title: { key: 'signUp.title' },
      lead: { key: 'signUp.lead', values: { tenant: tenant.displayName } },
      blocks: [
        ...blocks,
        ...attributeFields(flow, extensions, {}),
        ...newPasswordFields(tenant),
        submitButton('signUp.submit'),
        ...(progress.email ? [] : providerButtons(homes, 'signUp.or')),
        ...(flow.type === 'signUp' ? [] : [sideButton('verifyEmail.back', 'back')]),
        cancelButton,
      ],
    };
  },

  async submit(context, input) {
    const { tenant, flow, stores, now, progress, homes } = context;
    const chosen = progress.email ? undefined : chosenProvider(homes, input);
    if (chosen) return chosen;
    if (input['action'] === 'back') return { outcome: 'moved', progress: { path: 'signIn', email: null, factors: [] } };
    const extensions = await stores.extensionProperties.list(tenant.id);
    const { attributes, problems } = readAttributes(flow.attributes, extensions, input);
    const names = readNames(context, input);
    const password = await readNewPassword(context, input, { ...attributes, ...names.attributes });
    const all = [...names.problems, ...problems, ...('problem' in password ? [password.problem] : [])];
    if ('problem' in password || all.length > 0) return { outcome: 'refused', problems: all };

    const wanted = { ...withDisplayName(attributes, names.name), ...names.attributes, creationType: 'LocalAccount' };
    return {
      outcome: 'moved',
      progress: { isNewUser: true, factors: [...progress.factors, { method: 'password', at: now }] },
      write: async (written, act) => {
        const user = await createUser(written, act, wanted, { hash: password.hash, mustChange: false });
        return { progress: { userId: user.id } };
      },
    };
  },
};

function asksUserName({ accountNames }: UserFlow): boolean {
  return accountNames.includes('userName') && !accountNames.includes('emailAddress');
}

/** The name to sign in with: the address that was proven, or the user name that was typed. */
function readNames(
  { flow, tenant, progress }: StepContext,
  input: Input,
): { name: string; attributes: AttributeChange; problems: Problem[] } {
  const isUserName = asksUserName(flow);
  const name = isUserName ? (input['userName'] ?? '').trim() : (progress.email?.address ?? '');
  const problems =
    userNameForm.test(name) || !isUserName ? [] : [{ field: 'userName', text: { key: 'userName.malformed' } }];
  const identity = localIdentity(tenant, isUserName ? 'userName' : 'emailAddress', name);
  return { name, attributes: { identities: [{ ...identity }] }, problems };
}

/** Without an @, so that nobody takes the address of somebody else for a name. */
const userNameForm = /^[\p{L}\p{N}._-]{1,64}$/u;

/** Every user has a name for others; who is not asked for it gets one of the parts that are there. */
function withDisplayName(attributes: AttributeChange, name: string): AttributeChange {
  const { displayName, givenName, surname } = attributes;
  if (displayName) return attributes;
  const parts = [givenName, surname].filter((part) => typeof part === 'string');
  return { ...attributes, displayName: parts.join(' ') || (name.split('@')[0] ?? name) };
}
