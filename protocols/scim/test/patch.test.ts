import assert from 'node:assert/strict';
import test from 'node:test';
import {
  createRegistry,
  defineAttribute,
  findResourceType,
  type JsonObject,
  schemaUrns,
  standardSchemas,
  tolerantDialect,
  userResourceType,
} from '../src/index.ts';
import { barbara, groupType, patched, refuses, tourGuides, userType } from './fixtures.ts';

const patchUser = (...operations: JsonObject[]) => patched(userType, barbara, operations);
const patchGroup = (...operations: JsonObject[]) => patched(groupType, tourGuides, operations);
const [babs, mandy] = tourGuides['members'] as [JsonObject, JsonObject];
const [work, home] = barbara['emails'] as [JsonObject, JsonObject];
const [workAddress, homeAddress] = barbara['addresses'] as [JsonObject, JsonObject];
const enterprise = schemaUrns.enterpriseUser;

test('RFC 7644 3.5.2.1: add without a path adds each attribute of the value', () => {
  const email = { value: 'babs@jensen.org', type: 'home' };
  const user = patchUser({ op: 'add', value: { emails: [email], nickname: 'Babs' } });
  assert.deepEqual(user, { ...barbara, nickName: 'Babs', emails: [work, home, email] });
});

test('RFC 7644 3.5.2.1: add appends to a list, and what is there already is not added again', () => {
  const james = { value: '08e1d05d-121c-4561-8b96-473d93df9210', type: 'User' };
  const group = patchGroup({ op: 'add', path: 'members', value: [james] });
  assert.deepEqual(group['members'], [babs, mandy, james]);
  assert.equal(patchGroup({ op: 'add', path: 'members', value: [{ value: babs['value'] ?? null }] }), tourGuides);
  assert.equal(
    patchUser({ op: 'add', path: 'emails', value: work }),
    barbara,
    'the very same resource: nothing changed',
  );
  const twice = patchGroup({ op: 'add', path: 'members', value: [james, james] });
  assert.deepEqual(twice['members'], [babs, mandy, james]);
});

test('RFC 7644 3.5.2.1: add replaces a single value, and sets the named parts of a complex one', () => {
  assert.equal(patchUser({ op: 'add', path: 'title', value: 'Guide' })['title'], 'Guide');
  const named = patchUser({ op: 'add', path: 'name', value: { middleName: 'Jane' } });
  assert.deepEqual(named['name'], { ...(barbara['name'] as JsonObject), middleName: 'Jane' });
  const first = patched(userType, { schemas: [schemaUrns.user], userName: 'x' }, [
    { op: 'add', path: 'name.givenName', value: 'A' },
  ]);
  assert.deepEqual(first['name'], { givenName: 'A' });
});

test('RFC 7644 3.5.2.1: add with a selection sets parts of the selected values', () => {
  const user = patchUser({ op: 'add', path: 'addresses[type eq "work"]', value: { postalCode: '91608' } });
  assert.deepEqual(user['addresses'], [{ ...workAddress, postalCode: '91608' }, homeAddress]);
});

test('RFC 7644 3.5.2.2: remove takes away all members, one member, or selected values', () => {
  assert.equal(patchGroup({ op: 'remove', path: 'members' })['members'], undefined);
  const one = patchGroup({ op: 'remove', path: 'members[value eq "2819c223-7f76-453a-919d-413861904646"]' });
  assert.deepEqual(one['members'], [mandy]);
  const user = patchUser({ op: 'remove', path: 'emails[type eq "work" and value ew "example.com"]' });
  assert.deepEqual(user['emails'], [home]);
  const last = patchUser({ op: 'remove', path: 'emails[value pr]' });
  assert.equal('emails' in last, false);
});

test('RFC 7644 3.5.2.2: a member is exchanged by removing one and adding another', () => {
  const james = { type: 'User', value: '08e1d05d-121c-4561-8b96-473d93df9210' };
  const group = patchGroup(
    { op: 'remove', path: 'members[value eq "2819c223-7f76-453a-919d-413861904646"]' },
    { op: 'add', path: 'members', value: [james] },
  );
  assert.deepEqual(group['members'], [mandy, james]);
});

