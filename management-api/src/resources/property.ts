import { z } from 'zod';

// The property types that resources are made of. Null stands for "has no value", as in Microsoft Graph.
export const text = z.string().nullable();
export const flag = z.boolean().nullable();
export const dateTime = z.iso.datetime({ offset: true }).nullable();
export const texts = z.array(z.string());
export const guid = z.guid();

/** A property that a tenant declares itself. */
export const extensionPropertyName = /^extension_[0-9a-f]{32}_\w+$/i;

/**
 * The body with which a resource is created or changed: these properties and extension properties, nothing else. A
 * property that is unknown or read-only is refused by name.
 */
export function writable<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.looseObject(shape).superRefine((body, context) => {
    const unknown = Object.keys(body).filter((name) => !(name in shape) && !extensionPropertyName.test(name));
    if (unknown.length > 0) context.addIssue({ code: 'unrecognized_keys', keys: unknown, input: body });
  });
}

/** A resource as answers show it: `id` always, what else was selected. */
export interface Resource<Schema extends z.ZodObject = z.ZodObject> {
  /** Such as `microsoft.graph.user`. */
  type: string;
  schema: Schema;
  /** What is shown without $select. Default: everything. */
  byDefault?: readonly string[];
}

/** Declares a resource by its properties besides `id`. */
export function resource<Shape extends z.core.$ZodLooseShape>(
  type: string,
  shape: Shape,
  byDefault?: readonly (keyof Shape & string)[],
) {
  const annotations = { '@odata.context': z.string(), '@odata.type': z.string() };
  const schema = z
    .object({ ...annotations, ...shape })
    .partial()
    .extend({ id: z.string() })
    .meta({ id: type });
  return { type, schema, ...(byDefault && { byDefault: ['id', ...byDefault] }) } satisfies Resource;
}

/** A page of a collection. */
export function collection<Item extends z.ZodType>(item: Item) {
  return z.object({
    '@odata.context': z.string().optional(),
    '@odata.count': z.int().optional(),
    '@odata.nextLink': z.url().optional(),
    '@odata.deltaLink': z.url().optional(),
    value: z.array(item),
  });
}

/** A value that is no resource, as actions answer it. */
export function actionResult<Value extends z.ZodType>(value: Value) {
  return z.object({ '@odata.context': z.string().optional(), value });
}

/** The reference to an object by its address, as `$ref` requests carry it. */
export const reference = z.strictObject({ '@odata.id': z.string() });
