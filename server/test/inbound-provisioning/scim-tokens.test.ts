import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { before, test } from 'node:test';
import { countExpiring } from '../../src/inbound-provisioning/count-expiring.ts';
import {
  changeScimToken,
  createScimToken,
  findScimToken,
  type NewScimToken,
  revokeScimToken,
  rotateScimToken,
  scimTokenBytes,
  warnOfExpiry,
} from '../../src/inbound-provisioning/index.ts';
import { onEachDatabase } from '../databases.ts';
import { openTenant, type TestTenant } from '../directory/open-tenant.ts';

const day = 86_400_000;

onEachDatabase(({ storage }) => {
  let tenant: TestTenant;
  before(async () => {
    tenant = await openTenant(storage);
  });
  const random = () => new Uint8Array(randomBytes(scimTokenBytes));
  const start = () => tenant.act().now.getTime();
  const create = (label: string, more: Partial<NewScimToken> = {}) =>
    tenant.write((stores, act) => createScimToken(stores, act, { label, ...more }, random()));
  const find = (text: string, at = start()) => findScimToken(storage.read, tenant.id, text, new Date(at));

  test('a token is found by its text until it expires, and only a digest of it is kept', async () => {
    const { token, text } = await create('Okta');
    assert.match(text, /^cscim_[\w-]{43}$/);
    assert.equal((await find(text))?.id, token.id);
    assert.equal(await find(text, token.expiresAt.getTime()), undefined);
    assert.equal(await findScimToken(storage.read, 'another-tenant', text, new Date(start())), undefined);
    assert.doesNotMatch(JSON.stringify(await storage.read.scimTokens.list(tenant.id)), new RegExp(text));
    const event = await tenant.lastEvent();
    assert.equal(event.verb, 'scimToken.create');
    assert.doesNotMatch(JSON.stringify(event), new RegExp(text));
  });

  test('labels are unique without regard to case, also when two are made at once', async () => {
    await create('Entra');
    await assert.rejects(create('ENTRA'), { code: 'inbound_provisioning.label_taken' });
    await assert.rejects(create('  '), { code: 'inbound_provisioning.label_invalid' });
    const both = await Promise.allSettled([create('twice'), create('Twice')]);
    assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  });

  test('a token expires within three years', async () => {
    for (const at of [start() - 1, start() + 3 * 366 * day]) {
      const wanted = create('far', { expiresAt: new Date(at) });
      await assert.rejects(wanted, { code: 'inbound_provisioning.expiry_invalid' });
    }
  });

  test('after a rotation both texts are accepted for the overlap, and never longer than the first would have been', async () => {
    const { token, text } = await create('rotated', { expiresAt: new Date(start() + 3 * day) });
    const rotate = (overlapDays: number) =>
      tenant.write((stores, act) => rotateScimToken(stores, act, token.id, { overlapDays }, random()));
    await assert.rejects(rotate(61), { code: 'inbound_provisioning.overlap_invalid' });
    const next = await rotate(30);
    assert.equal((await find(text))?.id, token.id);
    assert.equal((await find(next.text))?.id, token.id);
    assert.equal(await find(text, start() + 3 * day), undefined);
    assert.equal((await find(next.text, start() + 4 * day))?.id, token.id);
    const last = await rotate(0);
    assert.equal(await find(text), undefined);
    assert.equal(await find(next.text), undefined);
    assert.equal((await find(last.text))?.id, token.id);
  });

  test('a token is changed and revoked', async () => {
    const { token, text } = await create('changed');
    const change = { label: 'renamed', scopes: ['users.read'], dialect: 'entra' } as const;
    await tenant.write((stores, act) => changeScimToken(stores, act, token.id, change));
    const changed = await find(text);
    assert.deepEqual([changed?.label, changed?.scopes, changed?.dialect], ['renamed', ['users.read'], 'entra']);
    await tenant.write((stores, act) => revokeScimToken(stores, act, token.id));
    assert.equal(await find(text), undefined);
    const again = tenant.write((stores, act) => revokeScimToken(stores, act, token.id));
    await assert.rejects(again, { code: 'inbound_provisioning.token_not_found' });
  });

  test('a token is warned of at 60, 30, 14, 7, 3 and 1 days, each once, by mail to its contact', async () => {
    const other = await openTenant(storage);
    const expiresAt = new Date(start() + 100 * day);
    await other.write((stores, act) =>
      createScimToken(stores, act, { label: 'warned', contact: 'admin@example.com', expiresAt }, random()),
    );
    const seen: number[] = [];
    for (let left = 99.5; left > -2; left -= 0.5) {
      const now = new Date(expiresAt.getTime() - left * day);
      const warnings = await storage.write((stores) => warnOfExpiry(stores, { ...other.act(), now }));
      seen.push(...warnings.filter(({ tenantId }) => tenantId === other.id).map(({ days }) => days));
    }
    assert.deepEqual(seen, [60, 30, 14, 7, 3, 1]);
    const waiting = await storage.read.outgoing.listDue(new Date(expiresAt.getTime() - 0.75 * day), 100);
    const mails = waiting.filter(({ tenantId }) => tenantId === other.id);
    assert.ok(mails.every(({ message }) => message.to === 'admin@example.com'));
    assert.equal((await countExpiring(storage.read, new Date(expiresAt.getTime() - 59 * day))) >= 1, true);
  });
});
