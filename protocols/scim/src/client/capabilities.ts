/** What another server says it supports in its ServiceProviderConfig (RFC 7643 5, RFC 9865 4). */
import { findMember, isObject, type JsonObject, type JsonValue } from '../json.ts';

/** What the server does not say, it does not support; a limit that it does not say is undefined. */
export interface Capabilities {
  readonly patch: boolean;
  readonly bulk: boolean;
  readonly filter: boolean;
  readonly changePassword: boolean;
  readonly sort: boolean;
  readonly etag: boolean;
  readonly cursor: boolean;
  /** Operations and bytes of a bulk request. */
  readonly maxOperations: number | undefined;
  readonly maxPayloadSize: number | undefined;
  /** Resources in one answer. */
  readonly maxResults: number | undefined;
}

export function readCapabilities(config: JsonObject): Capabilities {
  const at = (option: string, member: string): JsonValue | undefined => {
    const value = findMember(config, option);
    return isObject(value) ? findMember(value, member) : undefined;
  };
  const isSupported = (option: string) => at(option, 'supported') === true;
  const limit = (option: string, member: string): number | undefined => {
    const value = at(option, member);
    return typeof value === 'number' && value > 0 ? value : undefined;
  };
  return {
    patch: isSupported('patch'),
    bulk: isSupported('bulk'),
    filter: isSupported('filter'),
    changePassword: isSupported('changePassword'),
    sort: isSupported('sort'),
    etag: isSupported('etag'),
    cursor: at('pagination', 'cursor') === true,
    maxOperations: limit('bulk', 'maxOperations'),
    maxPayloadSize: limit('bulk', 'maxPayloadSize'),
    maxResults: limit('pagination', 'maxPageSize') ?? limit('filter', 'maxResults'),
  };
}
