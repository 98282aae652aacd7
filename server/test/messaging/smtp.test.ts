import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { mailCatcher, smtpSender } from '../../src/messaging/index.ts';
import type { Mail } from '../../src/user-flows/index.ts';

const mail: Mail = {
  channel: 'mail',
  to: 'marge@example.com',
  sender: 'Contoso',
  languages: ['de-AT'],
  subject: { key: 'mail.code.subject', values: { code: '123456', tenant: 'Contoso' } },
  paragraphs: [{ key: 'mail.code.signUp', values: { tenant: 'Contoso' } }, { key: 'mail.code.notYou' }],
  code: '123456',
};

test('the catcher shows mails in the language of their reader, to this machine only', async () => {
  const catcher = mailCatcher();
  await catcher.senders.mail(mail, {});
  const [route] = catcher.routes;
  assert.match(route?.handle({ isLocal: true }).body ?? '', /123456 ist Ihr Code für Contoso/);
  const refused = route?.handle({ isLocal: false });
  assert.equal(refused?.status, 403);
  assert.doesNotMatch(refused?.body ?? '', /123456/);
});

test('RFC 5321: a mail goes to the mail server, to one receiver', async () => {
  const received = Promise.withResolvers<string>();
  const server = createServer((socket) => {
    let text = '';
    let isData = false;
    socket.write('220 test\r\n');
    socket.on('data', (data) => {
      text += data;
      if (isData) {
        if (!text.endsWith('\r\n.\r\n')) return;
        isData = false;
        socket.write('250 ok\r\n');
        received.resolve(text);
      } else if (/DATA\r\n$/.test(text)) {
        isData = true;
        socket.write('354 go on\r\n');
      } else socket.write('250 ok\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address && typeof address === 'object');
  const sender = smtpSender(`smtp://127.0.0.1:${address.port}?ignoreTLS=true`, 'no-reply@hub.example');
  await sender.send(mail, { de: { 'mail.code.notYou': 'Bitte niemandem sagen.' } });
  const text = await received.promise;
  sender.close();
  await new Promise((resolve) => server.close(resolve));
  assert.match(text, /MAIL FROM:<no-reply@hub.example>/);
  assert.deepEqual(text.match(/RCPT TO:<[^>]*>/g), ['RCPT TO:<marge@example.com>']);
  assert.match(text, /From: Contoso <no-reply@hub.example>/);
  assert.match(text, /Bitte niemandem sagen/);
});
