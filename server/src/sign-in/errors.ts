import { type RefusalDefinition, refusals } from '../refusal.ts';

/** Everything that sign-ins refuse. */
export const signInErrors = {
  'sign-in.not_found': {
    status: 404,
    text: 'This sign-in has ended, or it was begun in another browser.',
    advice: 'Go back to the application and sign in again.',
  },
  'sign-in.form_not_ours': {
    status: 403,
    text: 'This form does not come from the page of the sign-in.',
    advice: 'Go back to the page, load it again and fill in the form.',
  },
  'sign-in.answer_not_ours': {
    status: 403,
    text: 'This answer of an identity provider does not belong to the sign-in of this browser.',
    advice: 'Go back to the application and sign in again.',
  },
  'sign-in.result_not_found': {
    status: 400,
    text: 'The result of this sign-in was fetched before, has expired or belongs to another browser.',
    advice: 'Go back to the application and sign in again.',
  },
  'sign-in.session_not_found': {
    status: 404,
    text: 'There is no session {id}.',
    advice: 'It may have ended already.',
  },
} as const satisfies Readonly<Record<string, RefusalDefinition>>;

export const refuse = refusals(signInErrors);
