import { checkPart, readPart } from './claim.ts';
import { type CompiledExpression, itemAt } from './compiled-expression.ts';
import { finding, locate, RuleError } from './errors.ts';
import { getFunction } from './functions.ts';
import type { CompilePattern } from './regular-expression.ts';
import type { Expression, Position } from './syntax-tree.ts';

/** What may be used at a place of a rule: the variables, with the place of the condition that binds each. */
export class Scope {
  readonly compilePattern: CompilePattern;
  private readonly places = new Map<string, number>();

  constructor(compilePattern: CompilePattern) {
    this.compilePattern = compilePattern;
  }

  /** Throws `claims.duplicate_variable`. */
  bind(variable: string, place: number, at: Position): void {
    const name = variable.toLowerCase();
    if (this.places.has(name)) {
      throw new RuleError(finding('claims.duplicate_variable', `Two conditions bind the variable ${variable}.`, at));
    }
    this.places.set(name, place);
  }

  /** Throws `claims.unknown_variable`. */
  get(variable: string, at: Position): number {
    const place = this.places.get(variable.toLowerCase());
    if (place !== undefined) return place;
    throw new RuleError(finding('claims.unknown_variable', `No condition before this binds ${variable}.`, at));
  }
}

/** Compiles an expression. Throws `RuleError` with the place of what cannot be compiled. */
export function compileExpression(expression: Expression, scope: Scope): CompiledExpression {
  const { at } = expression;
  switch (expression.kind) {
    case 'text':
      return constantText(expression.text);
    case 'property': {
      const { property, variable } = expression;
      const place = scope.get(variable, at);
      return { read: ({ bound }) => readPart(itemAt(bound, place).claim, property) };
    }
    case 'call': {
      const known = locate(at, () => getFunction(expression.name));
      const given = expression.parameters.map((parameter) => compileExpression(parameter, scope));
      if (given.length !== known.parameters.length) {
        const signature = `${known.name}(${known.parameters.join(', ')})`;
        throw new RuleError(finding('claims.argument_count', `${signature} is called with ${given.length}.`, at));
      }
      return { read: locate(at, () => known.compile(given, scope.compilePattern)) };
    }
    case 'join': {
      const parts = expression.parts.map((part) => compileExpression(part, scope));
      const constants = parts.map(({ constant }) => constant);
      if (constants.every((constant) => constant !== undefined)) return constantText(constants.join(''));
      return { read: (context) => parts.reduce((text, part) => checkPart(text + part.read(context)), '') };
    }
  }
}

function constantText(text: string): CompiledExpression {
  return { constant: text, read: () => text };
}
