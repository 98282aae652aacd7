import { evaluateExpression, type SourceValues } from './expression/evaluate-expression.ts';
import type { ExpressionValue } from './expression/expression.ts';
import { isBlank } from './expression/functions.ts';
import { parseExpression } from './expression/parse-expression.ts';
import { type AttributeMapping, membersAttribute, type ObjectMapping } from './mapping.ts';
import type { MappedValue } from './target.ts';

/** What an object should be in the target. */
export interface MappedObject {
  /** What is sent each time. */
  readonly values: readonly MappedValue[];
  /** What is sent besides when the object is made. */
  readonly onCreate: readonly MappedValue[];
  /** By which it is found, in this order; without those that have no value. */
  readonly matching: readonly { target: string; value: string }[];
}

/** Maps every attribute but the members of groups. @throws ExpressionError naming the attribute that cannot be mapped */
export function mapObject(mapping: ObjectMapping, source: SourceValues): MappedObject {
  const mapped = mapping.attributes
    .filter(({ target }) => target !== membersAttribute)
    .map((attribute) => ({ attribute, target: attribute.target, value: mappedValue(attribute, source) }));
  const applied = (apply: AttributeMapping['apply']) =>
    mapped.filter(({ attribute }) => attribute.apply === apply).map(({ target, value }) => ({ target, value }));
  const matching = mapped
    .filter(({ attribute, value }) => attribute.matchingPriority !== undefined && !isBlank(value))
    .sort((a, b) => (a.attribute.matchingPriority ?? 0) - (b.attribute.matchingPriority ?? 0))
    .map(({ target, value }) => ({ target, value: String(value) }));
  return { values: applied('always'), onCreate: applied('onCreate').filter(({ value }) => value !== null), matching };
}

function mappedValue({ source: text, defaultValue }: AttributeMapping, source: SourceValues): ExpressionValue {
  const value = evaluateExpression(expressionOf(text), source);
  if (!isBlank(value)) return value;
  return defaultValue === undefined || defaultValue === '' ? null : defaultValue;
}

const parsed = new Map<string, ReturnType<typeof parseExpression>>();
/** Mappings of all jobs together have few expressions. */
const mostParsed = 2000;

/** The expression, read once. @throws ExpressionError */
export function expressionOf(text: string): ReturnType<typeof parseExpression> {
  const known = parsed.get(text);
  if (known) return known;
  if (parsed.size >= mostParsed) parsed.clear();
  const expression = parseExpression(text);
  parsed.set(text, expression);
  return expression;
}
