// scimmy-routers as the target: what a service provider that nobody here wrote takes and answers.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type RunningHub, startHub } from './running-hub.ts';
import { acmeUser, type Kept, type ScimmyTarget, startScimmyTarget } from './scimmy-target.ts';
import { type Found, Tenant, until } from './tenant.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

let hub: RunningHub;
let target: ScimmyTarget;
let company: Tenant;
let people: Record<'marge' | 'barney' | 'homer', Found>;
let operators: Found;
let job: string;

function user(name: string): Kept {
  const found = target.users().find(({ userName }) => userName === `${name}@${company.domain}`);
  assert.ok(found, `${name} is in ${JSON.stringify(target.users())}`);
  return found;
}

function membersOf(displayName: string): string[] {
  const group = target.groups().find((one) => one['displayName'] === displayName);
  const names = new Map(target.users().map(({ id, displayName: name }) => [id, String(name)]));
  return ((group?.['members'] ?? []) as { value: string }[]).map(({ value }) => names.get(value) ?? value).sort();
}

before(async () => {
  target = await startScimmyTarget();
  hub = await startHub();
  company = await Tenant.make(hub, 'company');
  people = {
    marge: await company.person('marge'),
    barney: await company.person('barney'),
    homer: await company.person('homer'),
  };
  operators = await company.group('Network Operators', [people.marge, people.barney]);
  job = await company.provision([operators], { baseUrl: target.baseUrl, token: target.token });
  await company.inStep(job);
});

after(async () => {
  await hub?.stop();
  target?.stop();
});

test('RFC 7644 3.3: users and groups are made as the mapping says', () => {
  const { userName, externalId, active, name } = user('marge');
  assert.deepEqual([userName, externalId, active], [`marge@${company.domain}`, people.marge.id, true]);
  assert.deepEqual(name, { formatted: 'marge Simpson', familyName: 'Simpson', givenName: 'marge' });
  assert.deepEqual(membersOf('Network Operators'), ['barney', 'marge']);
});

test('RFC 7644 3.4.2.2: whoever is there already is found by name and taken over', async () => {
  const made = await fetch(`${target.baseUrl}/Users`, {
    method: 'POST',
    headers: { authorization: `Bearer ${target.token}`, 'content-type': 'application/scim+json' },
    body: JSON.stringify({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: `homer@${company.domain}`,
    }),
  });
  assert.equal(made.status, 201);
  const { id } = user('homer');
  await company.addMember(operators.id, people.homer.id);
  await until('he is known', () => user('homer')['externalId'] === people.homer.id);
  assert.deepEqual([user('homer').id, target.users().length], [id, 3]);
});

test('RFC 7644 3.5.2: values are set, replaced and cleared', async () => {
  const change = {
    jobTitle: 'Chief',
    department: 'Security',
    businessPhones: ['555-0100'],
    mail: 'marge@mail.example',
  };
  await company.graph('PATCH', `/users/${people.marge.id}`, change);
  await until('the title arrives', () => user('marge')['title'] === 'Chief');
  assert.deepEqual(user('marge')['emails'], [{ type: 'work', value: 'marge@mail.example' }]);
  assert.deepEqual(user('marge')['phoneNumbers'], [{ type: 'work', value: '555-0100' }]);
  assert.deepEqual(user('marge')[enterprise], { department: 'Security' });
  const cleared = { jobTitle: null, department: null, businessPhones: [], mail: null };
  await company.graph('PATCH', `/users/${people.marge.id}`, cleared);
  await until('the title goes', () => user('marge')['title'] === undefined);
  for (const name of ['emails', 'phoneNumbers', enterprise]) assert.equal(user('marge')[name], undefined, name);
});

test('RFC 7643 4.3: a manager who comes later is set then', async () => {
  const lenny = await company.person('lenny');
  const reference = { '@odata.id': `${hub.origin}/v1.0/users/${lenny.id}` };
  await company.graph('PUT', `/users/${people.marge.id}/manager/$ref`, reference);
  await company.addMember(operators.id, lenny.id);
  const manager = () => (user('marge')[enterprise] as { manager?: { value: string } } | undefined)?.manager?.value;
  await until('her manager is set', () => manager() !== undefined);
  assert.equal(manager(), user('lenny').id);
});

test('RFC 7643 3.3: attributes of its own extension are mapped, set and cleared', async () => {
  const schema = await company.graph('GET', `${job}/schema`);
  const [rule] = schema.synchronizationRules;
  const [users] = rule?.objectMappings ?? [];
  for (const [name, expression] of [
    ['costCenter', '[department]'],
    ['isChief', 'IIF([jobTitle] = "Chief", "true", "false")'],
  ]) {
    const targetAttributeName = `${acmeUser}:${name}`;
    users?.attributeMappings.push({
      targetAttributeName,
      source: { expression },
      flowType: 'Always',
      matchingPriority: 0,
    });
  }
  await company.graph('PUT', `${job}/schema`, { synchronizationRules: schema.synchronizationRules });
  await company.graph('PATCH', `/users/${people.marge.id}`, { department: 'Security', jobTitle: 'Chief' });
  const kept = () => JSON.stringify(user('marge')[acmeUser]);
  await until('she is chief', () => kept() === '{"costCenter":"Security","isChief":true}');
  await company.graph('PATCH', `/users/${people.marge.id}`, { department: null, jobTitle: null });
  await until('she is no chief', () => kept() === '{"isChief":false}');
});

test('users who swap their names swap them there', async () => {
  const ids = [user('marge').id, user('barney').id];
  const rename = (id: string, name: string) =>
    company.graph('PATCH', `/users/${id}`, { userPrincipalName: `${name}@${company.domain}` });
  await rename(people.marge.id, 'interim');
  await rename(people.barney.id, 'marge');
  await rename(people.marge.id, 'barney');
  await until(
    'the names are swapped',
    () => target.users().find(({ id }) => id === ids[0])?.['userName'] === `barney@${company.domain}`,
  );
  await company.inStep(job);
  assert.deepEqual([user('barney').id, user('marge').id], ids);
});

test('RFC 7644 3.5.2.2: members leave, and whoever is out of scope is disabled', async () => {
  await company.graph('PATCH', `/groups/${operators.id}`, { displayName: 'Operators' });
  await company.graph('DELETE', `/groups/${operators.id}/members/${people.homer.id}/$ref`);
  await until('he is disabled', () => user('homer')['active'] === false);
  await until('he is no member', () => membersOf('Operators').length === 3);
  await company.inStep(job);
  assert.deepEqual(membersOf('Operators'), ['barney', 'lenny', 'marge']);
});

test('RFC 7644 3.6: a group that is deleted goes, with its people disabled', async () => {
  await company.graph('DELETE', `/groups/${operators.id}`);
  await until('the group is gone', () => target.groups().length === 0);
  await until('all are disabled', () => target.users().every(({ active }) => active === false));
  assert.equal(target.users().length, 4);
});