test('RFC 7644 3.5.2.2: remove takes away a part of selected values, of all values, or of a single one', () => {
  const withoutLocality = ({ locality: _, ...rest }: JsonObject) => rest;
  const one = patchUser({ op: 'remove', path: 'addresses[type eq "work"].locality' });
  assert.deepEqual(one['addresses'], [withoutLocality(workAddress), homeAddress]);
  const all = patchUser({ op: 'remove', path: 'addresses.locality' });
  assert.deepEqual(all['addresses'], [withoutLocality(workAddress), withoutLocality(homeAddress)]);
  const name = patchUser({ op: 'remove', path: 'name.formatted' });
  assert.deepEqual(name['name'], { familyName: 'Jensen', givenName: 'Barbara' });
  assert.equal('nickName' in patchUser({ op: 'remove', path: 'nickName' }), false);
  assert.equal(patchUser({ op: 'remove', path: 'ims.display' }), barbara);
  const certificates = patchUser({ op: 'remove', path: 'x509Certificates.value' });
  assert.equal('x509Certificates' in certificates, false, 'a value without parts is none');
});

test('RFC 7644 3.5.2.2: remove without a path has no target', () => {
  refuses(() => patchUser({ op: 'remove', value: { title: 'x' } }), 'noTarget', /remove needs a path/);
});

test('RFC 7644 3.5.2.2: a required attribute cannot be removed', () => {
  refuses(() => patchUser({ op: 'remove', path: 'userName' }), 'mutability', /userName is required/);
  refuses(() => patchUser({ op: 'replace', path: 'userName', value: null }), 'mutability', /userName is required/);
  refuses(() => patchUser({ op: 'replace', path: 'userName', value: ' ' }), 'invalidValue', /userName is required/);
  refuses(() => patchGroup({ op: 'remove', path: 'displayName' }), 'mutability', /displayName is required/);
});

test('RFC 7644 3.5.2.3: replace puts a list, a value or a part in place of another', () => {
  const members = [{ value: '08e1d05d-121c-4561-8b96-473d93df9210', type: 'User' }];
  assert.deepEqual(patchGroup({ op: 'replace', path: 'members', value: members })['members'], members);
  const address = { type: 'work', streetAddress: '911 Universal City Plaza', country: 'US' };
  const whole = patchUser({ op: 'replace', path: 'addresses[type eq "work"]', value: address });
  assert.deepEqual(whole['addresses'], [address, homeAddress]);
  const part = patchUser({
    op: 'replace',
    path: 'addresses[type eq "work"].streetAddress',
    value: '1010 Broadway Ave',
  });
  assert.deepEqual(part['addresses'], [{ ...workAddress, streetAddress: '1010 Broadway Ave' }, homeAddress]);
  const every = patchUser({ op: 'replace', path: 'addresses.country', value: 'CA' });
  assert.deepEqual(every['addresses'], [
    { ...workAddress, country: 'CA' },
    { ...homeAddress, country: 'CA' },
  ]);
  const created = patchUser({ op: 'replace', path: 'ims.value', value: 'babs' });
  assert.deepEqual(created['ims'], [{ value: 'babs' }]);
});

test('RFC 7644 3.5.2.3: replace without a path replaces the named attributes', () => {
  const emails = [{ value: 'babs@jensen.org', type: 'home' }];
  const user = patchUser({ op: 'replace', value: { emails, nickname: 'Babs', name: { givenName: 'Babs' } } });
  assert.deepEqual(user, {
    ...barbara,
    emails,
    nickName: 'Babs',
    name: { ...(barbara['name'] as JsonObject), givenName: 'Babs' },
  });
});

test('RFC 7644 3.5.2.3: a selection that matches nothing has no target', () => {
  const path = 'emails[type eq "other"]';
  refuses(
    () => patchUser({ op: 'replace', path: `${path}.value`, value: 'x' }),
    'noTarget',
    /No value of emails.value matches/,
  );
  refuses(() => patchUser({ op: 'add', path, value: { value: 'x' } }), 'noTarget', /No value of emails matches/);
  refuses(() => patchUser({ op: 'remove', path }), 'noTarget', /No value of emails matches/);
});

test('RFC 7643 2.5: null and the empty list empty an attribute', () => {
  assert.equal('title' in patchUser({ op: 'replace', path: 'title', value: null }), false);
  assert.equal('emails' in patchUser({ op: 'replace', path: 'emails', value: [] }), false);
  assert.equal('title' in patchUser({ op: 'add', path: 'title', value: null }), false);
  assert.equal(patchUser({ op: 'add', path: 'emails', value: [] }), barbara);
  assert.equal(patchUser({ op: 'add', path: 'emails', value: null }), barbara);
  assert.equal('name' in patchUser({ op: 'replace', value: { name: null } }), false);
  const name = patchUser({ op: 'replace', value: { name: { familyName: null } } });
  assert.deepEqual(name['name'], { formatted: 'Ms. Barbara J Jensen, III', givenName: 'Barbara' });
  assert.equal(patchUser({ op: 'replace', path: 'name', value: {} }), barbara, 'no part is named, so none changes');
  assert.deepEqual(patchUser({ op: 'replace', path: 'emails[type eq "work"]', value: null })['emails'], [home]);
});

