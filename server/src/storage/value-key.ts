import { createHash } from 'node:crypto';
import { type AttributeDefinition, type AttributeValue, fold } from '../directory/index.ts';

/**
 * Longest key, in UTF-16 code units: at most 900 bytes of UTF-8, so that a row of an index stays below the 2704 bytes that
 * PostgreSQL allows.
 */
const longestKey = 300;
/** How much of a longer text stands in its key, before the digest that tells it from others with the same beginning. */
export const exactLength = 250;

/**
 * The text by which a value is found and sorted: the byte order of keys is the order of values. Texts of more than 250
 * characters are found exactly, but sorted and matched in part by their first 250 only.
 */
export function valueKey(definition: Pick<AttributeDefinition, 'type' | 'caseExact'>, value: AttributeValue): string {
  if (typeof value === 'number') return numberKey(value);
  if (typeof value !== 'string') return JSON.stringify(value);
  return textKey(value, definition.caseExact === true || definition.type === 'binary');
}

/** The key of a text, folded unless its case matters. */
export function textKey(text: string, caseExact = false): string {
  const compared = caseExact ? text : fold(text);
  if (compared.length <= longestKey) return compared;
  const digest = createHash('sha256').update(compared).digest('base64url');
  return `${start(compared)}…${digest}`;
}

/** The key of the reversed text, in which an ending is a beginning. */
export function reversedKey(text: string, caseExact = false): string {
  return textKey([...(caseExact ? text : fold(text))].reverse().join(''), true);
}

/** The first characters, not ending in half of one. */
function start(text: string): string {
  return text.slice(0, exactLength).replace(/[\ud800-\udbff]$/, '');
}

/** IEEE 754 bits with the sign turned, so that they compare as unsigned numbers, in 16 hexadecimal digits. */
function numberKey(value: number): string {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value === 0 ? 0 : value);
  const unsigned = bits.getBigUint64(0);
  const ordered = unsigned >> 63n === 1n ? ~unsigned & 0xffff_ffff_ffff_ffffn : unsigned | (1n << 63n);
  return ordered.toString(16).padStart(16, '0');
}
