import { either, readApplications, writeAllApplications } from '../access.ts';
import type { Operations } from '../operation.ts';
import { deleting } from '../operation-forms.ts';
import {
  convertedRules,
  convertRulesRequest,
  createRuleGroupRequest,
  ruleGroup,
  updateRuleGroupRequest,
} from '../resources/claims-rules.ts';
import { collection } from '../resources/property.ts';
import { readProviders, writeProviders } from './identity-providers.ts';

/** Who may write groups of each purpose: whoever may write the rules of those who include them. */
export const ruleGroupWriters = {
  acceptance: writeProviders,
  issuance: writeAllApplications,
  authorization: writeAllApplications,
} as const;

const read = either(readApplications, readProviders);
const write = either(writeAllApplications, writeProviders);

/**
 * Claims rules that applications and identity providers share. Microsoft Graph's claims mapping policies are JSON of another
 * language, of which an application has one at most, so that these are resources of our own.
 */
export const claimsRuleOperations = {
  listRuleGroups: {
    method: 'GET',
    path: '/claimsRules/groups',
    summary: 'Lists the groups of claims rules that applications and identity providers share.',
    access: read,
    query: ['$select'],
    response: collection(ruleGroup.schema),
    status: 200,
  },
  createRuleGroup: {
    method: 'POST',
    path: '/claimsRules/groups',
    summary: 'Makes a group of claims rules, which are checked.',
    access: write,
    request: createRuleGroupRequest,
    response: ruleGroup.schema,
    status: 201,
  },
  getRuleGroup: {
    method: 'GET',
    path: '/claimsRules/groups/{id}',
    summary: 'Reads a group of claims rules, and who includes it.',
    access: read,
    query: ['$select'],
    response: ruleGroup.schema,
    status: 200,
  },
  updateRuleGroup: {
    method: 'PATCH',
    path: '/claimsRules/groups/{id}',
    summary: 'Changes a group of claims rules, for everybody who includes it, from the next token on.',
    access: write,
    request: updateRuleGroupRequest,
    status: 204,
  },
  deleteRuleGroup: {
    ...deleting,
    path: '/claimsRules/groups/{id}',
    summary: 'Removes a group of claims rules that nobody includes.',
    access: write,
  },
  convertClaimsRules: {
    method: 'POST',
    path: '/claimsRules/convert',
    summary: 'Shows claims rules as rows and rows as rules, and what the checker says of them. Nothing is kept.',
    access: read,
    request: convertRulesRequest,
    response: convertedRules,
    status: 200,
  },
} as const satisfies Operations;
