/**
 * The content security policy of every page. Forms are posted here only, which browsers also demand of every redirect that
 * follows: so the last page of a sign-in leads back to the application by itself instead of being a redirect.
 */
export const pagePolicy =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/**
 * The same policy for a page with frames of other origins in it.
 *
 * @param framedBy  the origin whose page may have this one in a frame itself
 */
export function policyWithFrames(origins: readonly string[], framedBy = "'none'"): string {
  const policy = pagePolicy.replace("frame-ancestors 'none'", `frame-ancestors ${framedBy}`);
  return origins.length === 0 ? policy : `${policy}; frame-src ${origins.join(' ')}`;
}
