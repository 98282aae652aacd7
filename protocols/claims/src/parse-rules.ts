import { type FindingCode, finding, RuleError } from './errors.ts';
import { limits } from './limits.ts';
import type {
  Assignment,
  Comparison,
  Condition,
  Expression,
  Property,
  Rule,
  RuleText,
  Selector,
  Statement,
  Test,
} from './syntax-tree.ts';
import { readTokens, type Token } from './tokens.ts';

/**
 * Reads the text of a rule group. Every word of the language is read in any case, as the examples of AD FS's
 * documentation have it. Throws `RuleError` with one finding, at the first place that is not in the language.
 */
export function parseRules(text: string): RuleText {
  const reader = new Reader(text);
  const rules: Rule[] = [];
  while (reader.token.kind !== 'end') {
    reader.checkCount(rules, limits.rules, 'claims.too_many_rules', 'rules in one group');
    rules.push(readRule(reader));
  }
  return { rules, comments: reader.takeComments() };
}

/** The tokens of a text, with one of them in view, and the comments met since they were last taken. */
class Reader {
  private readonly next: () => Token;
  private comments: string[] = [];
  token: Token;

  constructor(text: string) {
    this.next = readTokens(text, (line) => this.comments.push(line));
    this.token = this.next();
  }

  advance(): Token {
    const passed = this.token;
    this.token = this.next();
    return passed;
  }

  takeComments(): string[] {
    const taken = this.comments;
    this.comments = [];
    return taken;
  }

  is(symbol: string): boolean {
    return this.token.kind === 'symbol' && this.token.text === symbol;
  }

  isWord(word: string): boolean {
    return this.token.kind === 'name' && this.token.text.toLowerCase() === word;
  }

  accept(symbol: string): boolean {
    const isNext = this.is(symbol);
    if (isNext) this.advance();
    return isNext;
  }

  expect(symbol: string): Token {
    return this.is(symbol) ? this.advance() : this.fail(`"${symbol}"`);
  }

  expectWord(word: string): Token {
    return this.isWord(word) ? this.advance() : this.fail(`"${word}"`);
  }

  expectKind(kind: Token['kind'], what: string): string {
    return this.token.kind === kind ? this.advance().text : this.fail(what);
  }

  /** Reads one or more items that a symbol separates. */
  list<Item>(separator: string, readItem: (reader: Reader) => Item, limit = Number.POSITIVE_INFINITY): Item[] {
    const items: Item[] = [];
    do {
      this.checkCount(items, limit, 'claims.too_many_conditions', 'conditions, or tests in one condition');
      items.push(readItem(this));
    } while (this.accept(separator));
    return items;
  }

  /** Throws where one more item would be too many. */
  checkCount(items: readonly unknown[], limit: number, code: FindingCode, what: string): void {
    if (items.length < limit) return;
    throw new RuleError(finding(code, `There are more than ${limit} ${what}.`, this.token.at));
  }

  fail(expected: string): never {
    const { kind, text, at } = this.token;
    const found = kind === 'end' ? text : JSON.stringify(text);
    throw new RuleError(finding('claims.syntax', `Expected ${expected}, found ${found}.`, at));
  }
}

const annotations = new Map<string, 'name' | 'template'>([
  ['@rulename', 'name'],
  ['@ruletemplate', 'template'],
]);

function readRule(reader: Reader): Rule {
  const { at } = reader.token;
  const annotated: { name?: string; template?: string } = {};
  while (reader.token.kind === 'annotation') {
    const kind = annotations.get(reader.token.text.toLowerCase());
    if (!kind || kind in annotated) reader.fail('a rule, with one @RuleName and one @RuleTemplate at most');
    reader.advance();
    reader.expect('=');
    annotated[kind] = reader.expectKind('string', 'a name between double quotes');
  }
  const conditions: Condition[] = reader.is('=>') ? [] : reader.list('&&', readCondition, limits.conditions);
  reader.expect('=>');
  const statement = readStatement(reader);
  const comments = reader.takeComments();
  reader.expect(';');
  return { ...annotated, comments, conditions, statement, at };
}

function readCondition(reader: Reader): Condition {
  if (reader.is('[')) return { kind: 'select', selector: readSelector(reader) };
  const word = reader.expectKind(
    'name',
    'a condition such as c:[...], EXISTS([...]), NOT EXISTS([...]) or COUNT([...])',
  );
  if (reader.accept(':')) return { kind: 'select', variable: word, selector: readSelector(reader) };
  switch (word.toLowerCase()) {
    case 'exists':
      return { kind: 'exists', isNegated: false, selector: readEnclosedSelector(reader) };
    case 'not':
      reader.expectWord('exists');
      return { kind: 'exists', isNegated: true, selector: readEnclosedSelector(reader) };
    case 'count':
      return {
        kind: 'count',
        selector: readEnclosedSelector(reader),
        comparison: readSymbol(reader, comparisons),
        count: readCount(reader),
      };
    default:
      return reader.fail('":"');
  }
}

