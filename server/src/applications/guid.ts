const form = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** True for the usual form of a GUID, without braces. */
export function isGuid(text: string): boolean {
  return form.test(text);
}

/** The GUID of nothing (RFC 9562 5.9). As a role it means: assigned, without a role. */
export const nilGuid = '00000000-0000-0000-0000-000000000000';
