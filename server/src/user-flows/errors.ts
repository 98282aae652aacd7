import { type RefusalDefinition, refusals } from '../refusal.ts';

/** Everything that flows refuse. */
export const userFlowsErrors = {
  'user-flows.flow_not_found': {
    status: 404,
    text: 'This tenant has no user flow {name}.',
    advice: 'Check the policy name in the address; it is compared without regard to case.',
  },
  'user-flows.flow_invalid': {
    status: 400,
    text: 'The user flow {name} {problem}.',
    advice: 'Correct the definition; nothing was saved.',
  },
  'user-flows.passkey_taken': {
    status: 409,
    text: 'This passkey is registered already.',
    advice: 'Use it, or make another one.',
  },
} as const satisfies Readonly<Record<string, RefusalDefinition>>;

export const refuse = refusals(userFlowsErrors);
