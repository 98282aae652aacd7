/** Words, JSON strings and brackets of a filter or path. One pass, no backtracking. */
import { quote, ScimError } from '../errors.ts';

export interface Token {
  readonly kind: 'word' | 'string' | '(' | ')' | '[' | ']';
  /** The text as written; of a string what it stands for. */
  readonly text: string;
}

const token = /\s*(?:([()[\]])|"((?:[^"\\]|\\[\s\S])*)"|([^\s()[\]"]+))/y;
const rest = /\s*$/y;

/** Throws `invalidFilter` for an unterminated or malformed string. */
export function readTokens(text: string): Token[] {
  const tokens: Token[] = [];
  for (let position = 0; !isAtEnd(text, position); position = token.lastIndex) {
    token.lastIndex = position;
    const match = token.exec(text);
    if (match === null) {
      throw new ScimError('invalidFilter', `A string is not closed: ${quote(text.slice(position).trimStart())}`);
    }
    const [whole, bracket, string] = match;
    if (bracket !== undefined) tokens.push({ kind: bracket as Token['kind'], text: bracket });
    else if (string !== undefined) tokens.push({ kind: 'string', text: readString(string) });
    else tokens.push({ kind: 'word', text: whole.trimStart() });
  }
  return tokens;
}

function isAtEnd(text: string, position: number): boolean {
  rest.lastIndex = position;
  return rest.test(text);
}

function readString(inside: string): string {
  try {
    // RFC 7644 figure 1: a string is a JSON string.
    return JSON.parse(`"${inside}"`);
  } catch (cause) {
    throw new ScimError('invalidFilter', `${quote(inside)} is not a JSON string.`, { cause });
  }
}
