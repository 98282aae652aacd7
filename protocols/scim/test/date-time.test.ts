import assert from 'node:assert/strict';
import test from 'node:test';
import { parseDateTime } from '../src/index.ts';

const readable: [text: string, milliseconds: number][] = [
  ['2008-01-23T04:56:22Z', Date.UTC(2008, 0, 23, 4, 56, 22)],
  ['2011-05-13T04:42:34+02:00', Date.UTC(2011, 4, 13, 2, 42, 34)],
  ['2015-10-10T14:38:21-07:30', Date.UTC(2015, 9, 10, 22, 8, 21)],
  ['2024-02-29T23:59:59.5Z', Date.UTC(2024, 1, 29, 23, 59, 59, 500)],
  ['2011-05-13T04:42:34', Date.UTC(2011, 4, 13, 4, 42, 34)],
];

for (const [text, milliseconds] of readable) {
  test(`RFC 7643 2.3.5: ${text} is a dateTime`, () => assert.equal(parseDateTime(text), milliseconds));
}

test('RFC 7643 2.3.5: Interop: Microsoft writes seven fractional digits', () => {
  const milliseconds = parseDateTime('2015-10-10T14:38:21.8617979-07:00') ?? 0;
  assert.ok(Math.abs(milliseconds - Date.UTC(2015, 9, 10, 21, 38, 21) - 861.7979) < 0.001);
});

for (const text of [
  ...['', 'yesterday', '2011-05-13', '2011-05-13T04:42Z', '2011-5-13T04:42:34Z', '2011-05-13 04:42:34Z'],
  ...['2011-13-01T00:00:00Z', '2011-02-29T00:00:00Z', '2011-05-00T00:00:00Z', '2011-05-13T24:00:00Z'],
  ...['2011-05-13T04:60:00Z', '2011-05-13T04:42:60Z', '2011-05-13T04:42:34+15:00', '2011-05-13T04:42:34.Z'],
]) {
  test(`RFC 7643 2.3.5: ${JSON.stringify(text)} is no dateTime`, () => assert.equal(parseDateTime(text), undefined));
}
