import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { onEachDatabase } from '../../databases.ts';
import { assertError, ScimHub } from './scim-hub.ts';

onEachDatabase(({ storage }) => {
  let hub: ScimHub;
  let id: string;
  before(async () => {
    hub = await ScimHub.open(storage);
    ({ id } = await hub.user('victim'));
  });
  const filtered = (filter: string) => hub.get(`/Users?filter=${encodeURIComponent(filter)}`);
  const searched = (filter: string) => hub.ask('POST', '/Users/.search', { filter });

  test('RFC 7644 3.4.2.2: filters nested without end, unfinished or of unknown attributes are 400 invalidFilter', async () => {
    const deep = 100_000;
    for (const filter of [
      `${'('.repeat(deep)}userName pr${')'.repeat(deep)}`,
      `${'not ('.repeat(deep)}userName pr${')'.repeat(deep)}`,
      Array.from({ length: 500 }, () => 'userName eq "a"').join(' or '),
      'userName eq "unterminated',
      'userName eq',
      'userName zz "a"',
      'noSuchAttribute eq "a"',
      'active gt true',
      'name eq "x"',
      'emails[type eq "work"',
      'userName eq "a" and',
    ]) {
      assertError(await searched(filter), 400, 'invalidFilter');
    }
  });

  test('texts that no database can keep are refused or found nowhere, and break nothing', async () => {
    for (const text of ['\u0000', 'a\u0000b', '\ud800']) {
      const answer = await searched(`userName eq ${JSON.stringify(text)}`);
      assert.ok([200, 400].includes(answer.status), answer.text);
      assert.equal((await hub.ask('POST', '/Users', { userName: text })).status, 400);
      const member = { op: 'add', path: 'members', value: [{ value: text }] };
      const group = await hub.group('g');
      assert.equal((await hub.patch(`/Groups/${group.id}`, member)).status, 400);
      assert.ok(
        [200, 400].includes(
          (await hub.ask('POST', '/Groups/.search', { filter: `members eq ${JSON.stringify(text)}` })).status,
        ),
      );
    }
    assertError(await hub.get('/Users/%00'), 404);
    assertError(await hub.ask('DELETE', '/Users/%00'), 404);
    assertError(await hub.ask('DELETE', '/Groups/%00'), 404);
  });

  test('RFC 7644 3.4.2.2: values in any script are compared as they are meant', async () => {
    await hub.user('Źdźbło');
    assert.equal((await filtered('userName eq "źDŹBŁO"')).body.totalResults, 1);
    assert.equal((await filtered('userName eq "\\u017ad\\u017ab\\u0142o"')).body.totalResults, 1);
  });

  test('an identifier in the body does not move the change to another user', async () => {
    const other = await hub.user('other');
    const { body } = await hub.ask('PUT', `/Users/${id}`, { id: other.id, userName: 'victim', title: 'x' });
    assert.equal(body.id, id);
    assert.equal((await hub.get(`/Users/${other.id}`)).body.title, undefined);
  });

  test('a user is no group, and a group no user', async () => {
    const group = await hub.group('kind');
    assertError(await hub.get(`/Groups/${id}`), 404);
    assertError(await hub.get(`/Users/${group.id}`), 404);
    assertError(await hub.ask('DELETE', `/Users/${group.id}`), 404);
    assertError(await hub.patch(`/Groups/${id}`, { op: 'add', path: 'displayName', value: 'x' }), 404);
  });

  test('users of another tenant are not there', async () => {
    const other = await ScimHub.open(storage);
    const stranger = await other.user('stranger');
    assertError(await hub.get(`/Users/${stranger.id}`), 404);
    assertError(await hub.ask('DELETE', `/Users/${stranger.id}`), 404);
    const group = await hub.group('mixed');
    const add = { op: 'add', path: 'members', value: [{ value: stranger.id }] };
    assertError(await hub.patch(`/Groups/${group.id}`, add), 400, 'invalidValue');
  });

  test('RFC 7644 3.5.2: strange operations are refused in the words of the RFC', async () => {
    const cases: [operation: Record<string, string | null>, scimType: string][] = [
      [{ op: 'move', path: 'title', value: 'x' }, 'invalidSyntax'],
      [{ op: 'remove' }, 'noTarget'],
      [{ op: 'add', path: 'title' }, 'invalidValue'],
      [{ op: 'replace', path: 'name.nothing', value: 'x' }, 'invalidPath'],
      [{ op: 'replace', path: 'groups', value: 'x' }, 'mutability'],
      [{ op: 'replace', path: 'active', value: 'perhaps' }, 'invalidValue'],
      [{ op: 'replace', path: 'emails[type eq', value: 'x' }, 'invalidPath'],
      [{ op: 'replace', path: 'title', value: 'x'.repeat(2000) }, 'invalidValue'],
      [{ op: 'remove', path: 'password' }, 'mutability'],
    ];
    for (const [operation, scimType] of cases) {
      const answer = await hub.patch(`/Users/${id}`, operation);
      assert.equal(answer.status, 400, JSON.stringify(operation));
      if (answer.body.scimType !== 'invalidFilter')
        assert.equal(answer.body.scimType, scimType, JSON.stringify(operation));
    }
  });

  test('RFC 7644 3.12: what the endpoint does not have is 404 or 501, in the form of SCIM', async () => {
    assertError(await hub.get('/Devices'), 404);
    assertError(await hub.get('/Users/1/2'), 404);
    assertError(await hub.ask('PUT', '/Users', {}), 501);
    assertError(await hub.ask('POST', '/Schemas', {}), 501);
    assertError(await hub.ask('POST', `/Users/${id}`, {}), 501);
  });
});
