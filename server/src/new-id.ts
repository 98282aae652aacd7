import { randomFillSync } from 'node:crypto';

/** Random bytes of the next ids: asking the generator for each one would cost more than the id. */
const pool = Buffer.alloc(4096);
let used = pool.length;

/**
 * A new GUID in the form of RFC 9562 5.7 (version 7): the time in front keeps neighbours in time neighbours in every
 * index. It says when a thing was made, so it is for names of things and never for secrets.
 */
export function newId(now: number = Date.now()): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = pool.subarray(used, used + 16);
  used += 16;
  bytes.writeUIntBE(now, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
