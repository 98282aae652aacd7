import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { openLog } from '../../src/http/index.ts';
import { openPasswords } from '../../src/main/open-passwords.ts';
import { outboundFetch } from '../../src/outbound/index.ts';

/** A service for leaked passwords that answers with this status and the ranges that it was asked for. */
async function startService(status: number, body: string) {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { asked, url: new URL(`http://127.0.0.1:${address.port}/range/`), stop: () => server.close() };
}

/** Digits of the SHA-1 hash of "password", of which the service sees the first five. */
const hash = '5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8';

test('the service for leaked passwords is asked, and when it fails passwords are taken and the failure is counted', async () => {
  const log = openLog('silent');
  const knowing = await startService(200, `${hash.slice(5)}:9`);
  const failing = await startService(503, '');
  try {
    const fetch = outboundFetch(['127.0.0.1']);
    const { passwords } = openPasswords(knowing.url, fetch, log);
    assert.equal(await passwords.isLeaked('password'), true);
    assert.deepEqual(knowing.asked, ['/range/5BAA6']);
    for (const [url, allowed] of [
      [failing.url, ['127.0.0.1']],
      [knowing.url, []],
    ] as const) {
      const { passwords: unsure, gauges } = openPasswords(url, outboundFetch(allowed), log);
      assert.equal(await unsure.isLeaked('password'), false);
      assert.equal(await gauges[0]?.read(), 1);
    }
    assert.equal(knowing.asked.length, 1, 'a private network is not called');
  } finally {
    knowing.stop();
    failing.stop();
  }
});
