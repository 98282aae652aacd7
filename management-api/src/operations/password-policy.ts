import { access } from '../access.ts';
import type { Operations } from '../operation.ts';
import { deleting } from '../operation-forms.ts';
import { passwordPolicy, updatePasswordPolicyRequest } from '../resources/password-policy.ts';

const path = '/policies/passwordPolicy';

const change = access(['Policy.ReadWrite.AuthenticationMethod'], ['Security Administrator']);

/** What the tenant demands of passwords, and how it slows down those who guess. */
export const passwordPolicyOperations = {
  getPasswordPolicy: {
    method: 'GET',
    path,
    summary: 'Shows what the tenant demands of new passwords, and its limits for wrong ones.',
    access: access(
      ['Policy.Read.All', 'Policy.ReadWrite.AuthenticationMethod'],
      ['Global Reader', 'Security Reader', 'Security Administrator'],
    ),
    query: ['$select'],
    response: passwordPolicy.schema,
    status: 200,
  },
  updatePasswordPolicy: {
    method: 'PATCH',
    path,
    summary: 'Changes it, from the next password on. Present passwords stay good.',
    access: change,
    request: updatePasswordPolicyRequest,
    status: 204,
  },
  deletePasswordPolicy: {
    ...deleting,
    path,
    summary: 'Goes back to what holds where a tenant says nothing.',
    access: change,
  },
} as const satisfies Operations;
