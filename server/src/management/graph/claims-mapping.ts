import { claimsMappingDefinition } from '@countersign/management-api';
import { rulesOfClaimsMapping } from '../../issuance/index.ts';
import { badRequest } from './error.ts';

/**
 * What a group of claims rules keeps of the definition of a claims mapping policy.
 * @throws GraphError `BadRequest` for what is no definition; Refusal `issuance.claims_mapping_invalid`
 */
export function keptOfClaimsMapping(definition: string): { rules: string; claimsMapping: string } {
  const { data, error } = claimsMappingDefinition.safeParse(jsonOf(definition));
  if (!data) {
    const [issue] = error.issues;
    throw badRequest(`The definition is no claims mapping policy: ${issue?.message} at '${issue?.path.join('/')}'.`);
  }
  return { rules: rulesOfClaimsMapping(data.ClaimsMappingPolicy), claimsMapping: definition };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('The definition is no JSON.');
  }
}
