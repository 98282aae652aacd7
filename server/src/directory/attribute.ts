/** Values as documents keep them. Times are ISO 8601 text in UTC, bytes are base64 text. */
export type AttributeValue = string | number | boolean | null | AttributeValue[] | { [name: string]: AttributeValue };

export type Attributes = Readonly<Record<string, AttributeValue>>;

export type AttributeType = 'string' | 'boolean' | 'integer' | 'dateTime' | 'binary' | 'complex';

/** What the directory knows of one attribute of a kind of object. */
export interface AttributeDefinition {
  type: AttributeType;
  isMultiValued?: boolean;
  /**
   * How it can be searched. `value`: by equality, order and prefix. `suffix`: by the end of the text as well. Absent: not
   * at all.
   */
  index?: 'value' | 'suffix';
  /** For complex values: the text by which one of them is found. Default: attributes of type complex are not indexed. */
  indexed?: (value: AttributeValue) => string[];
  /** Name of the set of names in which it must be unique within the tenant. */
  unique?: string;
  /** Longest text, in characters. Default 1024. */
  longest?: number;
}

/** A kind of directory object: what it is called and which attributes it has. */
export interface ObjectKindDefinition {
  kind: ObjectKind;
  attributes: Readonly<Record<string, AttributeDefinition>>;
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
