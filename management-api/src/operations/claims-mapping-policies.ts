import { access, either, readApplications, writeAllApplications } from '../access.ts';
import type { Operations } from '../operation.ts';
import { deleting, linking } from '../operation-forms.ts';
import {
  claimsMappingPolicy,
  createClaimsMappingPolicyRequest,
  updateClaimsMappingPolicyRequest,
} from '../resources/claims-mapping-policy.ts';
import { collection } from '../resources/property.ts';

const writers = 'Policy.ReadWrite.ApplicationConfiguration';
const read = either(access(['Policy.Read.All', writers], ['Global Reader', 'Security Reader']), readApplications);
const write = either(access([writers], []), writeAllApplications);

const path = '/policies/claimsMappingPolicies';
const assigned = '/servicePrincipals/{id}/claimsMappingPolicies';

/**
 * Claims of an application as Entra's policies describe them; kept as groups of claims rules.
 * https://learn.microsoft.com/graph/api/resources/claimsmappingpolicy
 */
export const claimsMappingPolicyOperations = {
  listClaimsMappingPolicies: {
    method: 'GET',
    path,
    summary: 'Lists the claims mapping policies.',
    access: read,
    query: ['$select'],
    response: collection(claimsMappingPolicy.schema),
    status: 200,
  },
  createClaimsMappingPolicy: {
    method: 'POST',
    path,
    summary: 'Makes a claims mapping policy, of which rules are made.',
    access: write,
    request: createClaimsMappingPolicyRequest,
    response: claimsMappingPolicy.schema,
    status: 201,
  },
  getClaimsMappingPolicy: {
    method: 'GET',
    path: `${path}/{id}`,
    summary: 'Reads a claims mapping policy.',
    access: read,
    query: ['$select'],
    response: claimsMappingPolicy.schema,
    status: 200,
  },
  updateClaimsMappingPolicy: {
    method: 'PATCH',
    path: `${path}/{id}`,
    summary: 'Changes a claims mapping policy, for every application to which it is assigned.',
    access: write,
    request: updateClaimsMappingPolicyRequest,
    status: 204,
  },
  deleteClaimsMappingPolicy: {
    ...deleting,
    path: `${path}/{id}`,
    summary: 'Removes a claims mapping policy that is assigned to no application.',
    access: write,
  },
  listServicePrincipalClaimsMappingPolicies: {
    method: 'GET',
    path: assigned,
    summary: 'Lists the claims mapping policies of an application.',
    access: read,
    query: ['$select'],
    response: collection(claimsMappingPolicy.schema),
    status: 200,
  },
  assignClaimsMappingPolicy: {
    ...linking,
    path: `${assigned}/$ref`,
    summary: 'Assigns a claims mapping policy to an application of SAML or WS-Federation; each has one at most.',
    access: writeAllApplications,
  },
  removeClaimsMappingPolicy: {
    ...deleting,
    path: `${assigned}/{policyId}/$ref`,
    summary: 'Takes a claims mapping policy from an application.',
    access: writeAllApplications,
  },
} as const satisfies Operations;
