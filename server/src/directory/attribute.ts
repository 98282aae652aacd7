/** Values as documents keep them. Times are ISO 8601 text in UTC, bytes are base64 text. */
export type AttributeValue = string | number | boolean | null | AttributeValue[] | { [name: string]: AttributeValue };

export type Attributes = Readonly<Record<string, AttributeValue>>;

/** A change of attributes: null takes an attribute away, those that are not named stay as they are. */
export type AttributeChange = Readonly<Record<string, AttributeValue | undefined>>;

export type AttributeType = 'string' | 'boolean' | 'integer' | 'dateTime' | 'binary' | 'complex';

/** What the directory knows of one attribute of a kind of object. */
export interface AttributeDefinition {
  type: AttributeType;
  isMultiValued?: boolean;
  /** An object cannot be without it. */
  isRequired?: boolean;
  /** Text is compared character by character. Default: case and compatible forms of characters do not matter. */
  caseExact?: boolean;
  /**
   * How it can be searched. `value`: by equality, order and prefix. `suffix`: by the end of the text as well. Absent: not
   * at all.
   */
  index?: 'value' | 'suffix';
  /** Members of a complex value. They are searched by `<attribute>/<member>`. Absent: any JSON. */
  members?: Readonly<Record<string, AttributeDefinition>>;
  /** The texts by which a complex value is searched, when that is not done by its members. */
  searchTexts?: (value: AttributeValue) => string[];
  /** Set of names in which its values must be unique within the tenant. */
  unique?: string;
  /** The names that a complex value takes in the set `unique`, already folded as they are to be compared. */
  uniqueNames?: (value: AttributeValue) => string[];
  /** Longest text, in characters. Default 1024; of `binary`, in characters of base64. */
  longest?: number;
  /** Most values of a multi-valued attribute. Default 1000. */
  most?: number;
  /** The only texts allowed. They are recognised without regard to case and kept as they stand here. */
  allowed?: readonly string[];
  /** Says what is wrong with a value that has the right type: `is not ...`. */
  check?: (value: AttributeValue) => string | undefined;
}

/** Something to search by that follows from the attributes. */
export interface DerivedDefinition extends AttributeDefinition {
  of: (attributes: Attributes) => AttributeValue | undefined;
}

/** A kind of directory object: what it is called and which attributes it has. */
export interface ObjectKindDefinition {
  kind: ObjectKind;
  attributes: Readonly<Record<string, AttributeDefinition>>;
  /** What it is searched by besides: derived from the attributes and never written. */
  derived?: Readonly<Record<string, DerivedDefinition>>;
  /** The attribute by which people know such an object; it stands in audit events. */
  nameAttribute: string;
}

export type ObjectKind = 'user' | 'group' | 'application' | 'servicePrincipal';

/** An object of the directory. Absent attributes are absent from `attributes`, never null or undefined. */
export interface DirectoryObject {
  id: string;
  kind: ObjectKind;
  attributes: Attributes;
  createdAt: Date;
  modifiedAt: Date;
  /** When it was put into the deleted items, from where it can be restored for 30 days. */
  deletedAt: Date | null;
  /** Grows with every change. */
  version: number;
}

/** Attributes that tenants declare themselves are named `extension_<appId without dashes>_<name>`. */
export const extensionPrefix = 'extension_';
