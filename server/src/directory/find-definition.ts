import { type AttributeDefinition, extensionPrefix, type ObjectKindDefinition } from './attribute.ts';

const ownTime: AttributeDefinition = { type: 'dateTime', index: 'value', isRequired: true };

/** What every object has besides its attributes, and can be searched by. */
const ownDefinitions: Readonly<Record<string, AttributeDefinition>> = {
  id: { type: 'string', index: 'value', isRequired: true },
  createdAt: ownTime,
  modifiedAt: ownTime,
};

/**
 * The definition of an attribute, of a member of a complex one (`attribute/member`), of what is derived from attributes,
 * or of what every object has: `id`, `createdAt`, `modifiedAt`. Undefined when the kind has none of that name.
 *
 * @param extension  answers for the names of attributes that tenants declare themselves
 */
export function findDefinition(
  kind: ObjectKindDefinition,
  path: string,
  extension: (name: string) => AttributeDefinition | undefined,
): AttributeDefinition | undefined {
  const own = member(ownDefinitions, path) ?? member(kind.derived, path);
  if (own) return own;
  const [name = '', ...names] = path.split('/');
  const attribute = name.startsWith(extensionPrefix) ? extension(name) : member(kind.attributes, name);
  return names.reduce((outer, inner) => member(outer?.members, inner), attribute);
}

/** What the record itself has under the name, and not its prototype. */
export function member<Value>(record: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return record && Object.hasOwn(record, name) ? record[name] : undefined;
}
