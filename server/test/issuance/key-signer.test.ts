import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { derToJose } from '../../src/issuance/key-signer.ts';

/** X.690 8.3: the shortest two's complement form of a positive number. */
function derInteger(number: Uint8Array): number[] {
  const start = number.findIndex((byte) => byte !== 0);
  const digits = start < 0 ? [0] : [...number.subarray(start)];
  const content = (digits[0] ?? 0) > 0x7f ? [0, ...digits] : digits;
  return [2, content.length, ...content];
}

test('RFC 7518 3.4: R and S of a DER signature become 32 bytes each, whatever their length', () => {
  const number = fc
    .tuple(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.integer({ min: 0, max: 31 }))
    .map(([bytes, zeros]) => bytes.fill(0, 0, zeros));
  fc.assert(
    fc.property(number, number, (r, s) => {
      const content = [...derInteger(r), ...derInteger(s)];
      assert.deepEqual([...derToJose(Uint8Array.from([0x30, content.length, ...content]))], [...r, ...s]);
    }),
  );
});
