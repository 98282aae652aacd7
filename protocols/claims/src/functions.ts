import type { CompiledExpression, ReadText } from './compiled-expression.ts';
import { finding, RuleError } from './errors.ts';
import type { CompilePattern } from './regular-expression.ts';

/** A function of the rule language. */
export interface RuleFunction {
  readonly name: string;
  /** Names of the parameters, in order. */
  readonly parameters: readonly string[];
  /** Compiles a call with one expression for each of `parameters`. Throws `RuleError`. */
  compile(expressions: readonly CompiledExpression[], compilePattern: CompilePattern): ReadText;
}

function define<Parameter extends string>(
  name: string,
  parameters: readonly Parameter[],
  compile: (by: Readonly<Record<Parameter, CompiledExpression>>, compilePattern: CompilePattern) => ReadText,
): RuleFunction {
  type ByParameter = Record<Parameter, CompiledExpression>;
  const byParameter = (expressions: readonly CompiledExpression[]) =>
    Object.fromEntries(parameters.map((parameter, place) => [parameter, expressions[place]])) as ByParameter;
  return {
    name,
    parameters,
    compile: (expressions, compilePattern) => compile(byParameter(expressions), compilePattern),
  };
}

const functions: readonly RuleFunction[] = [
  define('RegExReplace', ['value', 'pattern', 'replacement'], ({ value, pattern, replacement }, compilePattern) => {
    const compiled = compilePattern(requirePattern(pattern));
    return (context) => compiled.replaceIn(value.read(context), replacement.read(context), context.spend);
  }),
  // Not in AD FS, where changing the case takes an attribute store of one's own.
  define(
    'ToLower',
    ['value'],
    ({ value }) =>
      (context) =>
        value.read(context).toLowerCase(),
  ),
  define(
    'ToUpper',
    ['value'],
    ({ value }) =>
      (context) =>
        value.read(context).toUpperCase(),
  ),
];

const byName = new Map(functions.map((known) => [known.name.toLowerCase(), known]));

/** The function of a name, written in any case. Throws `claims.unknown_function`. */
export function getFunction(name: string): RuleFunction {
  const known = byName.get(name.toLowerCase());
  if (known) return known;
  const advice = `The functions are ${functions.map((each) => `${each.name}(${each.parameters.join(', ')})`).join(', ')}.`;
  throw new RuleError(finding('claims.unknown_function', `There is no function ${name}.`, undefined, advice));
}

/** The regular expression that an expression stands for. Throws `claims.pattern_not_constant`. */
export function requirePattern({ constant }: CompiledExpression): string {
  if (constant !== undefined) return constant;
  throw new RuleError(finding('claims.pattern_not_constant', 'This regular expression depends on a claim.'));
}
