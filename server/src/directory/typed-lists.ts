import type { AttributeChange, AttributeDefinition, Attributes } from './attribute.ts';

/** A text with its type, and whether it is the preferred one (RFC 7643 2.4). */
function list(value: AttributeDefinition): AttributeDefinition {
  const text: AttributeDefinition = { type: 'string', longest: 256 };
  return {
    type: 'complex',
    isMultiValued: true,
    most: 500,
    members: { value: { ...value, isRequired: true }, display: text, type: text, primary: { type: 'boolean' } },
  };
}

const text: AttributeDefinition = { type: 'string' };
const found: AttributeDefinition = { type: 'string', longest: 1024, index: 'value' };

/**
 * Lists of values with types, as SCIM's User has them (RFC 7643 4.1.2). Those of `sources` say more about values that
 * stand in attributes of their own as well.
 */
export const typedLists = {
  emails: list({ type: 'string', longest: 320 }),
  phoneNumbers: list({ type: 'string', longest: 64 }),
  addresses: {
    type: 'complex',
    isMultiValued: true,
    most: 500,
    members: {
      formatted: text,
      streetAddress: text,
      locality: text,
      region: text,
      postalCode: text,
      country: text,
      type: text,
      primary: { type: 'boolean' },
    },
  },
  ims: list(text),
  photos: list({ type: 'string', longest: 2048 }),
  entitlements: list(found),
  roles: list(found),
  x509Certificates: list({ type: 'string', longest: 16_384 }),
} as const satisfies Record<string, AttributeDefinition>;

/** The attributes that hold the values of a list, too. */
const sources: Readonly<Record<string, readonly string[]>> = {
  emails: ['mail', 'otherMails'],
  phoneNumbers: ['businessPhones', 'mobilePhone', 'faxNumber'],
  addresses: ['streetAddress', 'city', 'state', 'postalCode', 'country'],
};

/**
 * The change without lists that would contradict it: whoever sets `mail` does not know of `emails`, so that list goes and
 * `mail` alone counts.
 */
export function withoutStaleLists(change: AttributeChange, before: Attributes): AttributeChange {
  const isChanged = (name: string) =>
    change[name] !== undefined && JSON.stringify(change[name]) !== JSON.stringify(before[name] ?? null);
  const stale = Object.entries(sources)
    .filter(([name, attributes]) => before[name] !== undefined && !(name in change) && attributes.some(isChanged))
    .map(([name]) => [name, null] as const);
  return stale.length === 0 ? change : { ...change, ...Object.fromEntries(stale) };
}
