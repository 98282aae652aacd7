/** The error message of RFC 7644 3.12: built for a client, read from a server. */
import type { ScimError } from './errors.ts';
import { findMember, isObject, type JsonObject, type JsonValue } from './json.ts';
import { messageUrns } from './urns.ts';

export function buildErrorResponse(error: ScimError): JsonObject {
  const { status, scimType, detail } = error;
  return {
    schemas: [messageUrns.error],
    // RFC 7644 3.12: the status is a JSON string.
    status: String(status),
    ...(scimType === undefined ? {} : { scimType }),
    detail,
  };
}

/** What a server said about a failure, as far as it said anything. */
export interface PeerError {
  /** HTTP status of the answer, whatever its body says. */
  readonly status: number;
  readonly scimType: string | undefined;
  readonly detail: string | undefined;
}

/** Reads an error from the text of an answer. A server that sends no SCIM message, or none at all, gets only its status. */
export function readErrorResponse(status: number, text: string): PeerError {
  const body = tryParse(text);
  const textOf = (name: string): string | undefined => {
    const value = isObject(body) ? findMember(body, name) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  return { status, scimType: textOf('scimType'), detail: textOf('detail') };
}

function tryParse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
