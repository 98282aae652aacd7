import type { Dialect } from '@countersign/scim';
import type { Act, AuditStore } from '../../audit/index.ts';
import type { DirectoryStores, PasswordHasher, Tenant } from '../../directory/index.ts';
import type { ScimToken, ScimTokenStore } from '../../inbound-provisioning/index.ts';
import type { PagePlaces } from './page-places.ts';
import type { TenantTypes } from './tenant-types.ts';

/** Everything that the endpoint reads and writes. */
export type ScimStores = DirectoryStores & { audit: AuditStore; scimTokens: ScimTokenStore };

/** The database, as the endpoint sees it. */
export interface ScimStorage {
  readonly read: ScimStores;
  write<Result>(work: (stores: ScimStores) => Promise<Result>): Promise<Result>;
}

/** Turns the place at which a page goes on into an opaque text, and back; undefined for a text of another context. */
export interface Cursors {
  write(context: string, place: unknown): string;
  read(context: string, text: string): unknown;
}

/** What the endpoint needs from outside. */
export interface ScimOptions {
  storage: ScimStorage;
  /** The same for who asks and how many there are: remembered until something has changed before `freshen`. */
  remembered: Pick<ScimStorage, 'read'> & { freshen(): Promise<void> };
  passwords: PasswordHasher;
  cursors: Cursors;
  now: () => Date;
  newId: () => string;
  /** Told of what must not happen where one operation of many failed by it and the others go on. */
  reportBug: (error: unknown, requestId: string) => void;
}

/** One request of a client that is known. */
export interface ScimCall extends Pick<ScimOptions, 'storage' | 'remembered' | 'passwords' | 'cursors' | 'reportBug'> {
  tenant: Tenant;
  token: ScimToken;
  dialect: Dialect;
  types: TenantTypes;
  /** Address of the endpoint, as the client wrote it. */
  baseUrl: string;
  act: Act;
  places: PagePlaces;
}

/** What a client asks of one resource, whether by a request of its own or by an operation of a bulk request. */
export interface ResourceRequest {
  /** Absent when it is to be created. */
  id: string;
  ifMatch: string | undefined;
  ifNoneMatch: string | undefined;
  attributes: readonly string[];
  excludedAttributes: readonly string[];
}
