import { type RefusalDefinition, refusals } from '../refusal.ts';

/** Everything that branding refuses. */
export const brandingErrors = {
  'branding.invalid': {
    status: 400,
    text: 'The branding cannot be saved: {problem}.',
    advice: 'Correct it; nothing was saved.',
  },
} as const satisfies Readonly<Record<string, RefusalDefinition>>;

export const refuse = refusals(brandingErrors);
