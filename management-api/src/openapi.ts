import { z } from 'zod';
import type { Access } from './access.ts';
import { type Operation, type Operations, parameterNames, type QueryOption } from './operation.ts';

/** JSON as it is written to a file. */
type Json = { [name: string]: unknown };

const queryOptions: Readonly<Record<QueryOption, { description: string; schema: Json }>> = {
  $select: { description: 'Properties to show, separated by commas.', schema: { type: 'string' } },
  $filter: { description: 'Which items to list.', schema: { type: 'string' } },
  $search: {
    description: 'Words to find, such as "displayName:ann"; needs the header ConsistencyLevel: eventual.',
    schema: { type: 'string' },
  },
  $orderby: { description: 'A property to sort by, and asc or desc.', schema: { type: 'string' } },
  $top: { description: 'Items on a page.', schema: { type: 'integer', minimum: 1, maximum: 999, default: 100 } },
  $count: { description: 'Whether to count all items that fit.', schema: { type: 'boolean', default: false } },
  $expand: { description: 'Related objects to show inside of each item.', schema: { type: 'string' } },
  $skiptoken: { description: 'Where to go on, from @odata.nextLink.', schema: { type: 'string' } },
  $deltatoken: { description: 'Where to go on, from @odata.deltaLink.', schema: { type: 'string' } },
};

const errorSchema = {
  type: 'object',
  properties: {
    error: {
      type: 'object',
      properties: { code: { type: 'string' }, message: { type: 'string' }, innerError: { type: 'object' } },
      required: ['code', 'message'],
    },
  },
  required: ['error'],
};

/** Describes the operations as an OpenAPI 3.1 document. https://spec.openapis.org/oas/v3.1 */
export function buildOpenApi(operations: Operations, version: string): Json {
  const schemas: Json = { Error: errorSchema };
  const paths: Record<string, Json> = {};
  for (const [name, operation] of Object.entries(operations)) {
    const { path, method } = operation;
    paths[path] = { ...paths[path], [method.toLowerCase()]: describe(name, operation, schemas) };
  }
  return {
    openapi: '3.1.1',
    info: { title: 'Countersign management API', version },
    servers: [{ url: '/v1.0' }],
    paths,
    components: {
      schemas,
      parameters: Object.fromEntries(
        Object.entries(queryOptions).map(([name, option]) => [name.slice(1), { name, in: 'query', ...option }]),
      ),
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

/** Describes one operation. Named schemas that it uses are added to `schemas`. */
function describe(name: string, operation: Operation, schemas: Json): Json {
  const { request, path, query = [], casts = [], access } = operation;
  return {
    operationId: name,
    summary: operation.summary,
    tags: [path.split('/')[1]],
    parameters: [
      ...parameterNames(path).map((parameter) => ({
        name: parameter,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      })),
      ...query.map((option) => ({ $ref: `#/components/parameters/${option.slice(1)}` })),
    ],
    ...(request && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(request, 'input', schemas) } } },
    }),
    responses: {
      [operation.status]: describeSuccess(operation, schemas),
      default: {
        description: 'What is wrong, in the shape of Microsoft Graph.',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
    security: access === 'anybody' ? [] : [{ bearer: [] }],
    'x-access': describeAccess(access),
    ...(casts.length > 0 && { 'x-narrowed-by-last-segment': casts }),
  };
}

function describeSuccess({ response, contentType }: Operation, schemas: Json): Json {
  const description = 'Success.';
  if (response)
    return { description, content: { 'application/json': { schema: schemaOf(response, 'output', schemas) } } };
  if (contentType) return { description, content: { [contentType]: { schema: { type: 'string' } } } };
  return { description };
}

function describeAccess(access: Access): Json {
  return typeof access === 'string' ? { who: access } : { ...access };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output', schemas: Json): Json {
  // Wrapped, since a named schema is only referred to where it is a part.
  const described = z.toJSONSchema(z.object({ wrapped: schema }), {
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // The pattern of times is long and says nothing that `date-time` does not say.
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
    },
  });
  const text = JSON.stringify({ defs: described.$defs ?? {}, wrapped: described.properties?.['wrapped'] });
  const { defs, wrapped } = JSON.parse(text.replaceAll('#/$defs/', '#/components/schemas/'));
  Object.assign(schemas, defs);
  return wrapped;
}
