import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createUser,
  findUser,
  identityName,
  identitySpace,
  removeManager,
  setManager,
  updateUser,
} from '../../src/directory/index.ts';
import { onEachDatabase } from '../databases.ts';
import { openTenant } from './open-tenant.ts';

onEachDatabase(({ storage }) => {
  test('a user comes back by id and user principal name with what was given, checked and completed', async () => {
    const { id, tenant, user } = await openTenant(storage);
    const marge = await user('marge', {
      givenName: 'Marge',
      jobTitle: '',
      otherMails: ['M@x.example', 'm@X.example', 'n@x.example'],
      usageLocation: 'DE',
      userType: 'guest',
      employeeHireDate: '2026-03-01T12:00:00+02:00',
      onPremisesExtensionAttributes: { extensionAttribute1: 'blue', extensionAttribute2: null },
    });
    assert.deepEqual(marge.attributes, {
      userPrincipalName: `marge@${tenant.name}.example`,
      displayName: 'marge',
      accountEnabled: true,
      givenName: 'Marge',
      otherMails: ['M@x.example', 'n@x.example'],
      usageLocation: 'DE',
      userType: 'Guest',
      employeeHireDate: '2026-03-01T10:00:00.000Z',
      onPremisesExtensionAttributes: { extensionAttribute1: 'blue' },
    });
    for (const name of [marge.id, `MARGE@${tenant.name}.EXAMPLE`]) {
      assert.deepEqual(await findUser(storage.read, id, name), marge);
    }
    assert.equal(await findUser(storage.read, 'another tenant', marge.id), undefined);
  });

  test('a user is made together with a password, of which the audit log has nothing', async () => {
    const { id, tenant, write, lastEvent } = await openTenant(storage);
    const attributes = { userPrincipalName: `bart@${tenant.name}.example`, displayName: 'Bart' };
    const bart = await write((stores, act) =>
      createUser(stores, act, attributes, { hash: 'the-hash', mustChange: true }),
    );
    const kept = await storage.read.passwords.find(id, bart.id);
    assert.deepEqual([kept?.hash, kept?.mustChange], ['the-hash', true]);
    assert.equal(bart.attributes['lastPasswordChangeDateTime'], '2026-03-01T10:00:00.000Z');
    const event = await lastEvent();
    assert.equal(event.verb, 'user.create');
    assert.doesNotMatch(JSON.stringify(event), /the-hash/);
  });

  test('of users with one name that are made at once, exactly one is made', async () => {
    const { id, user } = await openTenant(storage);
    const names = ['twin', 'TWIN', 'twin', 'Twin', 'twin', 'tWin'];
    const outcomes = await Promise.allSettled(names.map((name) => user(name)));
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'directory.name_taken');
    }
    const events = await storage.read.audit.list(id, { verb: 'user.create' }, 10);
    assert.equal(events.length, 1, 'and nothing of the others is kept');
  });

  test('a user is changed, and the audit event tells what was before and after', async () => {
    const { id, user, write, lastEvent } = await openTenant(storage);
    const homer = await user('homer', { department: 'Safety', jobTitle: 'Inspector' });
    const later = new Date('2026-03-02T00:00:00Z');
    const change = { department: 'Bowling', jobTitle: null, city: 'Springfield', mobilePhone: '' };
    const after = await write((stores, act) => updateUser(stores, act, homer.id, change), later);
    const { jobTitle: _, ...rest } = homer.attributes;
    assert.deepEqual(after.attributes, { ...rest, department: 'Bowling', city: 'Springfield' });
    assert.deepEqual([after.version, after.modifiedAt], [homer.version + 1, later]);
    assert.deepEqual(await findUser(storage.read, id, homer.id), after);
    assert.deepEqual(await lastEvent(), {
      verb: 'user.update',
      name: homer.attributes['userPrincipalName'],
      changes: [
        { property: 'city', after: 'Springfield' },
        { property: 'department', before: 'Safety', after: 'Bowling' },
        { property: 'jobTitle', before: 'Inspector' },
      ],
    });
  });

  test('a change that changes nothing is not written', async () => {
    const { user, write, lastEvent } = await openTenant(storage);
    const lisa = await user('lisa', { otherMails: ['l@x.example'] });
    const later = new Date('2026-03-02T00:00:00Z');
    const same = { displayName: 'lisa', otherMails: ['l@x.example'], city: null };
    assert.deepEqual(await write((stores, act) => updateUser(stores, act, lisa.id, same), later), lisa);
    assert.equal((await lastEvent()).verb, 'user.create');
  });

  test('a change that is built on an older version is refused', async () => {
    const { user, write } = await openTenant(storage);
    const ned = await user('ned');
    const change = (city: string, ifVersion: number) =>
      write((stores, act) => updateUser(stores, act, ned.id, { city }, { ifVersion }));
    await change('Springfield', ned.version);
    await assert.rejects(change('Shelbyville', ned.version), { code: 'directory.changed_meanwhile', status: 412 });
  });

  test('a user of another tenant is not there', async () => {
    const [mine, theirs] = [await openTenant(storage), await openTenant(storage)];
    const moe = await theirs.user('moe');
    const change = mine.write((stores, act) => updateUser(stores, act, moe.id, { city: 'Springfield' }));
    await assert.rejects(change, { code: 'directory.object_not_found', status: 404 });
    assert.deepEqual(await findUser(storage.read, theirs.id, moe.id), moe);
  });

  test('names are in verified domains of the tenant only', async () => {
    const { user, tenant, write } = await openTenant(storage);
    const foreign = { userPrincipalName: 'x@somewhere.example' };
    await assert.rejects(user('x', foreign), { code: 'directory.domain_not_verified' });
    const other = await openTenant(storage);
    await assert.rejects(user('x', { userPrincipalName: `x@${other.tenant.name}.example` }), {
      code: 'directory.domain_not_verified',
    });
    const apu = await user('apu');
    const renamed = write((stores, act) => updateUser(stores, act, apu.id, foreign));
    await assert.rejects(renamed, { code: 'directory.domain_not_verified' });
    const local = { signInType: 'emailAddress', issuer: 'somewhere.example', issuerAssignedId: 'a@b.example' };
    const added = write((stores, act) => updateUser(stores, act, apu.id, { identities: [local] }));
    await assert.rejects(added, { code: 'directory.domain_not_verified' });
    await user('y', { identities: [{ ...local, issuer: `${tenant.name}.example` }] });
  });

  test('a customer without a user principal name gets one, and is found by the identity', async () => {
    const { id, tenant, user } = await openTenant(storage);
    const issuer = `${tenant.name}.example`;
    const identity = { signInType: 'emailAddress', issuer, issuerAssignedId: 'Jane@Shop.example' };
    const jane = await user('jane', { userPrincipalName: null, identities: [identity] });
    assert.equal(jane.attributes['userPrincipalName'], `${jane.id}@${issuer}`);
    const name = identityName({ ...identity, issuerAssignedId: 'jane@shop.EXAMPLE' });
    assert.deepEqual(await storage.read.objects.findByName(id, identitySpace, name), jane);
  });

  test('the identity that repeats the user principal name is understood and not kept', async () => {
    const { tenant, user, write } = await openTenant(storage);
    const issuer = `${tenant.name}.example`;
    const own = { signInType: 'userPrincipalName', issuer, issuerAssignedId: `otto@${issuer}` };
    const otto = await user('otto', { userPrincipalName: null, identities: [own] });
    assert.equal(otto.attributes['userPrincipalName'], `otto@${issuer}`);
    assert.equal(otto.attributes['identities'], undefined);
    const other = { ...own, issuerAssignedId: `other@${issuer}` };
    const contradicting = write((stores, act) => updateUser(stores, act, otto.id, { identities: [other] }));
    await assert.rejects(contradicting, { code: 'directory.attribute_invalid' });
  });

  test('two subjects of an identity provider that differ in case are two users', async () => {
    const { user } = await openTenant(storage);
    const identity = (issuerAssignedId: string) => [
      { signInType: 'federated', issuer: 'https://idp.example', issuerAssignedId },
    ];
    await user('first', { identities: identity('sub-A') });
    await user('second', { identities: identity('sub-a') });
    await assert.rejects(user('third', { identities: identity('sub-a') }), { code: 'directory.name_taken' });
  });

  test('a user has one manager', async () => {
    const { id, user, write, lastEvent } = await openTenant(storage);
    const [homer, burns, smithers] = [await user('homer'), await user('burns'), await user('smithers')];
    const managers = async () => (await storage.read.links.listTo(id, 'manager', homer.id, { limit: 9 })).items;
    const set = (managerId: string) => write((stores, act) => setManager(stores, act, homer.id, managerId));
    await Promise.all([set(burns.id), set(smithers.id)]);
    assert.equal((await managers()).length, 1);
    await set(burns.id);
    await set(burns.id);
    assert.deepEqual(await managers(), [burns]);
    await assert.rejects(set(homer.id), { code: 'directory.link_kind_invalid' });
    assert.equal(await write((stores, act) => removeManager(stores, act, homer.id), new Date('2026-03-02')), true);
    assert.equal((await lastEvent()).verb, 'user.remove_manager');
    assert.equal(await write((stores, act) => removeManager(stores, act, homer.id)), false);
  });
});
