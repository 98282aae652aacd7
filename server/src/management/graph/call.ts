import type { Operation, Operations, Parameters, ParsedRequestOf } from '@countersign/management-api';
import type { ApplicationStores } from '../../applications/index.ts';
import type { Act, AuditStore } from '../../audit/index.ts';
import type { DirectoryStores, ObjectKind } from '../../directory/index.ts';
import type { Caller } from './check-access.ts';
import type { Continuation } from './odata/continuation.ts';
import type { QueryOptions } from './odata/query-options.ts';

/** The stores that handlers use. */
export interface ManagementStores extends DirectoryStores, ApplicationStores {
  audit: AuditStore;
}

/** The database as handlers see it: committed state to read, and transactions to write. */
export interface ManagementStorage {
  readonly read: ManagementStores;
  write<Result>(work: (stores: ManagementStores) => Promise<Result>): Promise<Result>;
}

/** One call of an operation: who, where, with what. Everything in it is checked against the operation's declaration. */
export interface Call<Op extends Operation = Operation> {
  readonly operation: string;
  readonly caller: Caller;
  /** Tenant, actor, time and ids for whatever is done by this call. */
  readonly act: Act;
  readonly tenantId: string;
  readonly parameters: Parameters<Op>;
  readonly query: QueryOptions;
  readonly body: ParsedRequestOf<Op>;
  /** The kind to which a collection of mixed kinds is narrowed. */
  readonly cast: ObjectKind | undefined;
  /** Address of the request, as the client sees it. */
  readonly url: URL;
  /** Address of the API, such as `https://localhost:8443/v1.0`. */
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly storage: ManagementStorage;
  readonly continuation: Continuation;
}

/** What a handler answers. Status and content type come from the operation's declaration. */
export interface Answer {
  /** JSON, or a text where the operation's content type says so. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Sent as it comes, in place of a body. */
  stream?: AsyncIterable<string>;
}

export type Handler<Op extends Operation> = (call: Call<Op>) => Promise<Answer>;

/** A handler for each operation of a table. */
export type Handlers<Table extends Operations> = { readonly [Name in keyof Table]: Handler<Table[Name]> };
