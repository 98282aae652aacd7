import type { Operation, Operations } from '@countersign/management-api';
import { badRequest, GraphError } from './error.ts';
import { segmentsOf } from './path.ts';

/** The operation that a request calls, and the parameters of its path. */
export interface FoundOperation {
  name: string;
  operation: Operation;
  parameters: Record<string, string>;
  /** Such as `microsoft.graph.user`, when a collection is narrowed to a kind. */
  cast?: string;
}

/** One segment of all paths. Fixed segments win over parameters: `/users/delta` is no user. */
interface Node {
  fixed: Map<string, Node>;
  parameter?: Node;
  /** By method. */
  operations: Map<string, { name: string; operation: Operation; parameterNames: string[]; cast?: string }>;
}

export type FindOperation = (method: string, path: string) => FoundOperation;

/**
 * Makes the function that finds the operation for a method and a path below `/v1.0`. Fixed segments are compared without
 * regard to case.
 */
export function operationFinder(operations: Operations): FindOperation {
  const root = emptyNode();
  for (const [name, operation] of Object.entries(operations)) {
    add(root, name, operation, operation.path);
    for (const cast of operation.casts ?? []) add(root, name, operation, `${operation.path}/${cast}`, cast);
  }
  return (method, path) => find(root, method, segmentsOf(path));
}

function emptyNode(): Node {
  return { fixed: new Map(), operations: new Map() };
}

function add(root: Node, name: string, operation: Operation, path: string, cast?: string): void {
  let node = root;
  const parameterNames: string[] = [];
  for (const segment of path.split('/').filter(Boolean)) {
    const [, parameterName] = /^\{(\w+)\}$/.exec(segment) ?? [];
    if (parameterName === undefined) {
      const next = node.fixed.get(segment.toLowerCase()) ?? emptyNode();
      node.fixed.set(segment.toLowerCase(), next);
      node = next;
    } else {
      node.parameter ??= emptyNode();
      node = node.parameter;
      parameterNames.push(parameterName);
    }
  }
  if (node.operations.has(operation.method)) throw new Error(`${name} has the address of another operation.`);
  node.operations.set(operation.method, { name, operation, parameterNames, ...(cast && { cast }) });
}

function find(root: Node, method: string, segments: string[]): FoundOperation {
  let node = root;
  const values: string[] = [];
  for (const segment of segments) {
    const fixed = node.fixed.get(segment.toLowerCase());
    if (!fixed) values.push(segment);
    const next = fixed ?? node.parameter;
    if (!next) throw badRequest(`Resource not found for the segment '${segment}'.`);
    node = next;
  }
  const found = node.operations.get(method);
  if (!found) throw methodNotAllowed(node, segments);
  const parameters = Object.fromEntries(found.parameterNames.map((name, index) => [name, values[index] ?? '']));
  return { name: found.name, operation: found.operation, parameters, ...(found.cast && { cast: found.cast }) };
}

function methodNotAllowed(node: Node, segments: string[]): GraphError {
  if (node.operations.size === 0) {
    return badRequest(`Resource not found for the segment '${segments.at(-1) ?? ''}'.`);
  }
  return new GraphError(405, 'Request_BadRequest', 'The method is not allowed for this address.', {
    headers: { allow: [...node.operations.keys()].join(', ') },
  });
}
