import { refuse } from '../errors.ts';
import type { HttpRequest } from '../http.ts';

/** More than any page sends, passkeys included, and little enough to be read at once. */
const mostBytes = 65_536;

/** The fields of a posted form (HTML 4.10.21.6); of several with one name the last counts. */
export function readForm(request: HttpRequest): Record<string, string> {
  return Object.fromEntries(readFields(request, mostBytes));
}

/** All fields of a posted form of at most so many bytes. */
export function readFields({ body, headers }: HttpRequest, most: number): URLSearchParams {
  const isForm = /^application\/x-www-form-urlencoded\s*(;|$)/i.test(headers['content-type'] ?? '');
  if (!body || !isForm) return new URLSearchParams();
  if (body.length > most) throw refuse('endpoints.form_too_large', { most });
  return new URLSearchParams(new TextDecoder().decode(body));
}