const comparisons: readonly Comparison[] = ['==', '!=', '<', '<=', '>', '>='];

function readSymbol<Written extends string>(reader: Reader, symbols: readonly Written[]): Written {
  const symbol = symbols.find((candidate) => reader.is(candidate));
  if (!symbol) return reader.fail(`one of ${symbols.join(' ')}`);
  reader.advance();
  return symbol;
}

function readCount(reader: Reader): number {
  const { at } = reader.token;
  const count = Number(reader.expectKind('number', 'a number'));
  if (count <= limits.claims) return count;
  throw new RuleError(finding('claims.syntax', `No more than ${limits.claims} claims can be counted.`, at));
}

function readEnclosedSelector(reader: Reader): Selector {
  reader.expect('(');
  const selector = readSelector(reader);
  reader.expect(')');
  return selector;
}

function readSelector(reader: Reader): Selector {
  const { at } = reader.expect('[');
  const tests = reader.is(']') ? [] : reader.list(',', readTest, limits.conditions);
  reader.expect(']');
  return { tests, at };
}

function readTest(reader: Reader): Test {
  const { at } = reader.token;
  return {
    property: readProperty(reader),
    operator: readSymbol(reader, ['==', '!=', '=~', '!~']),
    expression: readExpression(reader),
    at,
  };
}

const propertyNames = new Map<string, Property['name']>(
  (['Type', 'Value', 'ValueType', 'Issuer', 'OriginalIssuer', 'Properties'] as const).map((name) => [
    name.toLowerCase(),
    name,
  ]),
);

function readProperty(reader: Reader): Property {
  const { kind, text } = reader.token;
  const name = kind === 'name' ? propertyNames.get(text.toLowerCase()) : undefined;
  if (!name) return reader.fail('Type, Value, ValueType, Issuer, OriginalIssuer or Properties["..."]');
  reader.advance();
  if (name !== 'Properties') return { name };
  reader.expect('[');
  const key = reader.expectKind('string', 'the name of a property between double quotes');
  reader.expect(']');
  return { name, key };
}

function readExpression(reader: Reader, depth = 0): Expression {
  const { at } = reader.token;
  if (depth > limits.depth) {
    throw new RuleError(finding('claims.too_deep', `Functions are nested more than ${limits.depth} deep.`, at));
  }
  const parts = reader.list('+', () => readTerm(reader, depth));
  const [only, ...others] = parts;
  return only && others.length === 0 ? only : { kind: 'join', parts, at };
}

function readTerm(reader: Reader, depth: number): Expression {
  const { kind, at } = reader.token;
  if (kind === 'string') return { kind: 'text', text: reader.advance().text, at };
  const name = reader.expectKind('name', 'a text between double quotes, a property such as c.Value, or a function');
  if (reader.accept('.')) return { kind: 'property', variable: name, property: readProperty(reader), at };
  if (!reader.accept('(')) return reader.fail('"." or "("');
  const parameters = reader.is(')') ? [] : reader.list(',', () => readExpression(reader, depth + 1));
  reader.expect(')');
  return { kind: 'call', name, parameters, at };
}

function readStatement(reader: Reader): Statement {
  const { at } = reader.token;
  const verb = (['issue', 'add'] as const).find((word) => reader.isWord(word));
  if (!verb) return reader.fail('"issue" or "add"');
  reader.advance();
  reader.expect('(');
  const body = reader.isWord('claim') ? readCopy(reader) : reader.isWord('store') ? readQuery(reader) : readNew(reader);
  reader.expect(')');
  return { verb, at, ...body };
}

function readCopy(reader: Reader): { kind: 'copy'; variable: string } {
  readName(reader, 'claim');
  return { kind: 'copy', variable: reader.expectKind('name', 'a variable') };
}

function readNew(reader: Reader): { kind: 'new'; assignments: Assignment[] } {
  return { kind: 'new', assignments: reader.list(',', readAssignment) };
}

function readAssignment(reader: Reader): Assignment {
  const { at } = reader.token;
  const property = readProperty(reader);
  reader.expect('=');
  return { property, expression: readExpression(reader), at };
}

/** The order of the parts is fixed: "The Role of the Claim Rule Language", issuance statements. */
function readQuery(reader: Reader) {
  readName(reader, 'store');
  const store = readString(reader);
  reader.expect(',');
  readName(reader, 'types');
  reader.expect('(');
  const types = reader.list(',', readString);
  reader.expect(')');
  reader.expect(',');
  readName(reader, 'query');
  const query = readString(reader);
  const parameters: Expression[] = [];
  while (reader.accept(',')) {
    readName(reader, 'param');
    parameters.push(readExpression(reader));
  }
  return { kind: 'query' as const, store, types, query, parameters };
}

function readName(reader: Reader, name: string): void {
  reader.expectWord(name);
  reader.expect('=');
}

function readString(reader: Reader): string {
  return reader.expectKind('string', 'a text between double quotes');
}
