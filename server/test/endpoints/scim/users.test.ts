import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { onEachDatabase } from '../../databases.ts';
import { assertError, core, enterprise, messages, ScimHub } from './scim-hub.ts';

onEachDatabase(({ storage }) => {
  let hub: ScimHub;
  before(async () => {
    hub = await ScimHub.open(storage);
  });

  test('RFC 7644 3.3: a user is created and answered with Location, version and meta', async () => {
    const { status, headers, body } = await hub.ask('POST', '/Users', {
      schemas: [`${core}:User`],
      userName: 'bjensen',
      externalId: 'bjensen',
      name: { formatted: 'Ms. Barbara J Jensen III', familyName: 'Jensen', givenName: 'Barbara' },
    });
    assert.equal(status, 201);
    assert.equal(headers['location'], `https://hub.example/${hub.tenant.name}/scim/v2/Users/${body.id}`);
    assert.equal(headers['etag'], body.meta.version);
    assert.deepEqual(body.schemas, [`${core}:User`]);
    assert.equal(body.userName, 'bjensen');
    assert.equal(body.externalId, 'bjensen');
    assert.equal(body.active, true);
    assert.equal(body.displayName, 'Ms. Barbara J Jensen III');
    assert.deepEqual(body.name, {
      formatted: 'Ms. Barbara J Jensen III',
      familyName: 'Jensen',
      givenName: 'Barbara',
    });
    assert.deepEqual(body.meta, {
      resourceType: 'User',
      created: hub.now.toISOString(),
      lastModified: hub.now.toISOString(),
      location: headers['location'],
      version: 'W/"1"',
    });
    assert.deepEqual((await hub.get(`/Users/${body.id}`)).body, body);
  });

  test('RFC 7643 8.3: the full user comes back as it was sent, with its extension and manager', async () => {
    const manager = await hub.user('john.smith@example.com', { displayName: 'John Smith' });
    const sent = {
      schemas: [`${core}:User`, enterprise],
      userName: 'bjensen@example.com',
      externalId: '701984',
      name: {
        formatted: 'Ms. Barbara J Jensen, III',
        familyName: 'Jensen',
        givenName: 'Barbara',
        middleName: 'Jane',
        honorificPrefix: 'Ms.',
        honorificSuffix: 'III',
      },
      displayName: 'Babs Jensen',
      nickName: 'Babs',
      profileUrl: 'https://login.example.com/bjensen',
      title: 'Tour Guide',
      userType: 'Employee',
      preferredLanguage: 'en-US',
      locale: 'en-US',
      timezone: 'America/Los_Angeles',
      active: true,
      emails: [
        { value: 'bjensen@example.com', type: 'work', primary: true },
        { value: 'babs@jensen.org', type: 'home' },
      ],
      phoneNumbers: [
        { value: '555-555-5555', type: 'work' },
        { value: '555-555-4444', type: 'mobile' },
      ],
      ims: [{ value: 'someaimhandle', type: 'aim' }],
      photos: [{ value: 'https://photos.example.com/profilephoto/72930000000Ccne/F', type: 'photo' }],
      addresses: [
        {
          formatted: '100 Universal City Plaza\nHollywood, CA 91608 USA',
          streetAddress: '100 Universal City Plaza',
          locality: 'Hollywood',
          region: 'CA',
          postalCode: '91608',
          country: 'USA',
          type: 'work',
          primary: true,
        },
        { streetAddress: '456 Hollywood Blvd', locality: 'Hollywood', type: 'home' },
      ],
      entitlements: [{ value: 'crm' }],
      roles: [{ value: 'guide', display: 'Guide', type: 'what ever', primary: true }],
      x509Certificates: [{ value: 'MIIDQzCCAqygAwIBAgICEAAwDQYJKoZIhvcNAQEFBQAwTjELMAkGA1UEBhMCVVMx' }],
      [enterprise]: {
        employeeNumber: '701984',
        costCenter: '4130',
        organization: 'Universal Studios',
        division: 'Theme Park',
        department: 'Tour Operations',
        manager: { value: manager.id },
      },
    };
    const { id } = await hub.make('/Users', sent);
    const { body } = await hub.get(`/Users/${id}`);
    const { meta: _, id: __, ...rest } = body;
    assert.deepEqual(rest, {
      ...sent,
      [enterprise]: {
        ...sent[enterprise],
        manager: {
          value: manager.id,
          $ref: `https://hub.example/${hub.tenant.name}/scim/v2/Users/${manager.id}`,
          displayName: 'John Smith',
        },
      },
    });
    const { attributes } = (await storage.read.objects.find(hub.tenant.id, id)) ?? {};
    assert.equal(attributes?.['mail'], 'bjensen@example.com');
    assert.deepEqual(attributes?.['otherMails'], ['babs@jensen.org']);
    assert.equal(attributes?.['mobilePhone'], '555-555-4444');
    assert.equal(attributes?.['city'], 'Hollywood');
  });

  test('RFC 7643 4.1.1: a userName in a domain of the tenant is the user principal name', async () => {
    const name = `lisa@${hub.tenant.name}.example`;
    const { id } = await hub.user(name);
    const user = await storage.read.objects.find(hub.tenant.id, id);
    assert.equal(user?.attributes['userPrincipalName'], name);
    assert.equal(user?.attributes['identities'], undefined);
  });

  test('RFC 7644 3.3: a userName that is taken is refused by 409, whatever its capitals', async () => {
    await hub.user('taken');
    assertError(await hub.ask('POST', '/Users', { userName: 'TAKEN' }), 409, 'uniqueness');
    const named = `upn@${hub.tenant.name}.example`;
    await hub.user(named);
    assertError(await hub.ask('POST', '/Users', { userName: named.toUpperCase() }), 409, 'uniqueness');
  });

  test('RFC 7644 3.3: of parallel creations of one userName, one wins', async () => {
    for (const userName of ['parallel', `parallel@${hub.tenant.name}.example`]) {
      const answers = await Promise.all(Array.from({ length: 8 }, () => hub.ask('POST', '/Users', { userName })));
      const statuses = answers.map(({ status }) => status).sort();
      assert.deepEqual(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
    }
  });

  test('RFC 7644 3.5.1: PUT empties what it leaves out, and keeps what clients cannot write', async () => {
    const { id, meta } = await hub.user('put', { title: 'Guide', nickName: 'P', emails: [{ value: 'p@example.com' }] });
    const { status, body } = await hub.ask('PUT', `/Users/${id}`, { userName: 'put', nickName: 'Q', id: 'other' });
    assert.equal(status, 200);
    assert.equal(body.id, id);
    assert.equal(body.nickName, 'Q');
    assert.equal(body.title, undefined);
    assert.equal(body.emails, undefined);
    assert.equal(body.active, true);
    assert.equal(body.meta.created, meta.created);
    assert.equal(body.meta.version, 'W/"2"');
  });

  test('RFC 7644 3.5.2: a PATCH that changes nothing makes no new version', async () => {
    const { id } = await hub.user('same', { title: 'Guide' });
    const { body } = await hub.patch(`/Users/${id}`, { op: 'replace', path: 'title', value: 'Guide' });
    assert.equal(body.meta.version, 'W/"1"');
  });

  test('RFC 7644 3.5.2: PATCH is atomic: one bad operation, and nothing is changed', async () => {
    const { id } = await hub.user('atomic', { title: 'Guide' });
    const answer = await hub.patch(
      `/Users/${id}`,
      { op: 'replace', path: 'title', value: 'Boss' },
      { op: 'replace', path: 'noSuchAttribute', value: 'x' },
    );
    assertError(answer, 400, 'invalidPath');
    assert.equal((await hub.get(`/Users/${id}`)).body.title, 'Guide');
  });

  test('RFC 7644 3.5.2.2: a required attribute cannot be removed', async () => {
    const { id } = await hub.user('required');
    assertError(await hub.patch(`/Users/${id}`, { op: 'remove', path: 'userName' }), 400, 'mutability');
  });

  test('RFC 7644 3.5.2: a readOnly attribute cannot be changed', async () => {
    const { id } = await hub.user('readonly');
    const answer = await hub.patch(`/Users/${id}`, { op: 'replace', path: 'meta.created', value: '2020-01-01' });
    assertError(answer, 400, 'mutability');
  });

  test('RFC 7643 4.1.1: users are renamed, and swap names over a third one', async () => {
    const [one, two] = [await hub.user('one@elsewhere.example'), await hub.user(`two@${hub.tenant.name}.example`)];
    const rename = (id: string, value: string) => hub.patch(`/Users/${id}`, { op: 'replace', path: 'userName', value });
    assertError(await rename(one.id, two.userName), 409, 'uniqueness');
    assert.equal((await rename(one.id, 'aside')).status, 200);
    assert.equal((await rename(two.id, one.userName)).status, 200);
    assert.equal((await rename(one.id, two.userName)).status, 200);
    assert.equal((await hub.get(`/Users/${one.id}`)).body.userName, two.userName);
    assert.equal((await hub.get(`/Users/${two.id}`)).body.userName, one.userName);
  });

  test('RFC 7644 3.6: a deleted user is gone, its name is free, and it can be restored', async () => {
    const { id } = await hub.user('deleted');
    assert.equal((await hub.ask('DELETE', `/Users/${id}`)).status, 204);
    assertError(await hub.get(`/Users/${id}`), 404);
    assertError(await hub.ask('DELETE', `/Users/${id}`), 404);
    assertError(await hub.patch(`/Users/${id}`, { op: 'replace', path: 'title', value: 'x' }), 404);
    const { items } = await storage.read.objects.listDeleted(hub.tenant.id, 'user', 1000);
    assert.ok(items.some((item) => item.id === id));
    assert.equal((await hub.user('deleted')).userName, 'deleted');
  });

  test('RFC 7644 3.14: If-Match lets a change pass only on the version that it names', async () => {
    const { id, meta } = await hub.user('versions');
    const change = (value: string, version: string) =>
      hub.ask(
        'PATCH',
        `/Users/${id}`,
        { schemas: [`${messages}:PatchOp`], Operations: [{ op: 'replace', path: 'title', value }] },
        { headers: { 'if-match': version } },
      );
    const { status, headers } = await change('first', meta.version);
    assert.equal(status, 200);
    assert.notEqual(headers['etag'], meta.version);
    assertError(await change('second', meta.version), 412);
    const stale = { headers: { 'if-match': meta.version } };
    assertError(await hub.ask('DELETE', `/Users/${id}`, undefined, stale), 412);
    const unmodified = await hub.get(`/Users/${id}`, { headers: { 'if-none-match': String(headers['etag']) } });
    assert.equal(unmodified.status, 304);
    assert.equal(unmodified.text, '');
  });

  test('RFC 7644 3.9: attributes and excludedAttributes choose what is answered; schemas and id always are', async () => {
    const { id } = await hub.user('projected', {
      title: 'Guide',
      emails: [
        { value: 'w@example.com', type: 'work' },
        { value: 'h@example.com', type: 'home' },
      ],
    });
    const some = await hub.get(`/Users/${id}?attributes=userName,emails[type eq "work"]`);
    assert.deepEqual(some.body, {
      schemas: [`${core}:User`],
      id,
      userName: 'projected',
      emails: [{ value: 'w@example.com', type: 'work' }],
    });
    const others = await hub.get(`/Users/${id}?excludedAttributes=emails,title,schemas,id`);
    assert.equal(others.body.id, id);
    assert.equal(others.body.title, undefined);
    assert.equal(others.body.emails, undefined);
    assert.equal(others.body.userName, 'projected');
  });

  test('RFC 7643 4.1.1: a password is set, never answered, and cannot be searched', async () => {
    const { status, body, text } = await hub.ask('POST', '/Users', {
      userName: 'secretive',
      password: 'correct horse battery staple',
    });
    assert.equal(status, 201);
    assert.doesNotMatch(text, /horse/);
    assert.ok(await storage.read.passwords.find(hub.tenant.id, body.id));
    assertError(await hub.get('/Users?filter=password sw "c"'), 400, 'invalidFilter');
    const weak = await hub.patch(`/Users/${body.id}`, { op: 'replace', path: 'password', value: 'password' });
    assertError(weak, 400, 'invalidValue');
  });

  test('RFC 7643 4.3: a manager is set, changed and removed; one who does not exist is refused', async () => {
    const [boss, other, worker] = [await hub.user('boss'), await hub.user('other boss'), await hub.user('worker')];
    const path = `${enterprise}:manager`;
    const set = (value: unknown) => hub.patch(`/Users/${worker.id}`, { op: 'replace', path, value: value as string });
    const managerOf = async () => (await hub.get(`/Users/${worker.id}`)).body[enterprise]?.manager?.value;
    const first = await set({ value: boss.id });
    assert.equal(await managerOf(), boss.id);
    const { body } = await set(other.id);
    assert.equal(body[enterprise].manager.value, other.id);
    const versions = [worker, first.body, body].map(({ meta }) => meta.version);
    assert.equal(new Set(versions).size, 3, `${versions}`);
    assert.equal(body.meta.version, (await hub.get(`/Users/${worker.id}`)).body.meta.version);
    assertError(await set('no-such-user'), 400, 'invalidValue');
    assert.equal(await managerOf(), other.id);
    assert.equal((await hub.patch(`/Users/${worker.id}`, { op: 'remove', path })).status, 200);
    assert.equal(await managerOf(), undefined);
  });

  test('a mail that another part of the hub sets counts, and the list that contradicts it goes', async () => {
    const { updateUser } = await import('../../../src/directory/index.ts');
    const { id } = await hub.user('remailed', { emails: [{ value: 'old@example.com', type: 'home' }] });
    await storage.write((stores) => updateUser(stores, hub.act(), id, { mail: 'new@example.com' }));
    const { body } = await hub.get(`/Users/${id}`);
    assert.deepEqual(body.emails, [{ value: 'new@example.com', type: 'work', primary: true }]);
  });

  test('an administrator is not changed by a SCIM client', async () => {
    const { assignDirectoryRole, directoryRoles } = await import('../../../src/directory/index.ts');
    const { id } = await hub.user('administrator');
    await storage.write((stores) => assignDirectoryRole(stores, hub.act(), directoryRoles.userAdministrator.id, id));
    assertError(await hub.patch(`/Users/${id}`, { op: 'replace', path: 'active', value: false }), 403);
    assertError(await hub.ask('DELETE', `/Users/${id}`), 403);
    assertError(await hub.ask('PUT', `/Users/${id}`, { userName: 'administrator', password: 'mine from now on' }), 403);
  });

  test('where the tenant chose so, a deletion deactivates', async () => {
    const { changeScimSettings } = await import('../../../src/inbound-provisioning/index.ts');
    const other = await ScimHub.open(storage);
    await storage.write((stores) => changeScimSettings(stores, other.act(), { userDeletion: 'deactivate' }));
    const { id } = await other.user('leaver');
    assert.equal((await other.ask('DELETE', `/Users/${id}`)).status, 204);
    const { status, body } = await other.get(`/Users/${id}`);
    assert.equal(status, 200);
    assert.equal(body.active, false);
  });

  test('every change stands in the audit log, by the name of the token', async () => {
    const { id } = await hub.user('audited');
    const [event] = await storage.read.audit.list(hub.tenant.id, { objectId: id }, 1);
    assert.equal(event?.verb, 'user.create');
    assert.match(String(event?.actor.name), /^SCIM token client /);
  });
});
