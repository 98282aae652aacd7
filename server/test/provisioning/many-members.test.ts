import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createUsers, removeMember } from '../../src/directory/index.ts';
import type { OpenedDatabase } from '../../src/storage/conformance/database.ts';
import { onEachDatabase } from '../databases.ts';
import { join } from './open-team.ts';
import { memberIds } from './target-content.ts';
import { openTestJob } from './test-job.ts';

onEachDatabase(manyMembers);

/** More than one request may add, and more than one page holds. */
const count = 510;

function manyMembers({ storage }: OpenedDatabase): void {
  test('bad-inputs 30: a group of many gets all of its members in few requests, and then what changes', async (t) => {
    const opened = await openTestJob(storage);
    t.after(() => opened.fake.close());
    const domain = opened.tenant.domains[0]?.name;
    const people = Array.from({ length: count }, (_, index) => ({
      attributes: { userPrincipalName: `person${index}@${domain}`, displayName: `Person ${index}` },
    }));
    const crew = await opened.group('Crew');
    const users = await opened.write((stores, act) => createUsers(stores, act, people));
    for (let start = 0; start < count; start += 500) {
      const links = users.slice(start, start + 500).map(({ id }) => {
        return { relation: 'member', fromId: crew.id, fromKind: 'group', toId: id, toKind: 'user' } as const;
      });
      await opened.write((stores, { tenantId, now }) => stores.links.addMany(tenantId, links, now));
    }
    await opened.assign(crew.id);
    await opened.look();
    const changes = () => opened.fake.calls.filter(({ method }) => method === 'PATCH');
    assert.equal(new Set(memberIds(opened)).size, count);
    assert.equal(changes().length, 2);

    opened.fake.calls.length = 0;
    const late = await opened.user('late');
    await join(opened, crew.id, late.id);
    await opened.write((stores, act) => removeMember(stores, act, crew.id, users[0]?.id ?? ''));
    await opened.look();
    assert.equal(new Set(memberIds(opened)).size, count);
    const sent = changes().filter(({ path }) => path.startsWith('/Groups'));
    assert.equal(sent.length, 1);
    assert.ok(JSON.stringify(sent).length < 1000, 'no other member is named');
  });
}
