// What clients and checkers were seen to send and to need.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { onEachDatabase } from '../../databases.ts';
import { assertError, core, enterprise, ScimHub } from './scim-hub.ts';

onEachDatabase(({ storage }) => {
  let hub: ScimHub;
  before(async () => {
    hub = await ScimHub.open(storage);
  });
  const replaced = async (id: string, operation: Parameters<ScimHub['patch']>[1]) => {
    const { status, text } = await hub.patch(`/Users/${id}`, operation);
    assert.equal(status, 200, text);
    return (await hub.get(`/Users/${id}`)).body;
  };

  describe('discovery', () => {
    test('RFC 7644 4: ServiceProviderConfig has the members of RFC 7643 5 and no others', async () => {
      const { status, body } = await hub.get('/ServiceProviderConfig');
      assert.equal(status, 200);
      assert.deepEqual(Object.keys(body).toSorted(), [
        'authenticationSchemes',
        'bulk',
        'changePassword',
        'etag',
        'filter',
        'meta',
        'patch',
        'schemas',
        'sort',
      ]);
      assert.equal(body.patch.supported, true);
    });

    test('RFC 9865 4: a client of the standard dialect is told of pages by cursor', async () => {
      const token = await hub.newToken({ dialect: 'standard' });
      const { body } = await hub.get('/ServiceProviderConfig', { token });
      assert.equal(body.pagination.cursor, true);
    });

    test('RFC 7644 4: ResourceTypes and Schemas as lists and by id', async () => {
      const types = (await hub.get('/ResourceTypes')).body;
      assert.equal(types.totalResults, 2);
      assert.equal(types.Resources[0].endpoint, '/Users');
      assert.deepEqual((await hub.get('/ResourceTypes/User')).body, types.Resources[0]);
      const schemas = await hub.get('/Schemas');
      assert.match(schemas.text, /User Account/);
      assert.equal(schemas.body.totalResults, 3);
      const one = await hub.get(`/Schemas/${enterprise}`);
      assert.equal(one.body.id, enterprise);
      assertError(await hub.get('/Schemas/urn:nothing'), 404);
      assertError(await hub.get('/Schemas?filter=id pr'), 403);
    });
  });

  describe('requests', () => {
    test('RFC 7644 3.1: bodies of either media type are read, with parameters; others are refused by 415', async () => {
      for (const type of ['application/scim+json', 'application/json; charset=utf-8', 'Application/SCIM+JSON; v=2']) {
        const headers = { 'content-type': type };
        const { status } = await hub.ask('POST', '/Users', { userName: `type ${type}` }, { headers });
        assert.equal(status, 201);
      }
      const xml = { headers: { 'content-type': 'application/xml' }, text: '<user/>' };
      assertError(await hub.ask('POST', '/Users', undefined, xml), 415);
    });

    test('RFC 7644 3.12: malformed JSON, no body and a missing userName are refused by 400', async () => {
      assertError(await hub.ask('POST', '/Users', undefined, { text: '{"userName": ' }), 400, 'invalidSyntax');
      assertError(await hub.ask('POST', '/Users', undefined, { text: '[]' }), 400, 'invalidSyntax');
      assertError(await hub.ask('POST', '/Users'), 400, 'invalidSyntax');
      assertError(await hub.ask('POST', '/Users', { displayName: 'no name' }), 400, 'invalidValue');
      assertError(await hub.ask('POST', '/Users', { userName: '  ' }), 400, 'invalidValue');
      assertError(await hub.ask('POST', '/Users', { userName: 7 }), 400, 'invalidValue');
    });

    test('RFC 7643 2.1: names of attributes are read whatever their capitals', async () => {
      const body = await hub.make('/Users', { USERNAME: 'shouting', DisplayName: 'Shouting', ActiVe: false });
      assert.equal(body.userName, 'shouting');
      assert.equal(body.displayName, 'Shouting');
      assert.equal(body.active, false);
      assert.deepEqual(await hub.found('/Users?filter=DISPLAYNAME eq "shouting"'), ['shouting']);
      assert.equal((await hub.get('/Users?sortBy=meta.lastmodified')).status, 200);
    });

    test('Interop: bodies without schemas are read, and unknown attributes are ignored', async () => {
      const body = await hub.make('/Users', { userName: 'loose', adreses: [{ x: 1 }], acve: true });
      assert.equal(body.adreses, undefined);
    });

    test('RFC 7643 2.4: any type of a value is stored', async () => {
      const emails = [{ value: 'x@example.com', type: 'carrier pigeon' }];
      const { id } = await hub.user('typed', { emails, phoneNumbers: [{ value: '1', type: 'red' }] });
      const { body } = await hub.get(`/Users/${id}`);
      assert.deepEqual(body.emails, emails);
      assert.deepEqual(body.phoneNumbers, [{ value: '1', type: 'red' }]);
    });
  });

  describe("Microsoft's collection", () => {
    test('Interop: filters without quotation marks', async () => {
      await hub.user('Olaf', { name: { familyName: 'Employee' }, [enterprise]: { employeeNumber: '701984' } });
      assert.deepEqual(await hub.found('/Users?filter=name.FamilyName eq Employee'), ['Olaf']);
      assert.deepEqual(await hub.found('/Users?filter=userName sw O'), ['Olaf']);
      assert.deepEqual(await hub.found(`/Users?filter=${enterprise}:employeeNumber eq 701984`), ['Olaf']);
      const late = 'meta.Created gt 2035-10-10T14:38:21.8617979-07:00';
      assert.deepEqual(await hub.found(`/Users?filter=${late}`), []);
    });

    test('Interop: a member is added by its bare identifier', async () => {
      const [user, group] = [await hub.user('bare'), await hub.group('bare')];
      const { status } = await hub.patch(`/Groups/${group.id}`, { op: 'Add', path: 'members', value: user.id });
      assert.equal(status, 200);
      const { text } = await hub.get(`/Groups/${group.id}`);
      assert.match(text, /"display":"bare"/);
    });

    test('RFC 7644 3.5.2.1: an operation without a path changes each attribute of its value', async () => {
      const { id } = await hub.user('pathless');
      const value = {
        schemas: [`${core}:User`, enterprise],
        displayName: 'Path Less',
        'name.givenName': 'Path',
        emails: [{ value: 'p@example.com', type: 'work' }],
        [enterprise]: { department: 'Tours' },
      };
      const body = await replaced(id, { op: 'replace', value });
      assert.equal(body.displayName, 'Path Less');
      assert.equal(body.name.givenName, 'Path');
      assert.equal(body.emails[0].value, 'p@example.com');
      assert.equal(body[enterprise].department, 'Tours');
      const next = await replaced(id, { op: 'add', path: `${enterprise}:costCenter`, value: '4130' });
      assert.deepEqual(next[enterprise], { costCenter: '4130', department: 'Tours' });
    });
  });

  describe('Entra', () => {
    let entra: ScimHub;
    before(async () => {
      entra = await ScimHub.open(storage, { dialect: 'entra' });
    });

    test('Interop: the probe for a user that is not there is answered by 200 and nothing', async () => {
      const { status, body } = await entra.get('/Users?filter=userName eq "5b2a1c9e-0000-4000-8000-000000000000"');
      assert.equal(status, 200);
      assert.equal(body.totalResults, 0);
    });

    test('Interop: "Add" and "Replace" in capitals, booleans as text, and values that are made where none are', async () => {
      const { id } = await entra.user('entra');
      const { status } = await entra.patch(
        `/Users/${id}`,
        { op: 'Add', path: 'emails[type eq "work"].value', value: 'someone@contoso.com' },
        { op: 'Replace', path: 'active', value: 'False' },
        { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+1 555' },
        { op: 'Replace', path: 'addresses[type eq "work"].locality', value: 'Redmond' },
        { op: 'Add', path: `${enterprise}:manager`, value: id },
      );
      // A user is no manager of itself: nothing at all has happened.
      assert.equal(status, 400);
      const answer = await entra.patch(
        `/Users/${id}`,
        { op: 'Add', path: 'emails[type eq "work"].value', value: 'someone@contoso.com' },
        { op: 'Replace', path: 'active', value: 'False' },
        { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+1 555' },
        { op: 'Replace', path: 'addresses[type eq "work"].locality', value: 'Redmond' },
      );
      assert.equal(answer.status, 200);
      const { body } = await entra.get(`/Users/${id}`);
      assert.equal(body.active, false);
      assert.deepEqual(body.emails, [{ value: 'someone@contoso.com', type: 'work' }]);
      assert.deepEqual(body.phoneNumbers, [{ value: '+1 555', type: 'mobile' }]);
      assert.deepEqual(body.addresses, [{ locality: 'Redmond', type: 'work' }]);
      assert.deepEqual(await entra.found('/Users?filter=emails[type eq "work"].value eq "SOMEONE@contoso.com"'), [
        'entra',
      ]);
    });

    test('Interop: changes of a group are answered by 204, and members are removed by path and value', async () => {
      const user = await entra.user('grouped');
      const group = await entra.group('entra');
      const add = await entra.patch(`/Groups/${group.id}`, {
        op: 'Add',
        path: 'members',
        value: [{ $ref: null, value: user.id }],
      });
      assert.equal(add.status, 204);
      assert.equal((await entra.get(`/Groups/${group.id}`)).body.members.length, 1);
      const excluded = await entra.get(`/Groups/${group.id}?excludedAttributes=members`);
      assert.equal(excluded.body.members, undefined);
      const probe = `/Groups?excludedAttributes=members&filter=id eq "${group.id}" and members eq "${user.id}"`;
      assert.equal((await entra.get(probe)).body.totalResults, 1);
      const removal = await entra.patch(`/Groups/${group.id}`, {
        op: 'Remove',
        path: 'members',
        value: [{ $ref: null, value: user.id }],
      });
      assert.equal(removal.status, 204);
      assert.equal((await entra.get(probe)).body.totalResults, 0);
    });

    test('Interop: the manager comes as the identifier alone', async () => {
      const [boss, worker] = [await entra.user('entra boss'), await entra.user('entra worker')];
      await entra.patch(`/Users/${worker.id}`, { op: 'Add', path: `${enterprise}:manager`, value: boss.id });
      assert.equal((await entra.get(`/Users/${worker.id}`)).body[enterprise].manager.displayName, 'entra boss');
    });
  });

  describe('IAM Identity Center', () => {
    let aws: ScimHub;
    before(async () => {
      aws = await ScimHub.open(storage, { dialect: 'aws-identity-center' });
    });
    const person = (userName: string) => ({
      userName,
      displayName: userName,
      name: { givenName: 'A', familyName: 'B' },
      emails: [{ value: `${userName}@example.com`, type: 'work', primary: true }],
    });

    test('Interop: what that endpoint demands and refuses, this one does, too', async () => {
      assert.equal((await aws.ask('POST', '/Users', person('aws'))).status, 201);
      const { name: _, ...nameless } = person('nameless');
      assertError(await aws.ask('POST', '/Users', nameless), 400, 'invalidValue');
      const two = { ...person('two'), emails: [{ value: 'a@b.c', primary: true }, { value: 'd@e.f' }] };
      assertError(await aws.ask('POST', '/Users', two), 400, 'invalidValue');
      assertError(await aws.get('/Users?filter=userName sw "a"'), 400, 'invalidFilter');
      assertError(await aws.get('/Users?filter=title eq "a"'), 400, 'invalidFilter');
      assertError(await aws.ask('POST', '/Bulk', { Operations: [] }), 501);
      assertError(await aws.ask('POST', '/Users/.search', {}), 501);
      assert.deepEqual(await aws.found('/Users?filter=userName eq "AWS"'), ['aws']);
    });

    test('Interop: members of a group are never shown, but found; one request changes at most 100', async () => {
      const { id } = await aws.make('/Users', person('member'));
      const { id: groupId } = await aws.make('/Groups', { displayName: 'aws', members: [{ value: id }] });
      assert.deepEqual((await aws.get(`/Groups/${groupId}`)).body.members, []);
      const found = await aws.get(`/Groups?filter=id eq "${groupId}" and members eq "${id}"`);
      assert.equal(found.body.totalResults, 1);
      const value = Array.from({ length: 101 }, () => ({ value: id }));
      assertError(await aws.patch(`/Groups/${groupId}`, { op: 'add', path: 'members', value }), 400, 'invalidValue');
      const [, ...hundred] = value;
      assert.equal((await aws.patch(`/Groups/${groupId}`, { op: 'add', path: 'members', value: hundred })).status, 204);
      const all = await aws.patch(`/Groups/${groupId}`, { op: 'replace', path: 'members', value: [{ value: id }] });
      assertError(all, 400, 'mutability');
    });

    test('Interop: startIndex and attributes are read by nobody, and there are no versions', async () => {
      const { body, headers } = await aws.get('/Users?startIndex=2&attributes=userName');
      assert.equal(body.startIndex, 1);
      assert.ok(body.Resources[0].displayName);
      assert.equal(headers['etag'], undefined);
      assert.equal(body.Resources[0].meta.version, undefined);
    });
  });

  describe('who may ask', () => {
    test('RFC 7644 3.12: without a token, or with another one, the answer is 401 as SCIM error', async () => {
      for (const token of ['', 'nothing', `${hub.token}x`]) {
        const answer = await hub.get('/Users', { token });
        assertError(answer, 401);
        assert.equal(answer.headers['www-authenticate'], 'Bearer realm="scim"');
      }
    });

    test('a token of another tenant is nothing here', async () => {
      const other = await ScimHub.open(storage);
      assertError(await hub.get('/Users', { token: other.token }), 401);
      assert.equal((await other.get('/Users')).status, 200);
    });

    test('a token that has expired, was revoked, or was rotated away is refused from then on', async () => {
      const { revokeScimToken, rotateScimToken } = await import('../../../src/inbound-provisioning/index.ts');
      const mine = await ScimHub.open(storage);
      const [kept] = await storage.read.scimTokens.list(mine.tenant.id);
      const id = kept?.id ?? '';
      const { text } = await storage.write((stores) =>
        rotateScimToken(stores, mine.act(), id, { overlapDays: 7 }, new Uint8Array(32)),
      );
      assert.equal((await mine.get('/Users')).status, 200);
      assert.equal((await mine.get('/Users', { token: text })).status, 200);
      mine.now = new Date(mine.now.getTime() + 8 * 86_400_000);
      assertError(await mine.get('/Users'), 401);
      assert.equal((await mine.get('/Users', { token: text })).status, 200);
      const start = mine.now;
      mine.now = new Date(start.getTime() + 400 * 86_400_000);
      assertError(await mine.get('/Users', { token: text }), 401);
      mine.now = start;
      await storage.write((stores) => revokeScimToken(stores, mine.act(), id));
      assertError(await mine.get('/Users', { token: text }), 401);
    });

    test('a token does what its scopes say; who may write may read', async () => {
      const reader = await hub.newToken({ scopes: ['users.read'] });
      assert.equal((await hub.get('/Users', { token: reader })).status, 200);
      assertError(await hub.ask('POST', '/Users', { userName: 'refused' }, { token: reader }), 403);
      assertError(await hub.get('/Groups', { token: reader }), 403);
      const writer = await hub.newToken({ scopes: ['users.write'] });
      assert.equal((await hub.get('/Users', { token: writer })).status, 200);
      const all = await hub.get('?filter=displayName pr', { token: writer });
      assert.ok(
        all.body.Resources.every(({ meta }: { meta: { resourceType: string } }) => meta.resourceType === 'User'),
      );
    });

    test('the last use of a token is known to the minute', async () => {
      const mine = await ScimHub.open(storage);
      await mine.get('/Users');
      const [used] = await storage.read.scimTokens.list(mine.tenant.id);
      assert.deepEqual(used?.lastUsedAt, mine.now);
    });
  });

  test('RFC 7644 3.11: a token stands for no user, so that Me is answered by 501', async () => {
    assertError(await hub.get('/Me'), 501);
  });
});
