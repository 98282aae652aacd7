import { RE2JS } from 're2js';
import { refuse } from './errors.ts';
import { ExpressionError } from './expression/expression.ts';
import type { JobDefinition, TargetDefinition } from './job.ts';
import { expressionOf } from './map-object.ts';
import { activeAttribute, membersAttribute, type ObjectMapping } from './mapping.ts';
import type { Target } from './target.ts';

/**
 * Refuses what could not work for any object.
 * @throws Refusal `provisioning.target_address_invalid`, `provisioning.mapping_invalid`
 */
export function checkDefinition({ target: address, mappings }: JobDefinition, target: Pick<Target, 'has'>): void {
  if (address.baseUrl !== '') checkAddress(address);
  const seen = new Set<string>();
  for (const mapping of mappings) {
    if (seen.has(mapping.source)) throw invalid(mapping.target, `there are two mappings of a ${mapping.source}.`);
    seen.add(mapping.source);
    checkMapping(mapping, target);
  }
}

/** An address may be given later, but not after the start. */
export function checkAddress({ baseUrl }: TargetDefinition): void {
  const problem = addressProblem(baseUrl);
  if (problem) throw refuse('provisioning.target_address_invalid', { address: baseUrl, reason: problem });
}

function addressProblem(baseUrl: string): string | undefined {
  if (!URL.canParse(baseUrl)) return 'it is no URL';
  const { protocol, search, hash, username, password } = new URL(baseUrl);
  if (protocol !== 'https:' && protocol !== 'http:') return 'it is neither http nor https';
  if (username !== '' || password !== '') return 'it has a password';
  return search !== '' || hash !== '' || baseUrl.endsWith('/') ? 'it has a query or a slash at its end' : undefined;
}

function checkMapping(mapping: ObjectMapping, target: Pick<Target, 'has'>): void {
  const { attributes, target: type } = mapping;
  const names = attributes.map((attribute) => attribute.target);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw invalid(twice, 'it is mapped twice.');
  for (const { target: name, source } of attributes) {
    if (!target.has(type, name)) throw invalid(name, `a ${type} of the target has no such attribute.`);
    try {
      if (name !== membersAttribute) expressionOf(source);
    } catch (error) {
      if (error instanceof ExpressionError) throw invalid(name, error.message);
      throw error;
    }
  }
  if (!attributes.some(({ matchingPriority }) => matchingPriority !== undefined)) {
    throw invalid(type, 'no attribute is for matching, so objects would be made twice.');
  }
  if ([mapping.whenOutOfScope, mapping.whenDeleted].includes('disable') && !names.includes(activeAttribute)) {
    throw invalid(type, `objects can only be disabled when ${activeAttribute} is mapped.`);
  }
  for (const { operator, values } of mapping.scope.flat()) {
    if (!operator.endsWith('REGEX MATCH')) continue;
    for (const pattern of values) checkPattern(type, pattern);
  }
}

function checkPattern(type: string, pattern: string): void {
  try {
    RE2JS.compile(pattern);
  } catch (error) {
    throw invalid(type, `the regular expression ${pattern} cannot be read: ${(error as Error).message}.`);
  }
}

function invalid(target: string, reason: string) {
  return refuse('provisioning.mapping_invalid', { target, reason });
}
