/**
 * How an endpoint differs from the RFCs, as data: the habits of clients that it puts up with, and the limits that it sets.
 * A dialect is chosen per token. `presets.ts` has the named ones.
 */
import type { FilterLimits } from './filter/filter.ts';

/** What clients do that the RFCs do not allow. A dialect lists those it accepts; whatever it does not list is refused. */
export const habits = {
  'unquoted-filter-values': "Interop: Microsoft's SCIM validator filters by `name.familyName eq Employee`.",
  'sub-attribute-after-brackets': 'Interop: Entra filters by `emails[type eq "work"].value eq "a@example.com"`.',
  'unqualified-extension-attributes':
    'Interop: IAM Identity Center\'s clients filter by `manager eq "id"`, without the URN.',
  'string-booleans': 'Interop: Entra sends `active` as "True" or "False".',
  'bare-values':
    'Interop: Entra sends a manager, and others a member, as the identifier alone: "id" for {"value": "id"}.',
  'wrapped-values': 'Interop: Entra sends a single value as [{"value": "x"}].',
  'single-for-list': 'Interop: some clients send one object where a list is expected.',
  'operation-capitals': 'Interop: Entra sends the PATCH operations "Add", "Replace" and "Remove".',
  'paths-as-keys': 'Interop: Entra sends {"name.givenName": "x"} in a PATCH operation without a path.',
  'remove-by-value': 'Interop: Entra removes members by path `members` and a value that lists them.',
  'add-creates-value':
    'Interop: Entra adds or replaces `emails[type eq "work"].value` where no such value is, and expects it to be made.',
  'remove-nothing': 'Interop: many clients remove again what they have removed already.',
  'read-only-in-patch': 'Interop: Entra sends `id` along with the changes of a PATCH operation without a path.',
  'missing-schemas': "Interop: Microsoft's collection, and many scripts, send bodies without `schemas`.",
  'unknown-attributes':
    'Interop: clients send attributes that the endpoint does not have; in a body or value they are ignored.',
} as const;

export type Habit = keyof typeof habits;

export interface Dialect {
  readonly name: string;
  readonly accepts: readonly Habit[];
  readonly filterLimits: FilterLimits;
  /** Operations of one PATCH request; an operation on several attributes counts as several. */
  readonly maxPatchChanges: number;
  /** Values of one multi-valued attribute; references to resources, such as the members of a group, are not limited. */
  readonly maxValues: number;
  readonly pages: {
    readonly defaultSize: number;
    readonly maxSize: number;
    /** Query parameters that are read by nobody, as if they were not there. */
    readonly ignores: readonly ('startIndex' | 'sortBy' | 'attributes' | 'excludedAttributes')[];
    /** Whether a page by cursor says how many resources there are; RFC 9865 2 leaves it open. */
    readonly countsBehindCursor: boolean;
  };
  readonly supports: {
    readonly bulk: boolean;
    readonly search: boolean;
    readonly me: boolean;
    readonly sort: boolean;
    readonly etag: boolean;
    readonly changePassword: boolean;
  };
  /** Resource types whose successful PATCH is answered by 204 without a body; the others by 200 and the resource. */
  readonly noContentAfterPatch: readonly string[];
  /** Limits per resource type, by its name. */
  readonly restrictions: Readonly<Record<string, Restrictions>>;
}

/** What an endpoint does not offer of a resource type. Attributes are full paths: `name.givenName`, URNs in front. */
export interface Restrictions {
  /** The only filters: each a set of attributes that are compared by `eq` and joined by `and`. */
  readonly filters?: readonly (readonly string[])[];
  /** Must have a value, besides what the schema requires. */
  readonly required?: readonly string[];
  /** Are refused wherever a client sends them. */
  readonly unsupported?: readonly string[];
  /** Multi-valued attributes that hold at most one value. */
  readonly single?: readonly string[];
  /** Multi-valued attributes each of whose values must be primary. */
  readonly primary?: readonly string[];
  /** Attributes that are always answered as an empty list. */
  readonly answeredEmpty?: readonly string[];
  readonly patch?: PatchRestrictions;
  /** Members that one request may set, add and remove together. */
  readonly maxMemberChanges?: number;
}

export interface PatchRestrictions {
  /** The only attributes that PATCH may change; an extension as a whole by its URN. */
  readonly modifiable: readonly string[];
  /** Attributes that PATCH cannot remove as a whole. */
  readonly notRemovable: readonly string[];
  /** Multi-valued attributes of which PATCH only adds and removes single values. */
  readonly notReplaceable: readonly string[];
  /** Attributes that only one operation of a request may change. */
  readonly once: readonly string[];
  /** Whether an operation without a path may change more than one attribute. */
  readonly severalWithoutPath: boolean;
}

/** Whether a dialect puts up with a habit. */
export function accepts(dialect: Dialect, habit: Habit): boolean {
  return dialect.accepts.includes(habit);
}
