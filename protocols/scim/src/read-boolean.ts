/** Booleans of clients that send them as texts. */
import type { JsonValue } from './json.ts';

const booleans: Record<string, boolean> = { true: true, false: false };

/** Interop: Entra sends "True" and "False". Whatever is not such a text comes back as it is. */
export function booleanOfText(value: JsonValue): JsonValue {
  return (typeof value === 'string' ? booleans[value.toLowerCase()] : undefined) ?? value;
}
