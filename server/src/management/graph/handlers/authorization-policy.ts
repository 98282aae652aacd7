import { authorizationPolicy, type authorizationPolicyOperations } from '@countersign/management-api';
import { authorizationPolicyOf, changeAuthorizationPolicy } from '../../../applications/index.ts';
import { getTenant } from '../../../directory/index.ts';
import { answerResource } from '../answer-resource.ts';
import type { Handlers } from '../call.ts';

/** https://learn.microsoft.com/graph/api/resources/authorizationpolicy */
export const authorizationPolicyHandlers = {
  getAuthorizationPolicy: async (call) => {
    const policy = authorizationPolicyOf(await getTenant(call.storage.read, call.tenantId));
    return answerResource(call, authorizationPolicy, 'policies/authorizationPolicy', {
      id: 'authorizationPolicy',
      displayName: 'Authorization Policy',
      description: 'What users may do without being administrators.',
      defaultUserRolePermissions: policy,
    });
  },
  updateAuthorizationPolicy: async (call) => {
    const { allowedToCreateApps, permissionGrantPoliciesAssigned } = call.body.defaultUserRolePermissions ?? {};
    const change = {
      ...(allowedToCreateApps !== undefined && { allowedToCreateApps }),
      ...(permissionGrantPoliciesAssigned && { permissionGrantPoliciesAssigned }),
    };
    await call.storage.write((stores) => changeAuthorizationPolicy(stores, call.act, change));
    return {};
  },
} satisfies Handlers<typeof authorizationPolicyOperations>;
