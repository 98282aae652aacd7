/** Shapes that many attributes share: complex ones, and lists of values with `type` and `primary` (RFC 7643 2.3.8, 2.4). */
import { type AttributeDefinition, type Characteristics, defineAttribute } from '../schema.ts';

/** A complex attribute with its parts. */
export function complexAttribute(
  name: string,
  description: string,
  subAttributes: readonly AttributeDefinition[],
  characteristics: Characteristics = {},
): AttributeDefinition {
  return defineAttribute(name, description, { type: 'complex', subAttributes, ...characteristics });
}

/** A multi-valued attribute with the usual parts `value`, `display`, `type` and `primary` (RFC 7643 2.4). */
export function multiValuedAttribute(
  name: string,
  description: string,
  types: readonly string[],
  value: Characteristics = {},
): AttributeDefinition {
  const subAttributes = [
    defineAttribute('value', 'The value itself', value),
    defineAttribute('display', 'Name of the value for people'),
    ...typeAndPrimary(types),
  ];
  return complexAttribute(name, description, subAttributes, { multiValued: true });
}

/** `type` and `primary` of a multi-valued attribute (RFC 7643 2.4). */
export function typeAndPrimary(types: readonly string[]): AttributeDefinition[] {
  return [
    defineAttribute('type', 'What the value is used for', { canonicalValues: types }),
    defineAttribute('primary', 'Whether this is the preferred value; true for at most one', { type: 'boolean' }),
  ];
}
