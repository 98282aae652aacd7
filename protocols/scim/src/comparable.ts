/** Values in a form in which `===` and `<` compare them as their attribute says (RFC 7643 2.2 and 2.3). */
import { parseDateTime } from './date-time.ts';
import type { JsonValue } from './json.ts';
import type { AttributeDefinition } from './schema.ts';

/** Normalizing is slow, and does nothing to most texts. */
const isAscii = /^[\0-\x7f]*$/;

export type Comparable = string | number | boolean;

/**
 * The form in which two texts are equal whose capitals do not count. Whoever keeps or indexes values for comparison uses
 * the same.
 */
export function foldCase(text: string): string {
  return (isAscii.test(text) ? text : text.normalize('NFC')).toLowerCase();
}

/** Undefined for what cannot be compared: no value, a complex value, a text that should be a dateTime. */
export function comparableOf(attribute: AttributeDefinition, value: JsonValue | undefined): Comparable | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  if (attribute.type === 'dateTime') return parseDateTime(value);
  return attribute.caseExact ? value : foldCase(value);
}
