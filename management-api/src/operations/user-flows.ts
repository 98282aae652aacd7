import { access } from '../access.ts';
import type { Operations } from '../operation.ts';
import { deleting } from '../operation-forms.ts';
import { collection } from '../resources/property.ts';
import {
  createUserFlowAttributeRequest,
  createUserFlowRequest,
  updateUserFlowAttributeRequest,
  updateUserFlowRequest,
  userFlow,
  userFlowAttribute,
} from '../resources/user-flow.ts';

const readFlows = access(
  ['IdentityUserFlow.Read.All', 'IdentityUserFlow.ReadWrite.All'],
  ['External ID User Flow Administrator', 'Global Reader', 'Security Reader', 'Security Administrator'],
);
const writeFlows = access(['IdentityUserFlow.ReadWrite.All'], ['External ID User Flow Administrator']);
/** How people sign in and sign up. https://learn.microsoft.com/graph/api/resources/identityuserflow */
export const userFlowOperations = {
  listUserFlows: {
    method: 'GET',
    path: '/identity/userFlows',
    summary: 'Lists the user flows of the tenant, and as `staff` the one for requests that name none.',
    access: readFlows,
    query: ['$select'],
    response: collection(userFlow.schema),
    status: 200,
  },
  createUserFlow: {
    method: 'POST',
    path: '/identity/userFlows',
    summary: 'Makes a user flow; what is not said is as Azure AD B2C has it.',
    access: writeFlows,
    request: createUserFlowRequest,
    response: userFlow.schema,
    status: 201,
  },
  getUserFlow: {
    method: 'GET',
    path: '/identity/userFlows/{id}',
    summary: 'Reads a user flow, by its name in any case.',
    access: readFlows,
    query: ['$select'],
    response: userFlow.schema,
    status: 200,
  },
  updateUserFlow: {
    method: 'PATCH',
    path: '/identity/userFlows/{id}',
    summary: 'Changes settings of a user flow, from the next request on.',
    access: writeFlows,
    request: updateUserFlowRequest,
    status: 204,
  },
  deleteUserFlow: {
    ...deleting,
    path: '/identity/userFlows/{id}',
    summary: 'Removes a user flow. Of `staff` only the changes go.',
    access: writeFlows,
  },
  listUserFlowAttributes: {
    method: 'GET',
    path: '/identity/userFlowAttributes',
    summary: 'Lists the attributes that flows can ask for.',
    access: readFlows,
    query: ['$select'],
    response: collection(userFlowAttribute.schema),
    status: 200,
  },
  createUserFlowAttribute: {
    method: 'POST',
    path: '/identity/userFlowAttributes',
    summary: 'Declares an attribute of the tenant’s own for users.',
    access: writeFlows,
    request: createUserFlowAttributeRequest,
    response: userFlowAttribute.schema,
    status: 201,
  },
  getUserFlowAttribute: {
    method: 'GET',
    path: '/identity/userFlowAttributes/{id}',
    summary: 'Reads an attribute that flows can ask for, by its name.',
    access: readFlows,
    query: ['$select'],
    response: userFlowAttribute.schema,
    status: 200,
  },
  updateUserFlowAttribute: {
    method: 'PATCH',
    path: '/identity/userFlowAttributes/{id}',
    summary: 'Changes what is said about an attribute of the tenant’s own.',
    access: writeFlows,
    request: updateUserFlowAttributeRequest,
    status: 204,
  },
  deleteUserFlowAttribute: {
    ...deleting,
    path: '/identity/userFlowAttributes/{id}',
    summary: 'Removes an attribute of the tenant’s own that no flow uses.',
    access: writeFlows,
  },
} as const satisfies Operations;
