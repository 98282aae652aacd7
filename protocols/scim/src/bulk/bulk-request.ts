/** A bulk request (RFC 7644 3.7) as a list of operations. What each one means is up to the endpoint that it names. */
import type { Dialect } from '../dialect.ts';
import { quote, ScimError } from '../errors.ts';
import { checkNesting, findMember, isObject, type JsonObject, type JsonValue } from '../json.ts';
import { checkMessage } from '../message.ts';
import { messageUrns } from '../urns.ts';

export const bulkMethods = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type BulkMethod = (typeof bulkMethods)[number];

export interface BulkOperation {
  readonly method: BulkMethod;
  /** Name that other operations use for the resource which this POST creates, as `bulkId:name`. */
  readonly bulkId: string | undefined;
  /** Path of the endpoint as the client wrote it, such as `/Users`, without the identifier. */
  readonly endpoint: string;
  /** The resource; absent for POST. It can be a reference to a bulkId, too. */
  readonly id: string | undefined;
  /** Version that the resource must have, as If-Match. */
  readonly version: string | undefined;
  readonly data: JsonObject | undefined;
}

export interface BulkRequest {
  readonly operations: readonly BulkOperation[];
  /** How many failures end the request; undefined for any number. */
  readonly failOnErrors: number | undefined;
}

/**
 * Throws `payloadTooLarge` for more than `maxOperations` operations, `invalidSyntax` and `invalidValue` for a request that
 * cannot be carried out at all. An operation that merely fails is reported on its own later.
 */
export function parseBulkRequest(body: JsonObject, maxOperations: number, dialect: Dialect): BulkRequest {
  checkMessage(body, messageUrns.bulkRequest, dialect);
  const list = findMember(body, 'Operations');
  if (!Array.isArray(list)) throw new ScimError('invalidSyntax', 'Operations must be a list.');
  if (list.length > maxOperations) {
    throw new ScimError('payloadTooLarge', `A bulk request has at most ${maxOperations} operations.`);
  }
  checkNesting(list);
  const operations = list.map(parseOperation);
  const bulkIds = operations.flatMap(({ bulkId }) => bulkId ?? []);
  const repeated = bulkIds.length - new Set(bulkIds).size;
  if (repeated > 0) throw new ScimError('invalidValue', 'Each bulkId must be unique within the request.');
  return { operations, failOnErrors: readFailOnErrors(findMember(body, 'failOnErrors') ?? undefined) };
}

const pathForm = /^(\/[A-Za-z][\w-]*)(?:\/([^/]+))?$/;

function parseOperation(json: JsonValue, index: number): BulkOperation {
  const place = `Operation ${index + 1}`;
  if (!isObject(json)) throw new ScimError('invalidSyntax', `${place} must be an object.`);
  const text = (name: string): string | undefined => {
    const value = findMember(json, name) ?? undefined;
    if (value === undefined || typeof value === 'string') return value;
    throw new ScimError('invalidSyntax', `${place}: ${name} must be a text.`);
  };
  // RFC 9110 9.1: methods are case-sensitive; in a JSON body there is no harm in being lenient.
  const method = bulkMethods.find((name) => name === text('method')?.toUpperCase());
  if (method === undefined) throw new ScimError('invalidSyntax', `${place}: method must be one of ${bulkMethods}.`);
  const path = text('path') ?? '';
  const [, endpoint, id] = pathForm.exec(path) ?? [];
  if (endpoint === undefined || (id === undefined) !== (method === 'POST')) {
    throw new ScimError('invalidValue', `${place}: ${quote(path)} is no path for ${method}.`);
  }
  const bulkId = text('bulkId');
  // RFC 7644 3.7: "bulkId" is required when the method is POST.
  if (method === 'POST' && !bulkId) throw new ScimError('invalidValue', `${place}: POST needs a bulkId.`);
  const data = findMember(json, 'data') ?? undefined;
  if (method !== 'DELETE' && !isObject(data)) throw new ScimError('invalidSyntax', `${place}: data must be an object.`);
  return { method, bulkId, endpoint, id, version: text('version'), data: isObject(data) ? data : undefined };
}

function readFailOnErrors(value: JsonValue | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  throw new ScimError('invalidValue', 'failOnErrors must be a positive integer.');
}
