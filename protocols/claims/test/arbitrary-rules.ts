import fc from 'fast-check';
import type {
  Condition,
  Expression,
  Position,
  Property,
  Rule,
  RuleText,
  Selector,
  Statement,
  Test,
} from '../src/index.ts';

const at: Position = { line: 1, column: 1 };

/** A text that can stand between double quotes. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }).map((written) => written.replace(/["\r\n]/g, '')),
  fc.constantFrom('a', 'b', '', '//', '/*', '*/', '{0}', '$1', 'http://schemas.example/claims/role'),
);

const name = fc.oneof(
  fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,5}$/),
  fc.constantFrom(
    'c',
    'c1',
    'not',
    'exists',
    'count',
    'issue',
    'claim',
    'store',
    'type',
    'RegExReplace',
    'constructor',
  ),
);

const simpleProperty = fc.constantFrom('Type', 'Value', 'ValueType', 'Issuer', 'OriginalIssuer');

const property: fc.Arbitrary<Property> = fc.oneof(
  fc.record({ name: simpleProperty }),
  fc.record({ name: fc.constant('Properties'), key: text }),
);

const { expression } = fc.letrec<{ expression: Expression; term: Expression }>((tie) => ({
  term: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constant('text'), text, at: fc.constant(at) }),
    fc.record({ kind: fc.constant('property'), variable: name, property, at: fc.constant(at) }),
    fc.record({
      kind: fc.constant('call'),
      name,
      parameters: fc.array(tie('expression'), { maxLength: 3 }),
      at: fc.constant(at),
    }),
  ),
  expression: fc.oneof(
    tie('term'),
    fc.record({
      kind: fc.constant('join'),
      parts: fc.array(tie('term'), { minLength: 2, maxLength: 3 }),
      at: fc.constant(at),
    }),
  ),
}));

const test: fc.Arbitrary<Test> = fc.record({
  property,
  operator: fc.constantFrom('==', '!=', '=~', '!~'),
  expression,
  at: fc.constant(at),
});

const selector: fc.Arbitrary<Selector> = fc.record({ tests: fc.array(test, { maxLength: 3 }), at: fc.constant(at) });

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ kind: fc.constant('select'), selector, variable: name }, { requiredKeys: ['kind', 'selector'] }),
  fc.record({ kind: fc.constant('exists'), selector, isNegated: fc.boolean() }),
  fc.record({
    kind: fc.constant('count'),
    selector,
    comparison: fc.constantFrom('==', '!=', '<', '<=', '>', '>='),
    count: fc.nat(5000),
  }),
);

const statement: fc.Arbitrary<Statement> = fc
  .tuple(
    fc.constantFrom('issue', 'add'),
    fc.oneof(
      fc.record({ kind: fc.constant('copy'), variable: name }),
      fc.record({
        kind: fc.constant('new'),
        assignments: fc.array(fc.record({ property, expression, at: fc.constant(at) }), { minLength: 1, maxLength: 4 }),
      }),
      fc.record({
        kind: fc.constant('query'),
        store: text,
        types: fc.array(text, { minLength: 1, maxLength: 3 }),
        query: text,
        parameters: fc.array(expression, { maxLength: 2 }),
      }),
    ),
  )
  .map(([verb, body]) => ({ verb, at, ...body }));

const comment = fc.string({ unit: 'binary', maxLength: 12 }).map((line) => line.replaceAll('\n', '').trim());

const rule: fc.Arbitrary<Rule> = fc.record(
  {
    name: text,
    template: text,
    comments: fc.array(comment, { maxLength: 2 }),
    conditions: fc.array(condition, { maxLength: 3 }),
    statement,
    at: fc.constant(at),
  },
  { requiredKeys: ['comments', 'conditions', 'statement', 'at'] },
);

/** Any rules that can be written, whether they make sense or not; all their places are the same. */
export const ruleText: fc.Arbitrary<RuleText> = fc.record({
  rules: fc.array(rule, { maxLength: 4 }),
  comments: fc.array(comment, { maxLength: 2 }),
});
