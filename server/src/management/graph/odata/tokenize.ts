import { badRequest } from '../error.ts';
import type { Literal } from './filter-expression.ts';

export type Token = { position: number } & (
  | { type: 'literal'; value: Literal }
  | { type: 'name' | 'symbol'; text: string }
  | { type: 'end'; text: '' }
);

/** The lexical rules, tried in this order (OData ABNF: primitiveLiteral, odataIdentifier). */
const rules: { pattern: RegExp; token: (text: string) => LiteralOrText }[] = [
  { pattern: /\s+/y, token: () => undefined },
  {
    pattern: /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\w-])/iy,
    token: (text) => ({ type: 'literal', value: text.toLowerCase() }),
  },
  {
    pattern: /\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,12})?)?(?:Z|[+-]\d{2}:\d{2}))?(?![\w:.-])/iy,
    token: (text) => ({ type: 'literal', value: new Date(text) }),
  },
  { pattern: /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.-])/iy, token: (text) => ({ type: 'literal', value: Number(text) }) },
  {
    pattern: /'[^']*(?:''[^']*)*'/y,
    token: (text) => ({ type: 'literal', value: text.slice(1, -1).replaceAll("''", "'") }),
  },
  { pattern: /(?:true|false)(?![\w/])/y, token: (text) => ({ type: 'literal', value: text === 'true' }) },
  { pattern: /null(?![\w/])/y, token: () => ({ type: 'literal', value: null }) },
  { pattern: /[a-z_][\w.]*(?:\/[$\w.]+)*/iy, token: (text) => ({ type: 'name', text }) },
  { pattern: /[(),:]/y, token: (text) => ({ type: 'symbol', text }) },
];

type LiteralOrText = { type: 'literal'; value: Literal } | { type: 'name' | 'symbol'; text: string } | undefined;

/**
 * Cuts a filter into tokens, in time linear to its length.
 *
 * @throws GraphError `BadRequest` at the first character that begins no token
 */
export function tokenize(filter: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < filter.length) {
    const { text, token } = matchAt(filter, position);
    if (token?.type === 'literal' && token.value instanceof Date && Number.isNaN(token.value.getTime())) {
      throw badRequest(`Invalid filter clause: '${text}' at position ${position} is no date that exists.`);
    }
    if (token) tokens.push({ ...token, position });
    position += text.length;
  }
  tokens.push({ type: 'end', text: '', position });
  return tokens;
}

function matchAt(filter: string, position: number) {
  for (const { pattern, token } of rules) {
    pattern.lastIndex = position;
    const text = pattern.exec(filter)?.[0];
    if (text !== undefined) return { text, token: token(text) };
  }
  const problem = filter[position] === "'" ? 'the text that begins' : `the character '${filter[position]}'`;
  const reason = filter[position] === "'" ? 'has no end' : 'is not understood';
  throw badRequest(`Invalid filter clause: ${problem} at position ${position} ${reason}.`);
}
