/**
 * Reads the expressions of attribute mappings, in the form that people know from Microsoft Entra
 * (https://learn.microsoft.com/entra/identity/app-provisioning/functions-for-customizing-application-data):
 *
 *     expression = operand [ ( "=" / "<>" / "<" / "<=" / ">" / ">=" ) operand ]
 *     operand    = attribute / text / number / "true" / "false" / "null" / call
 *     attribute  = "[" name "]"
 *     text       = DQUOTE *( <any character but DQUOTE and "\"> / "\" <any character> ) DQUOTE
 *     call       = name "(" [ part *( "," part ) ] ")"
 *     part       = [ expression ]                  ; nothing stands for no value: Switch([active], , "x", "y")
 */
import { type ComparisonOperator, comparisonOperators, type Expression, ExpressionError } from './expression.ts';
import { findFunction } from './functions.ts';

const longestText = 10_000;
const deepest = 30;

const token = /\s*(?:(\[[^[\]]+\])|("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(<>|<=|>=|[=<>(),]))/sy;

interface Token {
  kind: 'attribute' | 'text' | 'number' | 'name' | 'sign';
  text: string;
}

/** @throws ExpressionError saying what is wrong and where */
export function parseExpression(text: string): Expression {
  if (text.length > longestText) throw new ExpressionError(`An expression has at most ${longestText} characters.`);
  const tokens = tokensOf(text);
  let place = 0;

  const peek = () => tokens[place];
  const isSign = (sign: string) => peek()?.kind === 'sign' && peek()?.text === sign;
  const unexpected = () => new ExpressionError(`${peek()?.text ?? 'The end'} is not expected in: ${text}`);

  function readExpression(depth: number): Expression {
    if (depth > deepest) throw new ExpressionError(`An expression is nested at most ${deepest} deep.`);
    const left = readOperand(depth);
    const operator = comparisonOperators.find(isSign);
    if (operator === undefined) return left;
    place++;
    return { kind: 'comparison', operator: operator satisfies ComparisonOperator, left, right: readOperand(depth) };
  }

  function readOperand(depth: number): Expression {
    const found = peek();
    if (!found || found.kind === 'sign') throw unexpected();
    place++;
    switch (found.kind) {
      case 'attribute':
        return { kind: 'attribute', name: found.text.slice(1, -1).trim() };
      case 'text':
        return { kind: 'constant', value: found.text.slice(1, -1).replace(/\\(.)/gs, '$1') };
      case 'number':
        return { kind: 'constant', value: Number(found.text) };
      case 'name':
        return isSign('(') ? readCall(found.text, depth) : readWord(found.text);
    }
  }

  function readCall(name: string, depth: number): Expression {
    const definition = findFunction(name);
    if (!definition) throw new ExpressionError(`There is no function ${name}.`);
    place++;
    const parts: Expression[] = [];
    if (!isSign(')')) {
      do {
        const isEmpty = isSign(',') || isSign(')');
        parts.push(isEmpty ? { kind: 'constant', value: null } : readExpression(depth + 1));
      } while (isSign(',') && ++place);
    }
    if (!isSign(')')) throw unexpected();
    place++;
    const [least, most] = definition.takes;
    if (parts.length < least || parts.length > most) {
      throw new ExpressionError(`${name} takes ${least === most ? least : `${least} to ${most}`} values.`);
    }
    return { kind: 'call', name: definition.name, parts };
  }

  const whole = readExpression(0);
  if (place < tokens.length) throw unexpected();
  return whole;
}

const words: Readonly<Record<string, Expression>> = {
  true: { kind: 'constant', value: true },
  false: { kind: 'constant', value: false },
  null: { kind: 'constant', value: null },
};

function readWord(name: string): Expression {
  const word = words[name.toLowerCase()];
  if (!word) throw new ExpressionError(`${name} is neither a text in quotes nor an [attribute] nor a function.`);
  return word;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const kinds = ['attribute', 'text', 'number', 'name', 'sign'] as const;
  const end = text.trimEnd().length;
  for (token.lastIndex = 0; token.lastIndex < end; ) {
    const start = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw new ExpressionError(`${text.slice(start, start + 20)} cannot be read in: ${text}`);
    const kind = kinds.find((_, index) => match[index + 1] !== undefined) ?? 'sign';
    tokens.push({ kind, text: match[kinds.indexOf(kind) + 1] ?? '' });
  }
  return tokens;
}
