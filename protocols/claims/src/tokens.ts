import { finding, RuleError } from './errors.ts';
import { limits } from './limits.ts';
import type { Position } from './syntax-tree.ts';

/** One word of the language. The last token of a text is of kind `end`. */
export interface Token {
  readonly kind: 'name' | 'annotation' | 'string' | 'number' | 'symbol' | 'end';
  /** What is written; of a string, what stands between the quotes. */
  readonly text: string;
  readonly at: Position;
}

/** AD FS allows no double quote and MS-CTA no line break in a string, and there is no escape for either. */
const word =
  /(?<space>\s+)|(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/)|"(?<string>[^"\r\n]*)"|(?<annotation>@\w+)|(?<name>[A-Za-z_]\w*)|(?<number>\d+)|(?<symbol>=>|==|!=|=~|!~|<=|>=|&&|[=<>:;,.()[\]+])/y;

const kinds = ['string', 'annotation', 'name', 'number', 'symbol'] as const;

/**
 * Splits the text of a rule group into tokens, one for each call of the function it returns; after the last it returns
 * tokens of kind `end`. Hands the lines of the comments before a token to `keepComment`. Throws `claims.text_too_long`,
 * and the returned function `claims.syntax`.
 */
export function readTokens(text: string, keepComment: (line: string) => void): () => Token {
  if (text.length > limits.textLength) {
    const message = `The text has ${text.length} characters; at most ${limits.textLength} are allowed.`;
    throw new RuleError(finding('claims.text_too_long', message));
  }
  let offset = 0;
  let line = 1;
  let lineStart = 0;
  return () => {
    while (offset < text.length) {
      const at = { line, column: offset - lineStart + 1 };
      word.lastIndex = offset;
      const groups = word.exec(text)?.groups;
      if (!groups) throw unexpectedCharacter(text.charAt(offset), at);
      if (groups['comment']) commentLines(groups['comment']).forEach(keepComment);
      for (const lineBreak of (groups['comment'] ?? groups['space'] ?? '').matchAll(/\n/g)) {
        line++;
        lineStart = offset + lineBreak.index + 1;
      }
      offset = word.lastIndex;
      for (const kind of kinds) {
        if (groups[kind] !== undefined) return { kind, text: groups[kind], at };
      }
    }
    return { kind: 'end', text: 'the end of the text', at: { line, column: offset - lineStart + 1 } };
  };
}

function commentLines(comment: string): string[] {
  const inner = comment.startsWith('//') ? comment.slice(2) : comment.slice(2, -2);
  return inner.split('\n').map((line) => line.trim());
}

const adviceByCharacter: Record<string, string> = {
  '"': 'Close the string on the same line. A string cannot contain double quotes.',
  '“': 'Replace the curly quotation marks by straight ones.',
  '”': 'Replace the curly quotation marks by straight ones.',
  "'": 'Put strings between double quotes.',
  '/': 'Close the comment by */, or begin it by //.',
  '&': 'Join conditions by &&.',
  '|': 'The language has no "or": write one rule for each case.',
};

function unexpectedCharacter(character: string, at: Position): RuleError {
  const message = `The character ${JSON.stringify(character)} cannot stand here.`;
  return new RuleError(finding('claims.syntax', message, at, adviceByCharacter[character]));
}
