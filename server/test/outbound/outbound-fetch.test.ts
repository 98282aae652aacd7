import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { ForbiddenAddressError, outboundFetch } from '../../src/outbound/index.ts';

const loopback = ['127.0.0.0/8', '::1'];

async function serving(listener: RequestListener, use: (port: number) => Promise<void>): Promise<void> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await use((server.address() as AddressInfo).port);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('private addresses are refused in every spelling, before anything is sent', async () => {
  const call = outboundFetch([]);
  await serving(
    () => assert.fail('the server was called'),
    async (port) => {
      for (const host of [
        '127.0.0.1',
        'localhost',
        '0.0.0.0',
        '0',
        '2130706433',
        '0x7f.1',
        '127.1',
        '[::1]',
        '[::]',
        '[::ffff:127.0.0.1]',
        '[::ffff:7f00:1]',
        '[64:ff9b::7f00:1]',
        '10.0.0.1',
        '172.31.255.255',
        '192.168.1.1',
        '169.254.169.254',
        '100.64.0.1',
        '[fd00::1]',
        '[fe80::1]',
        '224.0.0.1',
        '255.255.255.255',
      ]) {
        await assert.rejects(call(`http://${host}:${port}/`), ForbiddenAddressError, host);
      }
    },
  );
});

test('networks that the settings allow are called, and others are still refused', async () => {
  const call = outboundFetch(loopback);
  await serving(
    (request, response) => {
      response.setHeader('x-method', request.method ?? '');
      request.pipe(response);
    },
    async (port) => {
      const response = await call(`http://localhost:${port}/`, { method: 'POST', body: 'hello' });
      assert.deepEqual(
        [response.status, response.headers.get('x-method'), await response.text()],
        [200, 'POST', 'hello'],
      );
    },
  );
  await assert.rejects(call('http://10.0.0.1/'), ForbiddenAddressError);
});

test('redirects are not followed', async () => {
  await serving(
    (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end(),
    async (port) => {
      const { status } = await outboundFetch(loopback)(`http://127.0.0.1:${port}/`);
      assert.equal(status, 302);
    },
  );
});

test('an answer that does not end is given up', async () => {
  await serving(
    (_, response) => {
      response.writeHead(200);
      const write = () => {
        while (response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', write);
      write();
    },
    async (port) => {
      await assert.rejects(outboundFetch(loopback)(`http://127.0.0.1:${port}/`), /more than 1048576 bytes/);
    },
  );
});

test('only https and http are spoken', async () => {
  for (const url of ['file:///etc/passwd', 'ftp://example.com/', 'data:text/plain,x']) {
    await assert.rejects(outboundFetch([])(url), TypeError);
  }
});
