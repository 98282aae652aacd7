import { finding, RuleError } from './errors.ts';
import type { AttributeQuery } from './evaluate-rules.ts';
import { fillPlaceholders } from './placeholders.ts';

/** What a query to a directory asks for. */
export interface DirectoryQuery {
  /** LDAP filter (RFC 4515) that the entry must fit; empty where the account alone says which entry is meant. */
  readonly filter: string;
  /** The attributes that are asked for, one for each claim type. */
  readonly attributes: readonly string[];
  /** Name of the account, such as `DOMAIN\name` or a user principal name. */
  readonly account: string;
}

/**
 * Reads a query in the form that AD FS defines for Active Directory, `filter;attribute,attribute;account`, and puts the
 * parameters into their places. In the filter they are escaped, so that a claim cannot change what the filter says.
 * Throws `claims.query_columns`.
 */
export function parseDirectoryQuery({ query, types, parameters }: AttributeQuery): DirectoryQuery {
  const parts = splitDirectoryQuery(query, types);
  if (!parts) {
    const message = `The query ${JSON.stringify(query)} does not ask for ${types.length} attributes.`;
    throw new RuleError(finding('claims.query_columns', message));
  }
  return {
    filter: fillPlaceholders(parts.filter, parameters, escapeFilterValue),
    attributes: parts.attributes,
    account: fillPlaceholders(parts.account, parameters),
  };
}

/** The parts of a directory query as it is written; `undefined` if there is not one attribute for each type. */
export function splitDirectoryQuery(query: string, types: readonly string[]): DirectoryQuery | undefined {
  const parts = query.split(';').map((part) => part.trim());
  if (parts.length !== 3) return undefined;
  const [filter, list, account] = parts as [string, string, string];
  const attributes = list.split(',').map((name) => name.trim());
  const isComplete = attributes.length === types.length && !attributes.includes('');
  return isComplete ? { filter, attributes, account } : undefined;
}

/** RFC 4515 3: asterisk, parentheses, backslash and NUL are written as a backslash and two digits. */
function escapeFilterValue(value: string): string {
  return value.replace(/[*()\\\0]/g, (character) => `\\${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
