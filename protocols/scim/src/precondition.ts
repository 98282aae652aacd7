/** Versions of resources as entity tags, and what If-Match and If-None-Match decide (RFC 7644 3.14, RFC 9110 8.8 and 13.1). */

/** A weak entity tag of whatever changes with the resource, such as a revision number. */
export function buildVersion(revision: string | number): string {
  return `W/"${encodeURIComponent(revision)}"`;
}

export interface Conditions {
  /** The headers as sent; in a bulk operation its `version` is the If-Match (RFC 7644 3.7). */
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

/** `unmodified` is answered to a read by 304; `failed` by the error `preconditionFailed`. */
export type Decision = 'proceed' | 'unmodified' | 'failed';

/**
 * Decides whether a request goes on. `version` is the resource's present one, undefined when there is no such resource.
 * Tags are compared weakly even in If-Match: Deviation: RFC 9110 13.1.1 wants the strong comparison, under which the weak
 * tags of RFC 7644 3.14's own examples would never match.
 */
export function decidePrecondition(conditions: Conditions, version: string | undefined, isRead: boolean): Decision {
  const { ifMatch, ifNoneMatch } = conditions;
  if (ifMatch !== undefined && !matches(ifMatch, version)) return 'failed';
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, version)) return isRead ? 'unmodified' : 'failed';
  return 'proceed';
}

function matches(header: string, version: string | undefined): boolean {
  if (version === undefined) return false;
  if (header.trim() === '*') return true;
  const [present] = opaqueTags(version);
  return opaqueTags(header).some((tag) => tag === present);
}

/** The tags of a header without their weakness; Interop: some clients send a tag without quotation marks. */
function opaqueTags(header: string): string[] {
  return (header.match(/(?:W\/)?"[^"]*"|[^\s,"]+/g) ?? []).map((tag) => tag.replace(/^W\//, '').replaceAll('"', ''));
}
