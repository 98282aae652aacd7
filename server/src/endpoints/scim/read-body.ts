import { isScimMediaType, type JsonObject, parseBody, ScimError } from '@countersign/scim';
import type { HttpRequest } from '../http.ts';

/**
 * The JSON object of a request.
 * @throws ScimError `unsupportedMediaType`, `invalidSyntax`
 */
export function readBody({ headers, body }: HttpRequest): JsonObject {
  const contentType = headers['content-type'];
  if (contentType !== undefined && !isScimMediaType(contentType)) {
    throw new ScimError('unsupportedMediaType', 'Send application/scim+json or application/json.');
  }
  return parseBody(textOf(body ?? new Uint8Array()));
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ScimError('invalidSyntax', 'The body is not UTF-8.', { cause });
  }
}
