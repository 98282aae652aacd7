import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  applyPatch,
  type JsonObject,
  matchesFilter,
  parsePatch,
  schemaUrns,
  splitMemberChanges,
  standardDialect,
  tolerantDialect,
} from '../src/index.ts';
import { groupType, patchBody, refuses } from './fixtures.ts';

function split(...operations: JsonObject[]) {
  return splitMemberChanges(parsePatch(groupType, patchBody(...operations), tolerantDialect));
}

/** The sum of the changes in plain values. */
function summary(...operations: JsonObject[]) {
  const { members } = split(...operations);
  return { isCleared: members.isCleared, removed: [...members.removed], added: [...members.added.keys()] };
}

test('RFC 7644 3.5.2: members are added and removed without the list of members', () => {
  assert.deepEqual(
    summary(
      { op: 'add', path: 'members', value: [{ value: 'a' }, { value: 'b' }] },
      { op: 'remove', path: 'members[value eq "c"]' },
      { op: 'remove', path: 'members[value eq "d" or value eq "e"]' },
    ),
    { isCleared: false, removed: ['c', 'd', 'e'], added: ['a', 'b'] },
  );
});

test('RFC 7644 3.5.2: the last change of a member counts', () => {
  const add = { op: 'add', path: 'members', value: [{ value: 'a' }] };
  const remove = { op: 'remove', path: 'members[value eq "a"]' };
  assert.deepEqual(summary(add, remove), { isCleared: false, removed: ['a'], added: [] });
  assert.deepEqual(summary(remove, add), { isCleared: false, removed: [], added: ['a'] });
});

test('RFC 7644 3.5.2: replacing or removing all members clears the group first', () => {
  const replace = { op: 'replace', path: 'members', value: [{ value: 'a' }] };
  const clear = { op: 'remove', path: 'members' };
  assert.deepEqual(summary({ op: 'remove', path: 'members[value eq "x"]' }, replace), {
    isCleared: true,
    removed: [],
    added: ['a'],
  });
  assert.deepEqual(summary(replace, clear), { isCleared: true, removed: [], added: [] });
  assert.deepEqual(summary(clear, { op: 'remove', path: 'members[value eq "x"]' }), {
    isCleared: true,
    removed: [],
    added: [],
  });
  assert.deepEqual(summary({ op: 'replace', value: { members: [] } }), { isCleared: true, removed: [], added: [] });
  assert.deepEqual(split(clear, { op: 'remove', path: 'members[type eq "User"]' }).members.removedWhere, []);
});

test('RFC 7644 3.5.2: other changes of the group are kept apart', () => {
  const { members, rest } = split({
    op: 'replace',
    value: { displayName: 'Guides', members: [{ value: 'a', $ref: '../Users/a', type: 'User' }] },
  });
  assert.deepEqual(members.added.get('a'), { value: 'a', $ref: '../Users/a', type: 'User' });
  const group = applyPatch(groupType, { schemas: [schemaUrns.group], displayName: 'x' }, rest, standardDialect);
  assert.deepEqual(group, { schemas: [schemaUrns.group], displayName: 'Guides' });
});

test('RFC 7644 3.5.2.2: members that are removed by something else than their value stay a filter', () => {
  const { removedWhere } = split({ op: 'remove', path: 'members[type eq "Group" or value sw "x"]' }).members;
  const [filter] = removedWhere;
  assert.ok(filter);
  assert.equal(matchesFilter(filter, { value: 'a', type: 'group' }), true);
  assert.equal(matchesFilter(filter, { value: 'a', type: 'User' }), false);
  refuses(
    () => split({ op: 'add', path: 'members', value: 'a' }, { op: 'remove', path: 'members[display sw "a"]' }),
    'invalidFilter',
    /After adding members, remove members by value only/,
  );
});

test('RFC 7643 4.2: a member cannot be turned into another', () => {
  refuses(
    () => split({ op: 'replace', path: 'members[value eq "a"].value', value: 'b' }),
    'mutability',
    /A member cannot be changed/,
  );
  refuses(
    () => split({ op: 'replace', path: 'members[value eq "a"]', value: { value: 'b' } }),
    'mutability',
    /A member cannot be changed/,
  );
  refuses(
    () => split({ op: 'add', path: 'members', value: [{ type: 'User' }] }),
    'invalidValue',
    /A member needs a value/,
  );
  refuses(() => split({ op: 'add', path: 'members', value: [''] }), 'invalidValue', /A member needs a value/);
});

test('bad input 28: no member of a large group is lost', () => {
  const many = Array.from({ length: 5000 }, (_, index) => ({ value: `user-${index}` }));
  const { added } = split({ op: 'add', path: 'members', value: many }).members;
  assert.equal(added.size, 5000);
  const { removed } = split({ op: 'remove', path: 'members', value: many }).members;
  assert.equal(removed.size, 5000);
});

const id = fc.constantFrom('a', 'b', 'c', 'd');
const ids = fc.uniqueArray(id);
const membersOf = (list: string[]) => list.map((value) => ({ value }));
const operation = fc.oneof(
  ids.map((list): JsonObject => ({ op: 'add', path: 'members', value: membersOf(list) })),
  ids.map((list): JsonObject => ({ op: 'remove', path: 'members', value: membersOf(list) })),
  ids.map((list): JsonObject => ({ op: 'replace', path: 'members', value: membersOf(list) })),
  id.map((one): JsonObject => ({ op: 'remove', path: `members[value eq "${one}"]` })),
  fc.constant<JsonObject>({ op: 'remove', path: 'members' }),
);

test('RFC 7644 3.5.2: the sum of member changes comes to the same as applying them one by one', () => {
  fc.assert(
    fc.property(ids, fc.array(operation, { minLength: 1, maxLength: 6 }), (before, operations) => {
      const changes = parsePatch(groupType, patchBody(...operations), tolerantDialect);
      const group = {
        schemas: [schemaUrns.group],
        displayName: 'x',
        ...(before.length > 0 && { members: membersOf(before) }),
      };
      const applied = applyPatch(groupType, group, changes, tolerantDialect)['members'] ?? [];
      const { members } = splitMemberChanges(changes);
      const kept = members.isCleared ? [] : before.filter((one) => !members.removed.has(one));
      const expected = new Set([...kept, ...members.added.keys()]);
      assert.deepEqual(new Set((applied as JsonObject[]).map(({ value }) => value)), expected);
    }),
  );
});
