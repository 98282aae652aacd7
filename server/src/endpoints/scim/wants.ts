import { isProjected, type Projection, type ResolvedFilter, type ResourceType, type Sort } from '@countersign/scim';
import type { Wants } from './resource-kind.ts';

/** The parts of a resource that an answer shows, or that its filter or order asks about. */
export function wantsOf(type: ResourceType, projection: Projection, filter?: ResolvedFilter, sort?: Sort): Wants {
  const asked = new Set([...(filter ? namesIn(filter) : []), ...(sort ? [sort.path.attribute.name] : [])]);
  // Attributes of extensions are few; `manager` is one that is always read.
  return (part) => asked.has(part) || part === 'manager' || isProjected(type, part, projection);
}

function namesIn(filter: ResolvedFilter): string[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.operands.flatMap(namesIn);
    case 'not':
      return namesIn(filter.operand);
    case 'constant':
      return [];
    default:
      return [filter.path.attribute.name];
  }
}
