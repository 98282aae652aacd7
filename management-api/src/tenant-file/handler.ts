import type { Client } from '../client.ts';
import type { Item } from './item.ts';
import type { Names } from './names.ts';
import type { FieldChange } from './plan.ts';

/** The tenant in the hub that a file is compared with and applied to. */
export interface Hub {
  tenantName: string;
  /** Acts in the tenant. */
  client: Client;
  /** Acts in the hub's own tenant, where tenants are administered. */
  hubClient: Client;
  names: Names;
  /** Ids of relations that have one of their own, by the item's id. */
  relationIds: Map<string, string>;
  /** Roles of service principals, by the object id. */
  appRoles: Map<string, { id: string; value: string }[]>;
  /** Address of the management API, for references to objects. */
  baseUrl: string;
}

/** How one kind of item is read from the hub and brought into it. */
export interface Handler {
  /** The present items, in any order. Objects also tell their names, so that relations can be read after them. */
  read(hub: Hub): AsyncIterable<Item>;
  create(hub: Hub, item: Item): Promise<void>;
  /** Absent for relations, which are only there or not. */
  update?(hub: Hub, item: Item, changes: readonly FieldChange[]): Promise<void>;
  remove(hub: Hub, item: Item): Promise<void>;
}

/** The fields of an object that a file may set: what has no value is left out, also inside of values. */
export function pick(object: object, fields: readonly string[]): Record<string, unknown> {
  const values = fields.map((field) => [field, withoutEmpty(Reflect.get(object, field))] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function withoutEmpty(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(withoutEmpty);
  if (typeof value !== 'object') return value;
  const entries = Object.entries(value)
    .map(([name, content]) => [name, withoutEmpty(content)] as const)
    .filter(([, content]) => content !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** The body of a reference to a directory object. */
export function referenceTo({ baseUrl }: Hub, id: string): { '@odata.id': string } {
  return { '@odata.id': `${baseUrl}/directoryObjects/${id}` };
}
