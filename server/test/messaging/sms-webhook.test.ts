import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { smsWebhook } from '../../src/messaging/index.ts';
import { UndeliverableError } from '../../src/messaging/senders.ts';

const now = new Date('2026-03-01T10:00:00Z');
const message = {
  channel: 'sms',
  ...{ to: '+442079460000', sender: 'Contoso', languages: ['de'], code: '123456' },
  paragraphs: [{ key: 'sms.code', values: { code: '123456', tenant: 'Contoso' } }],
} as const;

test('a text is posted once, signed, in the language of its reader; what the provider answers decides on another try', async () => {
  const seen: { request: IncomingMessage; body: string }[] = [];
  let status = 200;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    seen.push({ request, body });
    response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:1/' } : {}).end('thanks');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address && typeof address === 'object');
  const send = smsWebhook(new URL(`http://127.0.0.1:${address.port}/sms`), 'the shared secret', () => now);

  await send(message, {});
  const [first] = seen;
  assert.ok(first);
  assert.deepEqual(JSON.parse(first.body), {
    to: '+442079460000',
    from: 'Contoso',
    text: '123456 ist Ihr Code für Contoso. Sagen Sie ihn niemandem.',
  });
  const seconds = now.getTime() / 1000;
  const expected = createHmac('sha256', 'the shared secret').update(`${seconds}.${first.body}`).digest('hex');
  assert.equal(first.request.headers['countersign-signature'], `t=${seconds},v1=${expected}`);

  status = 400;
  await assert.rejects(send(message, {}), UndeliverableError);
  for (status of [429, 503]) await assert.rejects(send(message, {}), (error) => !(error instanceof UndeliverableError));
  status = 302;
  await assert.rejects(send(message, {}), TypeError, 'redirects are not followed');
  await new Promise((resolve) => server.close(resolve));
});
