import type { Configuration } from 'oidc-provider';
import type { Form, Text } from '../../../user-flows/index.ts';
import type { HttpResponse } from '../../http.ts';
import { formAnswer } from '../../sign-in/index.ts';
import { callOf, type OAuthCall } from '../call.ts';
import { putAnswer } from '../put-answer.ts';
import type { WaitingDevice } from './device-codes.ts';

type Answered = Pick<OAuthCall, 'request' | 'frame'>;

/** Asks for the code that a device shows (RFC 8628 3.3). */
export function codePage(call: Answered, { token, code, problem }: CodePage): Promise<HttpResponse> {
  return page(call, token, {
    title: { key: 'device.title' },
    lead: { key: 'device.lead' },
    blocks: [
      {
        kind: 'field',
        name: 'user_code',
        label: { key: 'device.code' },
        type: 'text',
        value: code,
        autocomplete: 'off',
        isRequired: true,
        hasFocus: true,
        ...(problem && { error: problem }),
      },
      { kind: 'button', action: 'continue', label: { key: 'device.continue' }, look: 'primary' },
    ],
  });
}

interface CodePage {
  token: string;
  code: string;
  problem?: Text;
}

/**
 * Shows who asks, and from where, before anybody signs in: people are talked into typing codes of devices that are not
 * theirs (RFC 8628 5.4).
 */
export function confirmPage(call: Answered, { address }: WaitingDevice, { token, code, application }: ConfirmPage) {
  return page(call, token, {
    title: { key: 'device.confirm.title', values: { application } },
    lead: { key: 'device.confirm.lead' },
    blocks: [
      {
        kind: 'facts',
        facts: [
          { name: { key: 'device.application' }, value: application },
          { name: { key: 'device.address' }, value: address },
        ],
      },
      {
        kind: 'field',
        name: 'user_code',
        label: { key: 'device.code' },
        type: 'text',
        value: code,
        autocomplete: 'off',
        isRequired: true,
        isReadOnly: true,
      },
      { kind: 'notice', tone: 'warning', text: { key: 'device.confirm.warning' } },
      { kind: 'button', action: 'confirm', label: { key: 'device.confirm.submit' }, look: 'primary' },
      { kind: 'button', action: 'deny', label: { key: 'device.confirm.deny' }, look: 'secondary' },
    ],
  });
}

interface ConfirmPage {
  token: string;
  code: string;
  application: string;
}

/** How it ended; there is nothing left to do in this browser. */
export function endPage(call: Answered, end: 'done' | 'denied' | 'failed'): Promise<HttpResponse> {
  const tone = end === 'done' ? 'success' : end === 'denied' ? 'info' : 'error';
  return page(call, '', {
    title: { key: `device.${end}.title` },
    blocks: [{ kind: 'notice', tone, text: { key: `device.${end}` } }],
  });
}

type DeviceFlow = Extract<NonNullable<NonNullable<Configuration['features']>['deviceFlow']>, object>;

/** What the provider shows once the person has let the device in. */
export const showDeviceSuccess: NonNullable<DeviceFlow['successSource']> = async (ctx) => {
  putAnswer(ctx, await endPage(callOf(ctx), 'done'));
};

/** What the provider shows when the person has given up while signing in, or cannot sign in as the device wants. */
export const showDeviceFailure: NonNullable<DeviceFlow['userCodeInputSource']> = async (ctx, _form, _out, error) => {
  // The provider has put a secret for a form of its own into its session, and would keep that.
  Object.assign(ctx.oidc.session ?? {}, { touched: false });
  putAnswer(ctx, await endPage(callOf(ctx), error?.name === 'AbortedError' ? 'denied' : 'failed'));
};

async function page({ request, frame }: Answered, token: string, form: Form): Promise<HttpResponse> {
  return formAnswer(request, await frame(), form, { action: request.url.pathname, token });
}
