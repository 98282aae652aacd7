import { badRequest } from '../error.ts';
import type { FilterExpression } from './filter-expression.ts';

/** How many clauses a search may have, and how deep parentheses may stand in each other. */
const mostClauses = 20;
const deepest = 10;

/** In these every word is found by its beginning; everything else only by the beginning of the whole. */
const properties = new Set(['displayName', 'description']);

/**
 * Reads a $search as Microsoft Graph has it for directory objects, as the filter that it means: clauses
 * `"property:text"` joined by AND and OR, with parentheses.
 * https://learn.microsoft.com/graph/search-query-parameter#using-search-on-directory-object-collections
 *
 * @throws GraphError `BadRequest`
 */
export function parseSearch(search: string): FilterExpression {
  const tokens = tokensOf(search);
  let next = 0;
  let clauses = 0;
  const takeIf = (token: string) => tokens[next] === token && next++ >= 0;

  const chain = (op: 'and' | 'or', operand: () => FilterExpression): FilterExpression => {
    const terms = [operand()];
    while (takeIf(op.toUpperCase())) terms.push(operand());
    return joined(op, terms);
  };
  const either = (depth: number): FilterExpression => chain('or', () => chain('and', () => operand(depth)));
  const operand = (depth: number): FilterExpression => {
    if (depth > deepest) throw invalid(`it is nested more than ${deepest} deep`);
    if (takeIf('(')) {
      const inside = either(depth + 1);
      if (!takeIf(')')) throw invalid("')' is missing");
      return inside;
    }
    clauses += 1;
    if (clauses > mostClauses) throw invalid(`it has more than ${mostClauses} clauses`);
    return clauseOf(tokens[next++]);
  };

  const expression = either(0);
  if (next < tokens.length) throw invalid(`AND, OR or the end was expected before ${tokens[next]}`);
  return expression;
}

/** `AND`, `OR`, parentheses, and clauses with their quotes. */
function tokensOf(search: string): string[] {
  const tokens: string[] = [];
  const token = /\s*(AND\b|OR\b|[()]|"(?:[^"\\]|\\.)*")\s*/sy;
  while (token.lastIndex < search.length) {
    const position = token.lastIndex;
    const [, text] = token.exec(search) ?? [];
    if (text === undefined) {
      throw invalid(`at position ${position} there is no clause like "displayName:text", AND, OR or parenthesis`);
    }
    tokens.push(text);
  }
  return tokens;
}

function clauseOf(token: string | undefined): FilterExpression {
  if (!token?.startsWith('"')) throw invalid('a clause like "displayName:text" is missing');
  const [, path, text = ''] = /^(\w+):(.*)$/s.exec(token.slice(1, -1).replaceAll(/\\(.)/gs, '$1').trim()) ?? [];
  const words = text.split(/\s+/).filter(Boolean);
  if (path === undefined || words.length === 0) throw invalid(`${token} is no clause like "displayName:text"`);
  if (!properties.has(path)) return { op: 'startswith', path, value: text.trim() };
  const wordsFound = words.map((word) =>
    joined('or', [
      { op: 'startswith', path, value: word },
      { op: 'contains', path, value: ` ${word}` },
    ]),
  );
  return joined('and', wordsFound);
}

/** The expressions joined; one alone is itself. */
function joined(op: 'and' | 'or', terms: FilterExpression[]): FilterExpression {
  const [first, ...others] = terms;
  return first && others.length === 0 ? first : { op, terms };
}

function invalid(problem: string): Error {
  return badRequest(`Invalid $search: ${problem}.`);
}
