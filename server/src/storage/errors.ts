import { directoryErrors } from '../directory/errors.ts';
import { inboundProvisioningErrors } from '../inbound-provisioning/errors.ts';
import { type RefusalDefinition, refusals } from '../refusal.ts';
import { userFlowsErrors } from '../user-flows/errors.ts';

/** What a database cannot do, whatever it is asked for. */
export const storageErrors = {
  'storage.text_impossible': {
    status: 400,
    text: 'A text of the request has a NUL character, which nothing that is kept can have.',
    advice: 'Send the request without it.',
  },
} as const satisfies Readonly<Record<string, RefusalDefinition>>;

/** Stores refuse in the words of the features that declare them. */
export const refuse = refusals({
  ...directoryErrors,
  ...userFlowsErrors,
  ...inboundProvisioningErrors,
  ...storageErrors,
});