test('RFC 7644 3.5.2: a value that becomes primary ends the primacy of the others', () => {
  const other = { value: 'babs@example.net', primary: true };
  assert.deepEqual(patchUser({ op: 'add', path: 'emails', value: [other] })['emails'], [
    { ...work, primary: false },
    home,
    other,
  ]);
  const moved = patchUser({ op: 'replace', path: 'emails[type eq "home"].primary', value: true });
  assert.deepEqual(moved['emails'], [
    { ...work, primary: false },
    { ...home, primary: true },
  ]);
  refuses(
    () => patchUser({ op: 'replace', path: 'emails.primary', value: true }),
    'invalidValue',
    /more than one primary value/,
  );
});

test('RFC 7644 3.5.2: what is read-only cannot be changed', () => {
  refuses(() => patchUser({ op: 'replace', path: 'id', value: 'x' }), 'mutability', /id is read-only/);
  refuses(
    () => patchUser({ op: 'replace', path: 'meta.created', value: '2010-01-23T04:56:22Z' }),
    'mutability',
    /meta.created is read-only/,
  );
  refuses(
    () => patchUser({ op: 'add', path: 'groups', value: [{ value: 'admins' }] }),
    'mutability',
    /groups is read-only/,
  );
  refuses(
    () => patchUser({ op: 'remove', path: `${enterprise}:manager.displayName` }),
    'mutability',
    /manager.displayName is read-only/,
  );
  refuses(() => patchUser({ op: 'replace', value: { id: 'x' } }), 'mutability', /id is read-only/);
});

test('RFC 7643 7: what is immutable can be given once, not changed', () => {
  const badge = {
    id: 'urn:example:params:scim:Badge',
    name: 'Badge',
    description: 'Badge',
    attributes: [defineAttribute('serial', '', { mutability: 'immutable' })],
  };
  const definition = { ...userResourceType, schemaExtensions: [{ schema: badge.id, required: false }] };
  const type = findResourceType(createRegistry([...standardSchemas, badge], [definition]), 'User');
  assert.ok(type);
  const path = `${badge.id}:serial`;
  const before = patched(type, { schemas: [schemaUrns.user], userName: 'x' }, [{ op: 'add', path, value: 'A1' }]);
  assert.deepEqual(before[badge.id], { serial: 'A1' });
  assert.equal(patched(type, before, [{ op: 'replace', path, value: 'A1' }]), before);
  refuses(
    () => patched(type, before, [{ op: 'replace', path, value: 'B2' }]),
    'mutability',
    /serial cannot be changed/,
  );
  refuses(() => patched(type, before, [{ op: 'remove', path }]), 'mutability', /serial cannot be changed/);
  refuses(
    () => patchGroup({ op: 'replace', path: 'members[type eq "User"].value', value: 'x' }),
    'mutability',
    /members.value cannot be changed/,
  );
  refuses(
    () => patchGroup({ op: 'replace', path: 'members[type eq "User"]', value: { value: 'x' } }),
    'mutability',
    /members.value cannot/,
  );
});

test('RFC 7643 6: a required extension cannot be removed, and its immutable parts stay', () => {
  const parts = [defineAttribute('value', '', { mutability: 'immutable' }), defineAttribute('$ref', '')];
  const badge = {
    id: 'urn:example:params:scim:Badge',
    name: 'Badge',
    description: 'Badge',
    attributes: [defineAttribute('door', '', { type: 'complex', subAttributes: parts })],
  };
  const definition = { ...userResourceType, schemaExtensions: [{ schema: badge.id, required: true }] };
  const type = findResourceType(createRegistry([...standardSchemas, badge], [definition]), 'User');
  assert.ok(type);
  const before = { schemas: [schemaUrns.user, badge.id], userName: 'x', [badge.id]: { door: { value: '1' } } };
  refuses(() => patched(type, before, [{ op: 'remove', path: badge.id }]), 'mutability', /Badge is required/);
  const path = `${badge.id}:door`;
  refuses(
    () => patched(type, before, [{ op: 'replace', path, value: { value: '2' } }]),
    'mutability',
    /door.value cannot/,
  );
  assert.deepEqual(patched(type, before, [{ op: 'add', path: `${path}.$ref`, value: 'r' }])[badge.id], {
    door: { value: '1', $ref: 'r' },
  });
});

