/** The answer to a bulk request (RFC 7644 3.7.3). */
import type { JsonObject } from '../json.ts';
import { messageUrns } from '../urns.ts';
import type { BulkRequest } from './bulk-request.ts';

/** What became of an operation. */
export interface BulkResult {
  readonly status: number;
  /** Address of the resource; absent when a POST failed. */
  readonly location?: string;
  readonly version?: string;
  /** The error message of an operation that failed, see buildErrorResponse. */
  readonly response?: JsonObject;
}

/** Whether so many operations have failed that no further one may be carried out (RFC 7644 3.7 "failOnErrors"). */
export function hasFailedEnough({ failOnErrors }: BulkRequest, results: ReadonlyMap<number, BulkResult>): boolean {
  if (failOnErrors === undefined) return false;
  return [...results.values()].filter(({ status }) => status >= 400).length >= failOnErrors;
}

/** Results by the place of their operation in the request; those of operations never carried out are left out. */
export function buildBulkResponse({ operations }: BulkRequest, results: ReadonlyMap<number, BulkResult>): JsonObject {
  return {
    schemas: [messageUrns.bulkResponse],
    Operations: operations.flatMap(({ method, bulkId }, index) => {
      const result = results.get(index);
      if (result === undefined) return [];
      const { status, ...rest } = result;
      return [{ method, ...(bulkId === undefined ? {} : { bulkId }), ...rest, status: String(status) }];
    }),
  };
}
