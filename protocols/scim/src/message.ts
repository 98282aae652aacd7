/** The messages of the protocol name themselves in `schemas` (RFC 7644 3.1). */
import { accepts, type Dialect } from './dialect.ts';
import { ScimError } from './errors.ts';
import { asList, findMember, type JsonObject } from './json.ts';

/** Throws `invalidSyntax` unless the body says that it is the message of this URN; some dialects do without. */
export function checkMessage(body: JsonObject, urn: string, dialect: Dialect): void {
  if (accepts(dialect, 'missing-schemas') || asList(findMember(body, 'schemas')).includes(urn)) return;
  throw new ScimError('invalidSyntax', `schemas must list ${urn}.`);
}
