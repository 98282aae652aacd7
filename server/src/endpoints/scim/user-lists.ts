/**
 * E-mail addresses, telephone numbers and postal addresses: SCIM has lists with types, the directory single attributes
 * besides. What a client sends is kept as it is, and its values are written to those attributes, too; where only these are
 * there, since somebody else wrote the user, the lists are made of them.
 */
import type { JsonObject, JsonValue } from '@countersign/scim';
import type { AttributeChange, Attributes, AttributeValue } from '../../directory/index.ts';
import { isTree, withoutValueless } from './user-attributes.ts';

interface TypedList {
  /** The single attributes that hold the values. */
  write(items: readonly JsonObject[]): AttributeChange;
  /** The list that they amount to. */
  read(attributes: Attributes): JsonObject[];
}

/** Members of an address, as the directory calls them. */
const addressMembers = [
  ['streetAddress', 'streetAddress'],
  ['locality', 'city'],
  ['region', 'state'],
  ['postalCode', 'postalCode'],
  ['country', 'country'],
] as const;

const typedLists: Readonly<Record<string, TypedList>> = {
  emails: {
    write(items) {
      const main = preferred(items, 'work');
      const others = items.filter((item) => item !== main).flatMap(({ value }) => value ?? []);
      return { mail: main?.['value'] ?? null, otherMails: others };
    },
    read: ({ mail, otherMails }) => [
      ...textsOf(mail).map((value) => ({ value, type: 'work', primary: true })),
      ...textsOf(otherMails).map((value) => ({ value, type: 'other' })),
    ],
  },
  phoneNumbers: {
    write(items) {
      const mobile = items.find(({ type }) => type === 'mobile');
      const fax = items.find(({ type }) => type === 'fax');
      const others = items.filter((item) => item !== mobile && item !== fax).flatMap(({ value }) => value ?? []);
      return { mobilePhone: mobile?.['value'] ?? null, faxNumber: fax?.['value'] ?? null, businessPhones: others };
    },
    read: ({ businessPhones, mobilePhone, faxNumber }) => [
      ...textsOf(businessPhones).map((value) => ({ value, type: 'work' })),
      ...textsOf(mobilePhone).map((value) => ({ value, type: 'mobile' })),
      ...textsOf(faxNumber).map((value) => ({ value, type: 'fax' })),
    ],
  },
  addresses: {
    write(items) {
      const main = preferred(items, 'work');
      return Object.fromEntries(addressMembers.map(([member, attribute]) => [attribute, main?.[member] ?? null]));
    },
    read(attributes) {
      const members = addressMembers.flatMap(([member, attribute]) =>
        textsOf(attributes[attribute]).map((value) => [member, value] as const),
      );
      return members.length === 0 ? [] : [{ ...Object.fromEntries(members), type: 'work' }];
    },
  },
};

/** The lists of a user, as members of a resource. */
export function readTypedLists(attributes: Attributes): JsonObject {
  return Object.fromEntries(
    Object.entries(typedLists).flatMap(([name, list]) => {
      const items = attributes[name] ?? list.read(attributes);
      return Array.isArray(items) && items.length > 0 ? [[name, items] as const] : [];
    }),
  );
}

/** The change that makes the user have the lists of the resource. Those that say what the user has anyway stay as they are. */
export function writeTypedLists(before: Attributes, resource: JsonObject): AttributeChange {
  const present = readTypedLists(before);
  return Object.assign(
    {},
    ...Object.entries(typedLists).map(([name, list]): AttributeChange => {
      if (JSON.stringify(resource[name]) === JSON.stringify(present[name])) return {};
      const items = itemsOf(name, resource[name]);
      return { ...list.write(items), [name]: [...items] };
    }),
  );
}

function itemsOf(name: string, value: JsonValue | undefined): JsonObject[] {
  const items = value === undefined ? [] : name === 'addresses' ? value : withoutValueless(value);
  return Array.isArray(items) ? items.filter(isTree) : [];
}

/** The value that counts where only one can: the primary one, else the first of the type, else the first. */
function preferred(items: readonly JsonObject[], type: string): JsonObject | undefined {
  return items.find(({ primary }) => primary === true) ?? items.find((item) => item['type'] === type) ?? items[0];
}

function textsOf(value: AttributeValue | undefined): string[] {
  return (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string');
}
