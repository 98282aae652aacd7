import { badRequest } from '../error.ts';
import type { Comparison, FilterExpression, Literal, TextFunction } from './filter-expression.ts';
import { type Token, tokenize } from './tokenize.ts';

/** How deep parentheses, `not` and `any` may stand in each other. */
const deepest = 50;
/** How many comparisons a filter may have; each value of `in` counts. */
const mostComparisons = 200;

const comparisons: ReadonlySet<string> = new Set<Comparison>(['eq', 'ne', 'gt', 'ge', 'lt', 'le']);
const textFunctions: ReadonlySet<string> = new Set<TextFunction>(['startswith', 'endswith', 'contains']);

/**
 * Reads a $filter (OData 4.01 ABNF boolCommonExpr, as far as Microsoft Graph has it). Says nothing about whether the
 * properties exist.
 *
 * @throws GraphError `BadRequest`, also for filters that are too deep or too long
 */
export function parseFilter(filter: string): FilterExpression {
  const parser = new FilterParser(tokenize(filter));
  return parser.parse();
}

class FilterParser {
  private readonly tokens: Token[];
  private next = 0;
  private depth = 0;
  private comparisons = 0;
  /** The variable of the `any` that we are in. */
  private variable: string | undefined;

  constructor(tokens: Token[]) {
    this.tokens = tokens;
  }

  parse(): FilterExpression {
    const expression = this.or();
    if (this.peek().type !== 'end') throw this.unexpected('and, or, or the end');
    return expression;
  }

  private or(): FilterExpression {
    return this.chain('or', () => this.chain('and', () => this.unary()));
  }

  private chain(op: 'and' | 'or', operand: () => FilterExpression): FilterExpression {
    const first = operand();
    if (!this.takeIf('name', op)) return first;
    const terms = [first, operand()];
    while (this.takeIf('name', op)) terms.push(operand());
    return { op, terms };
  }

  private unary(): FilterExpression {
    if (this.takeIf('name', 'not')) return { op: 'not', term: this.deeper(() => this.unary()) };
    if (this.takeIf('symbol', '(')) {
      const inside = this.deeper(() => this.or());
      this.take('symbol', ')');
      return inside;
    }
    const name = this.takeName('a property');
    return this.takeIf('symbol', '(') ? this.call(name) : this.comparison(this.pathOf(name));
  }

  private comparison(path: string): FilterExpression {
    const op = this.takeName('an operator');
    if (op === 'in') return { op, path, values: this.list() };
    if (!isOneOf<Comparison>(comparisons, op))
      throw badRequest(`Invalid filter clause: the operator '${op}' is unknown.`);
    return { op, path, value: this.literal() };
  }

  private call(name: string): FilterExpression {
    if (isOneOf<TextFunction>(textFunctions, name)) return this.textFunction(name);
    if (name.endsWith('/any')) return this.any(this.pathOf(name.slice(0, -'/any'.length)));
    throw badRequest(`Invalid filter clause: an unknown function with name '${name}' was found.`);
  }

  private textFunction(op: TextFunction): FilterExpression {
    const path = this.pathOf(this.takeName('a property'));
    this.take('symbol', ',');
    const value = this.literal();
    if (typeof value !== 'string') throw badRequest(`Invalid filter clause: ${op} takes a text in single quotes.`);
    this.take('symbol', ')');
    return { op, path, value };
  }

  private any(path: string): FilterExpression {
    if (this.variable !== undefined) throw badRequest('Invalid filter clause: any cannot stand inside of any.');
    this.variable = this.takeName('a variable');
    this.take('symbol', ':');
    const term = this.deeper(() => this.or());
    this.take('symbol', ')');
    this.variable = undefined;
    return { op: 'any', path, term };
  }

  /** Inside of `any`, paths start with its variable. */
  private pathOf(name: string): string {
    if (this.variable === undefined) return name;
    if (name === this.variable) return '';
    const prefix = `${this.variable}/`;
    if (name.startsWith(prefix)) return name.slice(prefix.length);
    throw badRequest(`Invalid filter clause: '${name}' does not start with the variable '${this.variable}' of any.`);
  }

  private list(): Literal[] {
    this.take('symbol', '(');
    const values = [this.literal()];
    while (this.takeIf('symbol', ',')) values.push(this.literal());
    this.take('symbol', ')');
    return values;
  }

  private literal(): Literal {
    this.comparisons += 1;
    if (this.comparisons > mostComparisons) {
      throw badRequest(`Invalid filter clause: it has more than ${mostComparisons} comparisons.`);
    }
    const token = this.peek();
    if (token.type !== 'literal') throw this.unexpected('a value');
    this.next += 1;
    return token.value;
  }

  private deeper<Result>(read: () => Result): Result {
    this.depth += 1;
    if (this.depth > deepest) throw badRequest(`Invalid filter clause: it is nested more than ${deepest} deep.`);
    const result = read();
    this.depth -= 1;
    return result;
  }

  private peek(): Token {
    const token = this.tokens[Math.min(this.next, this.tokens.length - 1)];
    if (!token) throw new Error('A list of tokens has at least its end.');
    return token;
  }

  private takeIf(type: 'name' | 'symbol', text: string): boolean {
    const token = this.peek();
    if (token.type !== type || token.text !== text) return false;
    this.next += 1;
    return true;
  }

  private take(type: 'name' | 'symbol', text: string): void {
    if (!this.takeIf(type, text)) throw this.unexpected(`'${text}'`);
  }

  private takeName(what: string): string {
    const token = this.peek();
    if (token.type !== 'name') throw this.unexpected(what);
    this.next += 1;
    return token.text;
  }

  private unexpected(expected: string): Error {
    return badRequest(`Invalid filter clause: ${expected} was expected at position ${this.peek().position}.`);
  }
}

function isOneOf<Name extends string>(names: ReadonlySet<string>, name: string): name is Name {
  return names.has(name);
}
