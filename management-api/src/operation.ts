import type { z } from 'zod';
import type { Access } from './access.ts';

/** OData query options that an operation may take, as Microsoft Graph has them. */
export type QueryOption =
  | '$select'
  | '$filter'
  | '$search'
  | '$orderby'
  | '$top'
  | '$count'
  | '$expand'
  | '$skiptoken'
  | '$deltatoken';

/** The kinds of directory objects to which a collection of mixed kinds can be narrowed, as last segment of the path. */
export type Cast = `microsoft.graph.${'user' | 'group' | 'application' | 'servicePrincipal'}`;

/** One operation of the management API. Its name is its key in the table of operations. */
export interface Operation {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below `/v1.0`, in Microsoft Graph's spelling, with parameters in braces. */
  path: string;
  summary: string;
  /** Who may call it. */
  access: Access;
  query?: readonly QueryOption[];
  casts?: readonly Cast[];
  /** Body of the request. Absent: none is read. */
  request?: z.ZodType;
  /** Body of the answer. Absent: the answer has none, or none in JSON. */
  response?: z.ZodType;
  /** Status of success. */
  status: 200 | 201 | 202 | 204;
  /** Default: JSON when there is a response. */
  contentType?: 'text/plain' | 'application/x-ndjson' | 'text/event-stream';
}

export type Operations = Readonly<Record<string, Operation>>;

/** Names of the parameters in a path: `'id' | 'memberId'` for `/groups/{id}/members/{memberId}/$ref`. */
export type ParameterName<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterName<Rest>
  : never;

/** The parameters of an operation's path, by name. */
export type Parameters<Op extends Operation> = Readonly<Record<ParameterName<Op['path']>, string>>;

/** The body that a caller of the operation writes. */
export type RequestOf<Op extends Operation> = Op extends { request: infer Schema extends z.ZodType }
  ? z.input<Schema>
  : undefined;

/** The body that the server reads, with defaults filled in. */
export type ParsedRequestOf<Op extends Operation> = Op extends { request: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : undefined;

/** The body of the answer to the operation. */
export type ResponseOf<Op extends Operation> = Op extends { response: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : Op extends { contentType: 'text/plain' }
    ? string
    : Op extends { contentType: 'text/event-stream' }
      ? AsyncGenerator<StreamedEvent, void>
      : undefined;

/** One server-sent event: its id, after which a stream can be resumed, and its data. */
export interface StreamedEvent {
  id: string;
  data: string;
}

/** Names of the parameters of a path, in their order. */
export function parameterNames(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}
