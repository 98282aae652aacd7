import type { Call } from './call.ts';
import { badRequest } from './error.ts';

/** The entity tag of an object's state. RFC 9110 8.8.3 */
export function entityTag(version: number): string {
  return `W/"${version}"`;
}

/**
 * The version that the object must still have, when the caller says one by If-Match. RFC 9110 13.1.1
 *
 * @throws GraphError `BadRequest` when it is no tag of ours
 */
export function versionCondition(call: Call): { ifVersion?: number } {
  const condition = call.headers['if-match']?.trim();
  if (condition === undefined || condition === '*') return {};
  const [, version] = /^(?:W\/)?"(\d{1,15})"$/.exec(condition) ?? [];
  if (version === undefined) throw badRequest('If-Match takes the one ETag that an answer has given.');
  return { ifVersion: Number(version) };
}
