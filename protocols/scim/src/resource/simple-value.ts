/** Values of the types that have no parts (RFC 7643 2.3). */
import { parseDateTime } from '../date-time.ts';
import { accepts, type Dialect } from '../dialect.ts';
import type { JsonValue } from '../json.ts';
import { booleanOfText } from '../read-boolean.ts';
import type { AttributeType } from '../schema.ts';

type SimpleType = Exclude<AttributeType, 'complex'>;

/** The value as one of that type; undefined if it is none. */
export function readSimple(type: SimpleType, value: JsonValue, dialect: Dialect): JsonValue | undefined {
  return readers[type](value, dialect);
}

// RFC 7643 2.3.6: base64 or base64url as in RFC 4648.
const base64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

type Reader = (value: JsonValue, dialect: Dialect) => JsonValue | undefined;

const readText: Reader = (value) => (typeof value === 'string' ? value : undefined);

const readers: Record<SimpleType, Reader> = {
  string: readText,
  reference: readText,
  boolean: (value, dialect) => {
    const boolean = accepts(dialect, 'string-booleans') ? booleanOfText(value) : value;
    return typeof boolean === 'boolean' ? boolean : undefined;
  },
  decimal: (value) => (Number.isFinite(value) ? value : undefined),
  integer: (value) => (Number.isSafeInteger(value) ? value : undefined),
  dateTime: (value) => (typeof value === 'string' && parseDateTime(value) !== undefined ? value : undefined),
  binary: (value) => (typeof value === 'string' && base64.test(value) ? value : undefined),
};
