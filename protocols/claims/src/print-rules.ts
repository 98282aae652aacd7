import { finding, RuleError } from './errors.ts';
import type { Condition, Expression, Property, Rule, RuleText, Selector, Statement, Test } from './syntax-tree.ts';

/**
 * Writes rules in the layout of AD FS's rule editor; `parseRules` reads the same rules back. Throws
 * `claims.not_expressible` where a text contains a double quote or a line break.
 */
export function printRules({ rules, comments }: RuleText): string {
  return [...rules.map(printRule), ...(comments.length > 0 ? [printComments(comments)] : [])].join('\n');
}

/** Writes one rule, with a line break at its end. */
export function printRule({ name, template, comments, conditions, statement }: Rule): string {
  return [
    printComments(comments),
    template === undefined ? '' : `@RuleTemplate = ${quote(template)}\n`,
    name === undefined ? '' : `@RuleName = ${quote(name)}\n`,
    conditions.map((condition) => `${printCondition(condition)}\n `).join('&& '),
    `=> ${printStatement(statement)};\n`,
  ].join('');
}

function printComments(comments: readonly string[]): string {
  return comments.map((line) => `// ${line}\n`).join('');
}

export function printCondition(condition: Condition): string {
  const selector = printSelector(condition.selector);
  switch (condition.kind) {
    case 'select':
      return condition.variable === undefined ? selector : `${condition.variable}:${selector}`;
    case 'exists':
      return `${condition.isNegated ? 'NOT EXISTS' : 'EXISTS'}(${selector})`;
    case 'count':
      return `COUNT(${selector}) ${condition.comparison} ${condition.count}`;
  }
}

function printSelector({ tests }: Selector): string {
  return `[${tests.map(printTest).join(', ')}]`;
}

export function printTest({ property, operator, expression }: Test): string {
  return `${printProperty(property)} ${operator} ${printExpression(expression)}`;
}

export function printProperty(property: Property): string {
  return property.name === 'Properties' ? `Properties[${quote(property.key)}]` : property.name;
}

function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'text':
      return quote(expression.text);
    case 'property':
      return `${expression.variable}.${printProperty(expression.property)}`;
    case 'call':
      return `${expression.name}(${expression.parameters.map(printExpression).join(', ')})`;
    case 'join':
      return expression.parts.map(printExpression).join(' + ');
  }
}

function printStatement(statement: Statement): string {
  switch (statement.kind) {
    case 'copy':
      return `${statement.verb}(claim = ${statement.variable})`;
    case 'new':
      return `${statement.verb}(${statement.assignments
        .map(({ property, expression }) => `${printProperty(property)} = ${printExpression(expression)}`)
        .join(', ')})`;
    case 'query':
      return `${statement.verb}(${[
        `store = ${quote(statement.store)}`,
        `types = (${statement.types.map(quote).join(', ')})`,
        `query = ${quote(statement.query)}`,
        ...statement.parameters.map((parameter) => `param = ${printExpression(parameter)}`),
      ].join(', ')})`;
  }
}

function quote(text: string): string {
  if (!/["\r\n]/.test(text)) return `"${text}"`;
  const message = `The text ${JSON.stringify(text)} cannot be written in a rule.`;
  throw new RuleError(finding('claims.not_expressible', message));
}
