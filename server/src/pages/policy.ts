/**
 * The content security policy of every page. Forms are posted here only, which browsers also demand of every redirect that
 * follows: so the last page of a sign-in leads back to the application by itself instead of being a redirect.
 */
export const pagePolicy =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** The same policy for a page with frames of other origins in it. */
export function policyWithFrames(origins: readonly string[]): string {
  return origins.length === 0 ? pagePolicy : `${pagePolicy}; frame-src ${origins.join(' ')}`;
}
