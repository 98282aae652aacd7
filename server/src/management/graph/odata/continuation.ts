import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Turns a place at which reading goes on into an opaque text for `$skiptoken` and `$deltatoken`, and back. The text is
 * authenticated (HMAC-SHA256), and good only in the context for which it was made: the tenant, the operation and whatever
 * else decides which items there are. It carries nothing that the caller has not seen.
 */
export interface Continuation {
  write(context: string, place: unknown): string;
  /** Undefined for a text that was not made by us, or for another context. */
  read(context: string, text: string): unknown;
}

/** @param key at least 32 random bytes, the same in every process of the hub */
export function continuation(key: Uint8Array): Continuation {
  const mac = (context: string, payload: string) =>
    createHmac('sha256', key)
      .update(JSON.stringify([context, payload]))
      .digest();
  return {
    write: (context, place) => {
      const payload = Buffer.from(JSON.stringify(place)).toString('base64url');
      return `${payload}.${mac(context, payload).toString('base64url')}`;
    },
    read: (context, text) => {
      const [payload = '', given = ''] = text.split('.', 2);
      const expected = mac(context, payload);
      const tag = Buffer.from(given, 'base64url');
      if (tag.length !== expected.length || !timingSafeEqual(tag, expected)) return undefined;
      return JSON.parse(Buffer.from(payload, 'base64url').toString());
    },
  };
}
