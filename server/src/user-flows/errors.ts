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
  'user-flows.flow_exists': {
    status: 409,
    text: 'This tenant has a user flow {name} already.',
    advice: 'Change that one, or choose another name; names are compared without regard to case.',
  },
  'user-flows.attribute_not_found': {
    status: 404,
    text: 'Flows of this tenant cannot ask for an attribute {name}.',
    advice: 'List the attributes; those of the tenant’s own have long names that begin with extension_.',
  },
  'user-flows.attribute_built_in': {
    status: 400,
    text: 'The attribute {name} is not one of the tenant’s own.',
    advice: 'Only attributes that the tenant has declared can be changed or removed.',
  },
  'user-flows.attribute_in_use': {
    status: 409,
    text: 'The user flow {flow} uses the attribute {name}.',
    advice: 'Take it out of the attributes and claims of the flow first.',
  },
  'user-flows.authentication_method_not_found': {
    status: 404,
    text: 'The user has no authentication method {id}.',
    advice: 'List the methods of the user; it may have been removed already.',
  },
  'user-flows.email_malformed': {
    status: 400,
    text: 'The text {address} is no e-mail address.',
    advice: 'Give an address such as marge@example.com.',
  },
  'user-flows.email_present': {
    status: 409,
    text: 'The user has the mailbox {address} already.',
    advice: 'Change the sign-in name of the user, or remove the mailbox first.',
  },
  'user-flows.email_is_sign_in_name': {
    status: 409,
    text: 'The user signs in with the mailbox {address}.',
    advice: 'Give the user another identity first.',
  },
  'user-flows.phone_malformed': {
    status: 400,
    text: 'The text {number} is no phone number with the code of its country.',
    advice: 'Give it as in +442079460000.',
  },
  'user-flows.phone_present': {
    status: 409,
    text: 'The user has the phone {number} already.',
    advice: 'Nothing needs to be done.',
  },
  'user-flows.identities_kept': {
    status: 403,
    text: 'What this account is linked with is kept by administrators.',
    advice: 'An administrator changes the identities of the user.',
  },
  'user-flows.last_way_to_sign_in': {
    status: 409,
    text: 'The user could not sign in any more without it.',
    advice: 'Set up a password, a passkey or an identity at another provider first.',
  },
  'user-flows.passkey_taken': {
    status: 409,
    text: 'This passkey is registered already.',
    advice: 'Use it, or make another one.',
  },
} as const satisfies Readonly<Record<string, RefusalDefinition>>;

export const refuse = refusals(userFlowsErrors);
