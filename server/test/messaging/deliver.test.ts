import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deliverDue, type MessageSenders, startDelivery } from '../../src/messaging/index.ts';
import { UndeliverableError } from '../../src/messaging/senders.ts';
import type { OutgoingMessage } from '../../src/user-flows/index.ts';
import { onEachDatabase } from '../databases.ts';

const begin = new Date('2026-03-01T10:00:00Z');
const after = (seconds: number) => new Date(begin.getTime() + seconds * 1000);

function mail(to: string): OutgoingMessage {
  return {
    channel: 'mail',
    ...{ to, sender: 'Contoso', languages: [], subject: { key: 'mail.code.subject' }, paragraphs: [], code: '123456' },
  };
}

/** Senders that take what they are given, and fail as long as they are told to. */
function senders() {
  const sent: string[] = [];
  const failures: Error[] = [];
  const all: MessageSenders = {
    async mail({ to }) {
      const failure = failures.shift();
      if (failure) throw failure;
      sent.push(to);
    },
    async sms() {},
  };
  return { sent, failures, all };
}

onEachDatabase(({ storage, engine }) => {
  const add = (to: string, expiresAt = after(600)) =>
    storage.write(({ outgoing }) => outgoing.add('t', crypto.randomUUID(), mail(to), begin, expiresAt));
  const noFailure = (error: unknown) => assert.fail(String(error));

  test('messages are sent once, however many processes look for them, and stay after a failure', async () => {
    for (const to of ['a', 'b', 'c', 'd']) await add(to);
    const rows = await engine.reader.selectFrom('outgoing_message').selectAll().execute();
    assert.ok(!JSON.stringify(rows).includes('123456'), 'a code stands in the database');

    const { sent, all, failures } = senders();
    const look = () => deliverDue(storage, all, () => begin, noFailure);
    await Promise.all([look(), look(), look(), look()]);
    while ((await look()) > 0);
    assert.deepEqual(sent.toSorted(), ['a', 'b', 'c', 'd']);

    // A mail server that is away: tried again after 10 s, then after 20 s.
    await add('e');
    const seen: unknown[] = [];
    const tell = (error: unknown, { willRetry }: { willRetry: boolean }) => seen.push([String(error), willRetry]);
    const at = (seconds: number) => deliverDue(storage, all, () => after(seconds), tell);
    failures.push(new Error('away'), new Error('still away'));
    assert.equal(await at(0), 1);
    assert.equal(await at(9), 0);
    assert.equal(await at(10), 1);
    assert.equal(await at(29), 0);
    assert.deepEqual(sent.includes('e'), false);
    assert.equal(await at(30), 1);
    assert.equal(sent.at(-1), 'e');
    assert.deepEqual(seen, [
      ['Error: away', true],
      ['Error: still away', true],
    ]);

    // A process that died while it sent: another one sends two minutes later.
    await add('f');
    assert.equal(await storage.read.outgoing.count(), 1);
    const [claimed] = await storage.read.outgoing.listDue(begin, 1);
    assert.ok(claimed);
    assert.equal(
      await storage.write(({ outgoing }) => outgoing.postpone(claimed, { tries: 0, dueAt: after(120) })),
      true,
    );
    assert.equal(
      await storage.write(({ outgoing }) => outgoing.postpone(claimed, { tries: 0, dueAt: after(120) })),
      false,
    );
    assert.equal(await at(119), 0);
    assert.equal(await at(120), 1);
    assert.equal(sent.at(-1), 'f');

    // What nobody can use any more, and what nobody will ever take, is not tried again.
    await add('late', after(60));
    failures.push(new UndeliverableError('no such mailbox'));
    await add('nobody', after(9999));
    seen.length = 0;
    while ((await at(1000)) > 0);
    assert.deepEqual(seen.toSorted(), [
      ['Error: The message has expired.', false],
      ['UndeliverableError: no such mailbox', false],
    ]);
    assert.deepEqual(await storage.read.outgoing.listDue(after(99_999), 1), []);
    assert.equal(sent.at(-1), 'f');

    // The loop of a server sends what it is told of, and stops when everything is sent.
    await add('g');
    const delivery = startDelivery(storage, all, () => begin, noFailure, noFailure);
    delivery.deliverSoon();
    await delivery.stop();
    while ((await look()) > 0);
    assert.equal(sent.at(-1), 'g');
  });
});
