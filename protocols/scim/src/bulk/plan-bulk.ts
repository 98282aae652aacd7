/**
 * The order of a bulk request (RFC 7644 3.7.1, 3.7.2). A resource is created before whatever refers to it by `bulkId:name`.
 * Where references go in a circle, one resource of the circle is created without them and completed at the end.
 */
import type { JsonObject, JsonValue } from '../json.ts';
import type { BulkOperation, BulkRequest } from './bulk-request.ts';
import { findReferences } from './references.ts';

export interface BulkStep {
  /** Place of the operation in the request. */
  readonly index: number;
  readonly operation: BulkOperation;
  /** The data for this step, with references still in it; resolveReferences puts in the identifiers. */
  readonly data: JsonObject;
  /**
   * Whether the step completes a resource that an earlier step created: a PATCH without a path that adds `data`. Its failure
   * is the operation's failure.
   */
  readonly isCompletion: boolean;
  /** Whether it refers to nothing that the request creates. */
  readonly isIndependent: boolean;
}

/** Time is linear in the size of the request. Operations keep their order unless a reference forbids it. */
export function planBulk({ operations }: BulkRequest): BulkStep[] {
  const nodes = operations.map((operation, index): Node => {
    const names = findReferences([operation.id ?? null, operation.data ?? null]).toReversed();
    const isIndependent = names.length === 0;
    return { index, operation, names, isIndependent, state: 'waiting', postponed: new Set() };
  });
  const order = sortNodes(nodes);
  const steps: BulkStep[] = [];
  const completions: BulkStep[] = [];
  for (const { index, operation, isIndependent, postponed } of order) {
    if (isIndependent) {
      steps.push({ index, operation, data: operation.data ?? {}, isCompletion: false, isIndependent });
      continue;
    }
    const { now, later } = divide(operation.data ?? {}, postponed);
    steps.push({ index, operation, data: now, isCompletion: false, isIndependent });
    if (postponed.size > 0) completions.push({ index, operation, data: later, isCompletion: true, isIndependent });
  }
  return [...steps, ...completions];
}

interface Node {
  readonly index: number;
  readonly operation: BulkOperation;
  /** What it refers to and has not been looked at yet, last one first. */
  readonly names: string[];
  readonly isIndependent: boolean;
  /** `open` while what it refers to is being put in order. */
  state: 'waiting' | 'open' | 'done';
  /** Names that would close a circle. */
  readonly postponed: Set<string>;
}

/** Depth first, with a stack of its own: a chain of references can be as long as the request. */
function sortNodes(nodes: Node[]): Node[] {
  const creators = new Map(nodes.map((node) => [node.operation.bulkId, node]));
  const order: Node[] = [];
  for (const start of nodes) {
    const stack = start.state === 'waiting' ? [start] : [];
    for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
      node.state = 'open';
      const name = node.names.pop();
      if (name === undefined) {
        node.state = 'done';
        order.push(node);
        stack.pop();
        continue;
      }
      const creator = creators.get(name);
      if (creator?.state === 'waiting') stack.push(creator);
      else if (creator?.state === 'open') node.postponed.add(name);
    }
  }
  return order;
}

/** Splits data into what can be sent before the postponed resources exist, and what must wait for them. */
function divide(data: JsonObject, postponed: ReadonlySet<string>): { now: JsonObject; later: JsonObject } {
  const mustWait = (value: JsonValue) => findReferences(value).some((name) => postponed.has(name));
  const now: JsonObject = {};
  const later: JsonObject = {};
  for (const [name, value] of Object.entries(data)) {
    if (!mustWait(value)) {
      now[name] = value;
    } else if (Array.isArray(value)) {
      now[name] = value.filter((item) => !mustWait(item));
      later[name] = value.filter(mustWait);
    } else {
      later[name] = value;
    }
  }
  return { now, later };
}
