import { type RefusalDefinition, refusals } from '../refusal.ts';

/** What is refused to those who administer SCIM clients. */
export const inboundProvisioningErrors = {
  'inbound_provisioning.token_not_found': {
    status: 404,
    text: 'There is no SCIM token {id} in this tenant.',
    advice: 'List the tokens; it may have been revoked.',
  },
  'inbound_provisioning.label_taken': {
    status: 409,
    text: 'Another SCIM token is already called {label}.',
    advice: 'Choose another label, or rotate that token.',
  },
  'inbound_provisioning.label_invalid': {
    status: 400,
    text: 'A label has 1 to {longest} characters.',
    advice: 'Name the system that uses the token.',
  },
  'inbound_provisioning.expiry_invalid': {
    status: 400,
    text: 'A SCIM token expires in the future and within {mostYears} years.',
    advice: 'Choose an earlier time; rotating the token later needs one call.',
  },
  'inbound_provisioning.overlap_invalid': {
    status: 400,
    text: 'The former text of a token is accepted for at most {mostDays} days after a rotation.',
    advice: 'Choose a shorter overlap.',
  },
  'inbound_provisioning.too_many_tokens': {
    status: 409,
    text: 'The tenant already has {most} SCIM tokens.',
    advice: 'Revoke those that nobody uses.',
  },
} as const satisfies Readonly<Record<string, RefusalDefinition>>;

export const refuse = refusals(inboundProvisioningErrors);
