import type { ResourceManagerOperation, resourceManagerOperations } from '@countersign/management-api';
import type { DirectoryStores } from '../../directory/index.ts';

/** What handlers need of their surroundings. */
export interface Surroundings {
  readonly storage: { readonly read: DirectoryStores };
  readonly publicUrl: URL;
}

/** A call that anybody may make. */
export interface AnonymousCall extends Surroundings {
  /** Address of the request, as the client sees it. */
  readonly url: URL;
  /** A date, such as `2019-11-01`. */
  readonly apiVersion: string;
}

/** A call of somebody of the tenant. */
export interface Call extends AnonymousCall {
  readonly tenantId: string;
}

export type HandlerOf<Operation extends ResourceManagerOperation> = (
  call: Operation['access'] extends 'anybody' ? AnonymousCall : Call,
) => Promise<object>;

/** A handler for each operation. */
export type Handlers = {
  readonly [Name in keyof typeof resourceManagerOperations]: HandlerOf<(typeof resourceManagerOperations)[Name]>;
};
