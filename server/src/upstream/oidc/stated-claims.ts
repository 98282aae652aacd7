import type { UpstreamIdentity } from '../../upstream-providers/index.ts';

/** About the token and not about the person. */
const aboutTheToken: ReadonlySet<string> = new Set([
  'iss',
  'aud',
  'exp',
  'iat',
  'nbf',
  'nonce',
  'azp',
  'at_hash',
  'c_hash',
  'jti',
  'sid',
]);

/** More than any provider states. */
const mostClaims = 500;

/** The claims of an ID token or user information, each value by itself; objects as JSON (OIDC Core 5.1.1). */
export function statedClaims(claims: Readonly<Record<string, unknown>>): UpstreamIdentity['claims'] {
  return Object.entries(claims)
    .filter(([name]) => !aboutTheToken.has(name))
    .flatMap(([type, value]) =>
      (Array.isArray(value) ? value : [value]).map((one: unknown) => ({ type, value: textOf(one) })),
    )
    .filter((stated): stated is { type: string; value: string } => stated.value !== undefined)
    .slice(0, mostClaims);
}

function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
