import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTenantFile, printTenantFile } from '../src/tenant-file/document.ts';
import { TenantFileError } from '../src/tenant-file/error.ts';
import { flatten } from '../src/tenant-file/flatten.ts';
import { type Item, itemId } from '../src/tenant-file/item.ts';
import { planSteps, type Step } from '../src/tenant-file/plan.ts';
import { unflatten } from '../src/tenant-file/unflatten.ts';

const text = `
tenant:
  name: jogcloud
  domains: [jogcloud.com]
users:
  - userPrincipalName: marge@jogcloud.com
    displayName: Marge Simpson
    initialPassword: a rather long one
    manager: homer@jogcloud.com
  - userPrincipalName: homer@jogcloud.com
    displayName: Homer Simpson
groups:
  - displayName: Network Operators
    members: [marge@jogcloud.com, { group: Security Admins }]
  - displayName: Security Admins
applications:
  - displayName: Portal
    web: { redirectUris: [https://portal.jogcloud.com/back] }
    servicePrincipal:
      assignments:
        "": [{ group: Network Operators }]
      consents:
        Microsoft Graph: [User.Read]
directoryRoles:
  Global Reader: [homer@jogcloud.com]
`;

const desired = () => flatten(parseTenantFile(text, 'tenant.yaml'));
const describe = (steps: Step[]) => steps.map(({ verb, item }) => `${verb} ${item.kind} ${item.key}`);

test('the steps to an empty hub make objects before what ties them together', () => {
  assert.deepEqual(describe(planSteps(desired(), [], false)), [
    'create tenant jogcloud',
    'create domain jogcloud → jogcloud.com',
    'create application Portal',
    'create servicePrincipal Portal',
    'create user marge@jogcloud.com',
    'create user homer@jogcloud.com',
    'create group Network Operators',
    'create group Security Admins',
    'create manager marge@jogcloud.com → homer@jogcloud.com',
    'create member Network Operators → marge@jogcloud.com',
    'create member Network Operators → group:Security Admins',
    'create consent Portal → Microsoft Graph / User.Read',
    'create assignment Portal →  / group:Network Operators',
    'create directoryRole Global Reader → homer@jogcloud.com',
  ]);
});

test('a hub that is as the file says needs no step, also where letters differ in case', () => {
  const current = desired().items.map((item) => ({ ...item, key: item.key.toUpperCase() }));
  assert.deepEqual(planSteps(desired(), current, true), []);
});

test('a list in the file is the whole list: who is not in it is removed', () => {
  const barney: Item = {
    kind: 'member',
    key: 'Network Operators → barney@jogcloud.com',
    from: 'Network Operators',
    to: 'barney@jogcloud.com',
    fields: {},
  };
  const unlisted: Item = { ...barney, key: 'Security Admins → barney@jogcloud.com', from: 'Security Admins' };
  const steps = planSteps(desired(), [...desired().items, barney, unlisted], false);
  assert.deepEqual(describe(steps), ['delete member Network Operators → barney@jogcloud.com']);
});

test('objects that the file does not name are removed only when that is asked for', () => {
  const lenny: Item = { kind: 'user', key: 'lenny@jogcloud.com', fields: {} };
  assert.deepEqual(planSteps(desired(), [...desired().items, lenny], false), []);
  assert.deepEqual(describe(planSteps(desired(), [...desired().items, lenny], true)), [
    'delete user lenny@jogcloud.com',
  ]);
});

test('only fields that the file mentions are compared, and null in it means none', () => {
  const file = { items: [{ kind: 'user', key: 'a@b.c', fields: { jobTitle: null, city: 'Springfield' } }] as Item[] };
  const current: Item = {
    kind: 'user',
    key: 'a@b.c',
    fields: { jobTitle: 'Inspector', city: 'Springfield', state: 'X' },
  };
  assert.deepEqual(planSteps({ ...file, wholeLists: new Set() }, [current], false), [
    { verb: 'update', item: file.items[0], changes: [{ field: 'jobTitle', before: 'Inspector', after: null }] },
  ]);
});

test('the order in which groups of rules run counts, and a group goes when nobody includes it any more', () => {
  const party = (...before: string[]): Item => ({
    kind: 'relyingParty',
    key: 'Portal',
    fields: { issuanceRuleGroups: { before } },
  });
  const group = (key: string): Item => ({ kind: 'ruleGroup', key, fields: {} });
  const plan = (items: Item[], current: Item[]) => describe(planSteps({ items, wholeLists: new Set() }, current, true));
  assert.deepEqual(plan([party('a', 'b')], [party('a', 'b')]), []);
  assert.deepEqual(plan([party('b', 'a')], [party('a', 'b')]), ['update relyingParty Portal']);
  assert.deepEqual(plan([group('a'), party('a')], [group('a'), group('b'), party('a', 'b')]), [
    'update relyingParty Portal',
    'delete ruleGroup b',
  ]);
});

test('a printed file reads back to the same value', () => {
  const file = parseTenantFile(text, 'tenant.yaml');
  assert.deepEqual(parseTenantFile(printTenantFile(file), 'again.yaml'), file);
});

test('everything that is wrong with a file is named with its place', () => {
  const wrong = 'tenant: { name: x, colour: red }\ngroups: [{ members: [1] }]\n';
  assert.throws(
    () => parseTenantFile(wrong, 'tenant.yaml'),
    (error) => {
      assert(error instanceof TenantFileError);
      assert.match(error.message, /tenant\.yaml: tenant: .*colour/);
      assert.match(error.message, /tenant\.yaml: groups\.0\.displayName/);
      assert.match(error.message, /tenant\.yaml: groups\.0\.members\.0/);
      return true;
    },
  );
  assert.throws(() => parseTenantFile('tenant: [', 'tenant.yaml'), TenantFileError);
  assert.throws(() => parseTenantFile('tenant: {name: a, name: b}', 'tenant.yaml'), TenantFileError);
});

test('the items of a file make the same file again', () => {
  const { items } = desired();
  const again = flatten(unflatten(items)).items;
  const sorted = (list: Item[]) =>
    list.map(({ onlyAtCreation: _, ...item }) => item).sort((a, b) => (itemId(a) < itemId(b) ? -1 : 1));
  assert.deepEqual(sorted(again), sorted(items));
});
