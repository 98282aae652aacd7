/**
 * Text to filter, and text to path (RFC 7644 figures 1 and 7). Recursion is as deep as the limits allow, never as deep as
 * the text; time is linear in the length of the text.
 */
import { type AttributePath, parseAttributePath } from '../attribute-path.ts';
import { accepts, type Dialect } from '../dialect.ts';
import { quote, ScimError, type ScimErrorCode } from '../errors.ts';
import { type ComparisonOperator, comparisonOperators, type Filter, isLogical } from './filter.ts';
import { readTokens, type Token } from './tokens.ts';

/** `emails`, `name.familyName`, `emails[type eq "work"]` or `emails[type eq "work"].value` (RFC 7644 figure 7). */
export interface ValuePath {
  readonly path: AttributePath;
  /** Selects among the values of a multi-valued attribute. */
  readonly filter: Filter | undefined;
}

/** Throws `invalidFilter` for a text that is no filter or exceeds the dialect's limits. */
export function parseFilter(text: string, dialect: Dialect): Filter {
  const parser = new Parser(text, dialect, 'invalidFilter');
  const filter = parser.readFilter();
  parser.expectEnd();
  return filter;
}

/** Throws `invalidPath` for a text that is no path, `invalidFilter` for what is wrong between its brackets. */
export function parseValuePath(text: string, dialect: Dialect): ValuePath {
  const parser = new Parser(text, dialect, 'invalidPath');
  const path = parser.readValuePath();
  parser.expectEnd();
  return path;
}

class Parser {
  readonly #dialect: Dialect;
  /** What a mistake outside of brackets is called. */
  readonly #code: ScimErrorCode;
  readonly #tokens: Token[];
  #position = 0;
  #depth = 0;
  #comparisons = 0;

  constructor(text: string, dialect: Dialect, code: ScimErrorCode) {
    const { maxLength } = dialect.filterLimits;
    if (text.length > maxLength) throw new ScimError(code, `This is longer than ${maxLength} characters.`);
    this.#dialect = dialect;
    this.#code = code;
    this.#tokens = readTokens(text);
  }

  readFilter(): Filter {
    return this.#readLogical('or', () => this.#readLogical('and', () => this.#readFactor()));
  }

  readValuePath(): ValuePath {
    const path = this.#readPath(this.#take());
    if (this.#peek()?.kind !== '[') return { path, filter: undefined };
    const filter = this.#readNested('[', ']');
    const subAttribute = this.#readSubAttributeAfterBracket();
    return { path: subAttribute === undefined ? path : { ...path, subAttribute }, filter };
  }

  expectEnd(): void {
    const token = this.#peek();
    if (token !== undefined) throw this.#unexpected(token);
  }

  #readLogical(kind: 'and' | 'or', readOperand: () => Filter): Filter {
    const first = readOperand();
    const operands = [first];
    while (this.#takeWord(kind)) operands.push(readOperand());
    return operands.length === 1 ? first : join(kind, operands);
  }

  #readFactor(): Filter {
    if (this.#peek()?.kind === '(') return this.#readNested('(', ')');
    const token = this.#take();
    // `not` is also a name that an attribute could have; only parentheses make it the operator.
    if (token?.text.toLowerCase() === 'not' && this.#peek()?.kind === '(') {
      return { kind: 'not', operand: this.#readNested('(', ')') };
    }
    const path = this.#readPath(token);
    if (this.#peek()?.kind !== '[') return this.#readComparison(path);
    const filter = this.#readNested('[', ']');
    const subAttribute = this.#readSubAttributeAfterBracket();
    if (subAttribute === undefined) return { kind: 'values', path, filter };
    if (!accepts(this.#dialect, 'sub-attribute-after-brackets')) {
      throw new ScimError('invalidFilter', `Write ${quote(subAttribute)} inside the brackets.`);
    }
    const comparison = this.#readComparison({ schema: undefined, name: subAttribute, subAttribute: undefined });
    return { kind: 'values', path, filter: join('and', [filter, comparison]) };
  }

  #readNested(open: '(' | '[', close: ')' | ']'): Filter {
    const { maxDepth } = this.#dialect.filterLimits;
    this.#expect(open);
    if (++this.#depth > maxDepth) throw new ScimError('invalidFilter', `The filter is nested deeper than ${maxDepth}.`);
    const filter = this.readFilter();
    this.#depth--;
    this.#expect(close);
    return filter;
  }

  #readComparison(path: AttributePath): Filter {
    const { maxComparisons } = this.#dialect.filterLimits;
    if (++this.#comparisons > maxComparisons) {
      throw new ScimError('invalidFilter', `The filter has more than ${maxComparisons} comparisons.`);
    }
    const token = this.#take();
    // RFC 7644 3.4.2.2: operators are case-insensitive.
    const operator = token?.text.toLowerCase();
    if (operator === 'pr') return { kind: 'present', path };
    if (!isComparisonOperator(operator)) throw this.#unexpected(token, 'an operator');
    return { kind: 'compare', path, operator, value: this.#readLiteral() };
  }

  #readLiteral(): string | number | boolean | null {
    const token = this.#take();
    if (token?.kind === 'string') return token.text;
    if (token?.kind !== 'word') throw this.#unexpected(token, 'a value');
    const { text } = token;
    if (Object.hasOwn(keywords, text)) return keywords[text] ?? null;
    const isUnquotedAllowed = accepts(this.#dialect, 'unquoted-filter-values');
    // 007 and 1e400 stay texts where texts need no quotation marks: as numbers they would be 7 and infinity.
    if (jsonNumber.test(text) && !(isUnquotedAllowed && String(Number(text)) !== text)) return Number(text);
    if (isUnquotedAllowed) return text;
    throw this.#unexpected(token, 'a value in quotation marks');
  }

  #readSubAttributeAfterBracket(): string | undefined {
    const token = this.#peek();
    if (token?.kind !== 'word' || !token.text.startsWith('.')) return undefined;
    this.#position++;
    const path = parseAttributePath(token.text.slice(1));
    if (path === undefined || path.schema !== undefined || path.subAttribute !== undefined) {
      throw this.#unexpected(token, 'the name of a sub-attribute');
    }
    return path.name;
  }

  #readPath(token: Token | undefined): AttributePath {
    const path = token?.kind === 'word' ? parseAttributePath(token.text) : undefined;
    if (path === undefined) throw this.#unexpected(token, 'the name of an attribute');
    return path;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#position];
  }

  #take(): Token | undefined {
    return this.#tokens[this.#position++];
  }

  #takeWord(word: string): boolean {
    const token = this.#peek();
    if (token?.kind !== 'word' || token.text.toLowerCase() !== word) return false;
    this.#position++;
    return true;
  }

  #expect(kind: Token['kind']): void {
    const token = this.#take();
    if (token?.kind !== kind) throw this.#unexpected(token, quote(kind));
  }

  #unexpected(token: Token | undefined, expected = 'the end'): ScimError {
    const found = token === undefined ? 'the end' : quote(token.text);
    return new ScimError(this.#depth > 0 ? 'invalidFilter' : this.#code, `Expected ${expected}, found ${found}.`);
  }
}

function join(kind: 'and' | 'or', operands: Filter[]): Filter {
  const flat = operands.flatMap((operand) =>
    isLogical(operand) && operand.kind === kind ? operand.operands : [operand],
  );
  return { kind, operands: flat };
}

function isComparisonOperator(text: string | undefined): text is ComparisonOperator {
  return comparisonOperators.some((operator) => operator === text);
}

const keywords: Record<string, boolean | null> = { true: true, false: false, null: null };
const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
