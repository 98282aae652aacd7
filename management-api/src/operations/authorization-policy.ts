import { access } from '../access.ts';
import type { Operations } from '../operation.ts';
import { authorizationPolicy, updateAuthorizationPolicyRequest } from '../resources/authorization-policy.ts';

const path = '/policies/authorizationPolicy';

/** What users may do themselves. https://learn.microsoft.com/graph/api/resources/authorizationpolicy */
export const authorizationPolicyOperations = {
  getAuthorizationPolicy: {
    method: 'GET',
    path,
    summary: 'Shows what users may do without being administrators.',
    access: access(['Policy.Read.All', 'Policy.ReadWrite.Authorization'], ['Global Reader', 'Security Reader']),
    query: ['$select'],
    response: authorizationPolicy.schema,
    status: 200,
  },
  updateAuthorizationPolicy: {
    method: 'PATCH',
    path,
    summary: 'Changes what users may do without being administrators.',
    access: access(['Policy.ReadWrite.Authorization'], ['Privileged Role Administrator']),
    request: updateAuthorizationPolicyRequest,
    status: 204,
  },
} as const satisfies Operations;
