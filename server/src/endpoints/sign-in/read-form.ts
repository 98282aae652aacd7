import { refuse } from '../errors.ts';
import type { HttpRequest } from '../http.ts';

/** More than any page sends, passkeys included, and little enough to be read at once. */
const mostBytes = 65_536;

/** The fields of a posted form (HTML 4.10.21.6); of several with one name the last counts. */
export function readForm({ body, headers }: HttpRequest): Record<string, string> {
  const isForm = /^application\/x-www-form-urlencoded\s*(;|$)/i.test(headers['content-type'] ?? '');
  if (!body || !isForm) return {};
  if (body.length > mostBytes) throw refuse('endpoints.form_too_large', { most: mostBytes });
  return Object.fromEntries(new URLSearchParams(new TextDecoder().decode(body)));
}
