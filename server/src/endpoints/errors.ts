import { type RefusalDefinition, refusals } from '../refusal.ts';

/** What endpoints refuse before a protocol or a feature is asked. */
export const endpointsErrors = {
  'endpoints.form_too_large': {
    status: 413,
    text: 'The form has more than {most} bytes.',
    advice: 'Send less.',
  },
} as const satisfies Readonly<Record<string, RefusalDefinition>>;

export const refuse = refusals(endpointsErrors);
