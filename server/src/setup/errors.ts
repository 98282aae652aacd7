import { type RefusalDefinition, refusals } from '../refusal.ts';

export const setupErrors = {
  'setup.finished': {
    status: 409,
    text: 'This hub has an administrator already.',
    advice: 'Ask an administrator of the hub’s own tenant to give you the role.',
  },
  'setup.secret_wrong': {
    status: 403,
    text: 'The setup secret is wrong, was used or is older than a day.',
    advice: 'Use the secret that the last start of the server printed, or start it again for a new one.',
  },
} as const satisfies Record<string, RefusalDefinition>;

export const refuse = refusals(setupErrors);
