import { parseRules } from './parse-rules.ts';
import { printProperty, printRule, printRules } from './print-rules.ts';
import type { Assignment, Expression, Position, Rule, SimplePropertyName, Statement, Test } from './syntax-tree.ts';

/** A rule as a row of a form, the way of Azure ACS: one input claim makes one output claim. */
export interface FormRow {
  /** What the input claim must be; absent: any. */
  readonly inputIssuer?: string | undefined;
  readonly inputType?: string | undefined;
  readonly inputValue?: string | undefined;
  /** What the output claim is; absent: passed through. */
  readonly outputType?: string | undefined;
  readonly outputValue?: string | undefined;
  /** Whose claim the output is: still that of the input's issuer, as the templates of AD FS have it, or our own. */
  readonly outputIssuer: 'input' | 'local';
  readonly description: string;
}

/** A row of the form view, or the text of what is more than a row can say. */
export type FormEntry =
  | { readonly kind: 'row'; readonly row: FormRow }
  | { readonly kind: 'text'; readonly text: string };

/** Shows the text of a rule group as a form, entry by entry. Throws `RuleError` where the text is not in the language. */
export function formFromText(text: string): FormEntry[] {
  const { rules, comments } = parseRules(text);
  const entries = rules.map((rule): FormEntry => {
    const row = rowFromRule(rule);
    return row ? { kind: 'row', row } : { kind: 'text', text: printRule(rule) };
  });
  return comments.length > 0 ? [...entries, { kind: 'text', text: printRules({ rules: [], comments }) }] : entries;
}

/**
 * Writes a form as the text of a rule group. Throws `claims.not_expressible` where a field contains a double quote or a
 * line break; texts are taken over as they are.
 */
export function textFromForm(entries: readonly FormEntry[]): string {
  return entries.map((entry) => (entry.kind === 'row' ? printRule(ruleFromRow(entry.row)) : entry.text)).join('\n');
}

const nowhere: Position = { line: 1, column: 1 };
const variable = 'c';

function ruleFromRow(row: FormRow): Rule {
  const passed = (name: SimplePropertyName): Expression => ({
    kind: 'property',
    variable,
    property: { name },
    at: nowhere,
  });
  const assign = (name: SimplePropertyName, text?: string): Assignment => {
    return { property: { name }, expression: text === undefined ? passed(name) : literal(text), at: nowhere };
  };
  const keepsIssuer = row.outputIssuer === 'input';
  const isCopy = keepsIssuer && row.outputType === undefined && row.outputValue === undefined;
  const assignments = [
    assign('Type', row.outputType),
    assign('Value', row.outputValue),
    ...(keepsIssuer ? keptParts.map((name) => assign(name)) : []),
  ];
  return {
    ...(row.description && { name: row.description }),
    comments: [],
    conditions: [{ kind: 'select', variable, selector: { tests: testsFromRow(row), at: nowhere } }],
    statement: {
      verb: 'issue',
      at: nowhere,
      ...(isCopy ? { kind: 'copy', variable } : { kind: 'new', assignments }),
    },
    at: nowhere,
  };
}

/** The parts that a row whose output stays the claim of its issuer passes through. */
const keptParts = ['ValueType', 'Issuer', 'OriginalIssuer'] as const;

const inputFields = { Type: 'inputType', Issuer: 'inputIssuer', Value: 'inputValue' } as const;

function testsFromRow(row: FormRow): Test[] {
  return (['Type', 'Issuer', 'Value'] as const).flatMap((name): Test[] => {
    const text = row[inputFields[name]];
    return text === undefined ? [] : [{ property: { name }, operator: '==', expression: literal(text), at: nowhere }];
  });
}

function literal(text: string): Expression {
  return { kind: 'text', text, at: nowhere };
}

/** The row that says the same as a rule, if there is one. Comments cannot be shown, so a rule with some has none. */
function rowFromRule({ name, comments, conditions, statement }: Rule): FormRow | undefined {
  const [condition, ...others] = conditions;
  if (condition?.kind !== 'select' || others.length > 0 || comments.length > 0 || statement.verb !== 'issue') return;
  const input = inputFromTests(condition.selector.tests);
  const output = outputFromStatement(statement, condition.variable);
  return input && output && { ...input, ...output, description: name ?? '' };
}

type Input = Pick<FormRow, 'inputIssuer' | 'inputType' | 'inputValue'>;
type Output = Pick<FormRow, 'outputType' | 'outputValue' | 'outputIssuer'>;

function inputFromTests(tests: readonly Test[]): Input | undefined {
  const fields = tests.flatMap(({ property: { name }, operator, expression }) =>
    (name === 'Type' || name === 'Issuer' || name === 'Value') && operator === '==' && expression.kind === 'text'
      ? [[inputFields[name], expression.text] as const]
      : [],
  );
  const input: Input = Object.fromEntries(fields);
  return Object.keys(input).length === tests.length ? input : undefined;
}

function outputFromStatement(statement: Statement, bound: string | undefined): Output | undefined {
  const isBound = (name: string) => name.toLowerCase() === bound?.toLowerCase();
  if (statement.kind === 'copy') return isBound(statement.variable) ? { outputIssuer: 'input' } : undefined;
  if (statement.kind === 'query') return undefined;
  const names = new Set<string>();
  const output: { outputType?: string; outputValue?: string } = {};
  for (const { property, expression } of statement.assignments) {
    const { name } = property;
    const isText = (name === 'Type' || name === 'Value') && expression.kind === 'text';
    const isPassed =
      expression.kind === 'property' && isBound(expression.variable) && expression.property.name === name;
    if (isText) output[outputFields[name]] = expression.text;
    else if (!isPassed) return undefined;
    names.add(printProperty(property));
  }
  const isPlain = names.size === statement.assignments.length && names.has('Type') && names.has('Value');
  if (isPlain && names.size === 2) return { ...output, outputIssuer: 'local' };
  // If all of these were passed through, the row would be a copy, which keeps the properties of the claim too.
  const keepsIssuer = names.size === 5 && keptParts.every((name) => names.has(name));
  return isPlain && keepsIssuer && Object.keys(output).length > 0 ? { ...output, outputIssuer: 'input' } : undefined;
}

const outputFields = { Type: 'outputType', Value: 'outputValue' } as const;
