import { cancelButton, passkeyButton, sideButton, submitButton } from '../../buttons.ts';
import type { AccountName } from '../../flow.ts';
import type { Block, Text } from '../../form.ts';
import { passkeyBlock, relyingParty } from '../../passkeys.ts';
import { provePasskey } from '../../prove-passkey.ts';
import { provePassword } from '../../prove-password.ts';
import { areButtonsEnough, chosenProvider, providerButtons } from '../../provider-choice.ts';
import type { Step, StepContext, StepOutcome } from '../../step.ts';

/** One page for name and password, from which the person can also go other ways. */
export const passwordStep: Step = {
  async show(context) {
    const { flow, homes, applicationName, loginHint, tenant } = context;
    const takesPasskeys = offersPasskeys(context);
    const kind = nameField(flow.accountNames);
    const blocks: Block[] = [
      {
        kind: 'field',
        name: 'name',
        label: { key: `password.name.${kind}` },
        type: kind === 'emailAddress' ? 'email' : 'text',
        value: loginHint ?? '',
        autocomplete: takesPasskeys ? 'username webauthn' : 'username',
        isRequired: true,
        hasFocus: loginHint === null,
      },
      {
        kind: 'field',
        name: 'password',
        label: { key: 'password.password' },
        type: 'password',
        autocomplete: 'current-password',
        isRequired: true,
        hasFocus: loginHint !== null,
      },
    ];
    if (flow.session.offersToStay) {
      blocks.push({
        kind: 'field',
        name: 'stay',
        label: { key: 'password.stay' },
        type: 'checkbox',
        isRequired: false,
      });
    }
    blocks.push(submitButton('password.submit'));
    if (takesPasskeys)
      blocks.push(await passkeyBlock(context, undefined), passkeyButton('password.passkey', 'secondary'));
    if (offersProviders(context)) blocks.push(...providerButtons(homes, 'home.or'));
    for (const [action, path] of offeredPaths(context)) blocks.push(sideButton(`password.${path}`, action));
    blocks.push(cancelButton);
    const lead: Text = { key: 'password.lead', values: { application: applicationName, tenant: tenant.displayName } };
    return { title: { key: 'password.title' }, lead, blocks };
  },

  async submit(context, input) {
    const chosen = offersProviders(context) ? chosenProvider(context.homes, input) : undefined;
    if (chosen) return chosen;
    const path = offeredPaths(context).get(input['action'] ?? '');
    if (path) return { outcome: 'moved', progress: { path } };
    const staysSignedIn = input['stay'] === 'true';
    if (input['passkey'] && offersPasskeys(context)) return signInByPasskey(context, input['passkey'], staysSignedIn);
    return checkPassword(context, input['name'] ?? '', input['password'] ?? '', staysSignedIn);
  },
};

function offersPasskeys({ flow, origin }: StepContext): boolean {
  return flow.offersPasskeys && relyingParty(origin) !== undefined;
}

/** Providers stand beside the password unless another page has asked for them, or it is known who must prove it here. */
function offersProviders({ tenant, homes, user, progress }: StepContext): boolean {
  return user === undefined && progress.home === null && areButtonsEnough(tenant, homes);
}

/** A passkey tells who somebody is, so that nothing else is asked. */
async function signInByPasskey(context: StepContext, answer: string, staysSignedIn: boolean): Promise<StepOutcome> {
  const proof = await provePasskey(context, answer);
  if ('outcome' in proof) return proof;
  const { user, write } = proof;
  const factors = [{ method: 'passkey', at: context.now }] as const;
  return { outcome: 'moved', progress: { userId: user.id, staysSignedIn, factors }, write };
}

/** Buttons that lead elsewhere, with where to. */
function offeredPaths({ flow, progress }: StepContext): ReadonlyMap<string, 'signUp' | 'passwordReset'> {
  const proves = progress.arrival !== null;
  return new Map([
    ...(flow.offersPasswordReset ? [['forgotten', 'passwordReset'] as const] : []),
    ...(flow.type === 'signUpOrSignIn' && !proves ? [['signUp', 'signUp'] as const] : []),
  ]);
}

function nameField(kinds: readonly AccountName[]): AccountName | 'any' {
  const [only, ...others] = kinds;
  return only !== undefined && others.length === 0 ? only : 'any';
}

/** Everybody who cannot sign in gets the same answer, so that nobody learns who exists. */
async function checkPassword(
  context: StepContext,
  name: string,
  password: string,
  staysSignedIn: boolean,
): Promise<StepOutcome> {
  const { tenant, flow, stores, tools, now, address, browserDigest } = context;
  const missing = [
    ...(name.trim() === '' ? [{ field: 'name', text: { key: 'field.missing' } }] : []),
    ...(password === '' ? [{ field: 'password', text: { key: 'field.missing' } }] : []),
  ];
  if (missing.length > 0) return { outcome: 'refused', problems: missing };

  const tried = { tenant, kinds: flow.accountNames, name, password, address, browserDigest, now };
  const proof = await provePassword({ stores, write: context.write, hasher: tools.hasher }, tried);
  if (!proof.isProven) {
    return {
      outcome: 'refused',
      problems: [{ field: null, text: { key: 'password.wrong' } }],
      failure: proof.failure,
    };
  }
  return {
    outcome: 'moved',
    progress: { userId: proof.user.id, staysSignedIn, factors: [{ method: 'password', at: now }] },
    write: async (written) => {
      await proof.forgive(written);
      return {};
    },
  };
}
