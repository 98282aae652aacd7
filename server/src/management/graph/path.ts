import { badRequest } from './error.ts';

/**
 * Cuts the path below `/v1.0` into its segments, decoded. The spellings that Microsoft Graph's clients use for one and the
 * same resource come out equal: `/users('x')` as `/users/x`, `/users/delta()` and `/users/microsoft.graph.delta()` as
 * `/users/delta`, casts as `microsoft.graph.user`; empty segments (`//`, a slash at the end) fall away.
 *
 * @throws GraphError `BadRequest` when percent-encoding or quotes are broken
 */
export function segmentsOf(path: string): string[] {
  return path.split('/').filter(Boolean).map(decode).flatMap(normalize);
}

function decode(segment: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(segment);
  } catch {
    throw badRequest('The path is not percent-encoded UTF-8.');
  }
  // No name has it, and PostgreSQL fails on texts that do.
  if (decoded.includes('\0')) throw badRequest('The path has a NUL.');
  return decoded;
}

const casts = new Set(['user', 'group', 'application', 'serviceprincipal']);
const canonicalCast: Record<string, string> = { serviceprincipal: 'servicePrincipal' };

function normalize(segment: string): string[] {
  const [, namespaced] = /^(?:microsoft\.)?graph\.(\w+)(?:\(\))?$/i.exec(segment) ?? [];
  if (namespaced !== undefined) {
    const name = namespaced.toLowerCase();
    return casts.has(name) ? [`microsoft.graph.${canonicalCast[name] ?? name}`] : [namespaced];
  }
  const [, collection, key] = /^([a-z$]+)\((.*)\)$/is.exec(segment) ?? [];
  if (collection === undefined || key === undefined) return [segment];
  return key === '' ? [collection] : [collection, readKey(key)];
}

/** A key between parentheses: `'x'`, a bare value, or an alternate key such as `appId='x'`, which stays with its name. */
function readKey(key: string): string {
  const [, name, value = ''] = /^(?:(\w+)=)?(.*)$/s.exec(key) ?? [];
  const isQuoted = /^'(?:[^']|'')*'$/s.test(value);
  if (!isQuoted && value.includes("'")) throw badRequest(`The key (${key}) has quotes that do not match.`);
  const text = isQuoted ? value.slice(1, -1).replaceAll("''", "'") : value;
  return name === undefined ? text : `${name}=${text}`;
}