test('RFC 7644 3.10: attributes of an extension are named by its URN', () => {
  const one = patchUser({ op: 'replace', path: `${enterprise}:department`, value: 'Sales' });
  assert.deepEqual(one[enterprise], { ...(barbara[enterprise] as JsonObject), department: 'Sales' });
  const some = patchUser({ op: 'replace', path: enterprise, value: { department: 'Sales', costCenter: null } });
  const { costCenter: _, ...rest } = barbara[enterprise] as JsonObject;
  assert.deepEqual(some[enterprise], { ...rest, department: 'Sales' });
  const nested = patchUser({ op: 'add', value: { [enterprise]: { division: 'West' } } });
  assert.deepEqual(nested[enterprise], { ...(barbara[enterprise] as JsonObject), division: 'West' });
  for (const operation of [
    { op: 'remove', path: enterprise },
    { op: 'replace', value: { [enterprise]: null } },
  ]) {
    const none = patchUser(operation);
    assert.equal(enterprise in none, false);
    assert.deepEqual(none['schemas'], [schemaUrns.user], 'schemas follow');
  }
  const fresh = patched(userType, { schemas: [schemaUrns.user], userName: 'x' }, [
    { op: 'add', path: `${enterprise}:manager`, value: { value: '26118915' } },
  ]);
  assert.deepEqual(fresh, {
    schemas: [schemaUrns.user, enterprise],
    userName: 'x',
    [enterprise]: { manager: { value: '26118915' } },
  });
  refuses(() => patchUser({ op: 'add', path: enterprise, value: 'Sales' }), 'invalidValue', /must be an object/);
});

test('RFC 7643 4.3: another manager replaces the whole reference', () => {
  const user = patchUser({ op: 'replace', path: `${enterprise}:manager`, value: { value: '1' } });
  assert.deepEqual(
    (user[enterprise] as JsonObject)['manager'],
    { value: '1' },
    'the name of the manager before is gone',
  );
});

test('RFC 7644 3.5.2: operations are applied in their order, all or none', () => {
  const before = structuredClone(barbara);
  const good = { op: 'replace', path: 'title', value: 'Chief' };
  refuses(() => patchUser(good, { op: 'remove', path: 'emails[type eq "other"]' }), 'noTarget', /emails/);
  refuses(() => patchUser(good, { op: 'replace', path: 'active', value: 5 }), 'invalidValue', /active/);
  assert.deepEqual(barbara, before, 'nothing of a failed request remains');
  const renamed = patchUser(good, { op: 'replace', path: 'title', value: 'President' });
  assert.equal(renamed['title'], 'President');
  const swapped = patchUser({ op: 'remove', path: 'emails' }, { op: 'add', path: 'emails', value: [home] });
  assert.deepEqual(swapped['emails'], [home]);
  assert.deepEqual(barbara, before);
});

test('RFC 7643 3: `schemas` in a value changes nothing, it follows from what the resource has', () => {
  assert.equal(patchUser({ op: 'replace', value: { schemas: ['urn:x'] } }), barbara);
});

test('RFC 7643 2.4: a reference without a value is the one that its $ref says', () => {
  const group = patchGroup({
    op: 'add',
    path: 'members',
    value: [{ $ref: '../Users/1' }, { $ref: '../Users/2' }, { $ref: '../Users/1' }],
  });
  assert.deepEqual(group['members'], [babs, mandy, { $ref: '../Users/1' }, { $ref: '../Users/2' }]);
});

test('RFC 7643 2.4: a list of simple values is changed like any other', () => {
  const tags = {
    id: 'urn:example:params:scim:Tags',
    name: 'Tags',
    description: '',
    attributes: [defineAttribute('tags', '', { multiValued: true })],
  };
  const definition = { ...userResourceType, schemaExtensions: [{ schema: tags.id, required: false }] };
  const type = findResourceType(createRegistry([...standardSchemas, tags], [definition]), 'User');
  assert.ok(type);
  const before = { schemas: [schemaUrns.user, tags.id], userName: 'x', [tags.id]: { tags: ['a', 'b'] } };
  const after = (operation: JsonObject) =>
    patched(type, before, [{ path: `${tags.id}:tags`, ...operation }], tolerantDialect)[tags.id];
  assert.deepEqual(after({ op: 'add', value: ['b', 'c'] }), { tags: ['a', 'b', 'c'] });
  assert.deepEqual(after({ op: 'add', value: 'c' }), { tags: ['a', 'b', 'c'] });
  assert.deepEqual(after({ op: 'remove', value: ['a'] }), { tags: ['b'] });
  assert.deepEqual(after({ op: 'replace', value: ['z'] }), { tags: ['z'] });
});

test('RFC 7644 3.5.2: a request that changes nothing gives back the same resource', () => {
  assert.equal(patchUser({ op: 'replace', path: 'title', value: 'Tour Guide' }), barbara);
  assert.equal(patchUser({ op: 'replace', path: 'emails', value: [work, home] }), barbara);
});
