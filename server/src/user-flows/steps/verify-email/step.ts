import { cancelButton, sideButton, submitButton } from '../../buttons.ts';
import { parseEmail } from '../../email.ts';
import { findAccount } from '../../find-account.ts';
import type { Block, Form } from '../../form.ts';
import { redeemCode } from '../../one-time-codes.ts';
import { chosenProvider, goingTo, providerButtons, providerOfName } from '../../provider-choice.ts';
import { sendCode } from '../../send-code.ts';
import type { Input, Moved, Step, StepContext, StepOutcome } from '../../step.ts';
import { mailAddressOf } from '../../user-names.ts';

/**
 * Proves an e-mail address by a code: of somebody who signs up, or who has forgotten the password. Who is not known gets
 * the same pages and no code.
 */
export const verifyEmailStep: Step = {
  show(context) {
    return context.progress.email ? codeForm(context) : addressForm(context);
  },

  async submit(context, input) {
    const { email, path } = context.progress;
    const chosen = path === 'signUp' && !email ? chosenProvider(context.homes, input) : undefined;
    if (chosen) return chosen;
    switch (input['action']) {
      case 'back':
        return { outcome: 'moved', progress: { path: 'signIn', email: null } };
      case 'other':
        return { outcome: 'moved', progress: { email: null } };
      case 'again':
        return email ? send(context, email.address) : send(context, input['email'] ?? '');
      default:
        return email ? verify(context, email.address, input) : send(context, input['email'] ?? '');
    }
  },
};

function addressForm({ flow, homes, progress, loginHint }: StepContext): Form {
  const asksName = progress.path === 'passwordReset' && flow.accountNames.some((kind) => kind !== 'emailAddress');
  const blocks: Block[] = [
    {
      kind: 'field',
      name: 'email',
      label: { key: asksName ? 'password.name.any' : 'password.name.emailAddress' },
      type: asksName ? 'text' : 'email',
      value: loginHint ?? '',
      autocomplete: asksName ? 'username' : 'email',
      isRequired: true,
      hasFocus: true,
    },
    submitButton('verifyEmail.send'),
    ...(progress.path === 'signUp' ? providerButtons(homes, 'signUp.or') : []),
    ...(flow.type === 'signUp' || flow.type === 'passwordReset' ? [] : [sideButton('verifyEmail.back', 'back')]),
    cancelButton,
  ];
  const title = { key: `verifyEmail.${progress.path}.title` };
  return { title, lead: { key: `verifyEmail.${progress.path}.lead` }, blocks };
}

function codeForm({ progress }: StepContext): Form {
  return {
    title: { key: 'verifyEmail.code.title' },
    lead: {
      key: `verifyEmail.${progress.path}.sent`,
      values: { address: progress.email?.address ?? '' },
    },
    blocks: [
      {
        kind: 'field',
        name: 'code',
        label: { key: 'code.code' },
        type: 'code',
        autocomplete: 'one-time-code',
        isRequired: true,
        hasFocus: true,
      },
      submitButton('code.submit'),
      sideButton('code.again', 'again'),
      sideButton('verifyEmail.other', 'other'),
      cancelButton,
    ],
  };
}

async function send(context: StepContext, typed: string): Promise<StepOutcome> {
  const { tenant, flow, stores, progress } = context;
  const isReset = progress.path === 'passwordReset';
  const asked = isReset ? typed.trim() : parseEmail(typed);
  if (!asked) return { outcome: 'refused', problems: [{ field: 'email', text: { key: 'email.malformed' } }] };
  const provider = isReset ? undefined : providerOfName(context, asked);
  if (provider) return goingTo(provider, asked);
  const account = isReset ? await findAccount(stores, tenant, flow.accountNames, asked) : undefined;
  const owner = account?.attributes['accountEnabled'] === true ? mailAddressOf(account) : null;
  const to = isReset ? owner : asked;
  return {
    outcome: 'moved',
    progress: { email: { address: asked, isVerified: false } },
    ...sendCode(context, { channel: 'mail', purpose: isReset ? 'passwordReset' : 'signUp', asked, to }),
  };
}

async function verify(context: StepContext, address: string, input: Input): Promise<StepOutcome> {
  const { tenant, signInId, now, progress } = context;
  const purpose = progress.path === 'passwordReset' ? 'passwordReset' : 'signUp';
  const proven = await whatIsProven(context, address);
  return {
    outcome: 'moved',
    ...proven,
    write: async (written) => {
      const place = { tenantId: tenant.id, signInId, purpose } as const;
      const isRight = await redeemCode(written, place, input['code'] ?? '', now);
      return isRight ? {} : { problems: [{ field: 'code', text: { key: 'code.wrong' } }] };
    },
  };
}

/** What the right code means: whose account it is, or that the address may be signed up. */
async function whatIsProven(context: StepContext, address: string): Promise<Pick<Moved, 'progress' | 'note'>> {
  const { tenant, flow, stores, now, progress } = context;
  const email = { address, isVerified: true };
  const factors = [{ method: 'email', at: now }] as const;
  if (progress.path === 'passwordReset') {
    const account = await findAccount(stores, tenant, flow.accountNames, address);
    return { progress: { email, factors, userId: account?.id ?? null } };
  }
  if (!(await findAccount(stores, tenant, ['emailAddress'], address))) {
    // The mailbox counts as a factor where the flow takes it for one.
    const counted = flow.secondFactor.methods.includes('email') ? factors : [];
    return { progress: { email, factors: counted } };
  }
  // Only its owner learns that there is an account already.
  const goesOn = flow.type === 'signUpOrSignIn' ? ({ path: 'signIn', email: null } as const) : { email: null };
  return { progress: goesOn, note: { key: 'verifyEmail.known', values: { address } } };
}
