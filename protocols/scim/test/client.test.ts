import assert from 'node:assert/strict';
import test from 'node:test';
import {
  buildCreateRequest,
  buildDeleteRequest,
  buildErrorResponse,
  buildGetRequest,
  buildListRequest,
  buildListResponse,
  buildMemberPatches,
  buildPatch,
  buildPatchRequest,
  buildReplaceRequest,
  type JsonObject,
  type Outcome,
  type Page,
  parseFilter,
  readCapabilities,
  readChanged,
  readCreated,
  readDeleted,
  readPage,
  ScimError,
  type ScimResponse,
  schemaUrns,
  standardDialect,
} from '../src/index.ts';
import { barbara, groupType, tourGuides, userType } from './fixtures.ts';

const now = new Date(Date.UTC(2026, 0, 1, 12));
const answer = (
  status: number,
  body: JsonObject | string = '',
  headers: ScimResponse['headers'] = {},
): ScimResponse => ({
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const id = String(barbara['id']);

/** The value of an outcome that must be a success. */
function done<T>(outcome: Outcome<T>): T {
  assert.ok(outcome.kind === 'done', JSON.stringify(outcome));
  return outcome.value;
}

test('RFC 7644 3.2: each operation is a method, a path and a body', () => {
  assert.deepEqual(buildCreateRequest(userType, { userName: 'x' }), {
    method: 'POST',
    path: '/Users',
    body: { userName: 'x' },
  });
  assert.deepEqual(buildGetRequest(userType, 'a/b?c'), { method: 'GET', path: '/Users/a%2Fb%3Fc' });
  assert.deepEqual(buildGetRequest(groupType, '1', { excludedAttributes: ['members'] }), {
    method: 'GET',
    path: '/Groups/1?excludedAttributes=members',
  });
  assert.deepEqual(buildReplaceRequest(userType, '1', { userName: 'x' }, 'W/"1"'), {
    method: 'PUT',
    path: '/Users/1',
    body: { userName: 'x' },
    ifMatch: 'W/"1"',
  });
  assert.deepEqual(buildDeleteRequest(userType, '1'), { method: 'DELETE', path: '/Users/1' });
  assert.deepEqual(buildPatchRequest(userType, '1', [{ op: 'remove', path: 'title' }]), {
    method: 'PATCH',
    path: '/Users/1',
    body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [{ op: 'remove', path: 'title' }] },
  });
});

test('RFC 7644 3.4.2: a list request carries filter, page and attributes in its query', () => {
  const filter = parseFilter('userName eq "a+b &c"', standardDialect);
  const page: Page = { kind: 'index', startIndex: 11, count: 10 };
  assert.equal(buildListRequest(userType).path, '/Users');
  assert.equal(
    buildListRequest(userType, { filter, page, attributes: ['id', 'userName'] }).path,
    '/Users?filter=userName%20eq%20%22a%2Bb%20%26c%22&attributes=id%2CuserName&startIndex=11&count=10',
  );
  assert.equal(
    buildListRequest(userType, { page: { kind: 'cursor', cursor: '', count: 5 } }).path,
    '/Users?cursor=&count=5',
  );
});

test('RFC 3986 2.1: Interop: not every server reads "+" as a space, so a blank is %20', () => {
  const filter = parseFilter('title eq "a b+c"', standardDialect);
  assert.equal(buildListRequest(userType, { filter }).path, '/Users?filter=title%20eq%20%22a%20b%2Bc%22');
});

test('RFC 7644 3.3: a created resource is answered with its id, in the body or the Location header', () => {
  assert.deepEqual(done(readCreated(userType, answer(201, barbara), now)), {
    id,
    version: 'W/"3694e05e9dff591"',
    resource: barbara,
  });
  const location = 'https://example.com/v2/Users/a%20b?x=1#y';
  assert.deepEqual(done(readCreated(userType, answer(204, '', { location, etag: 'W/"9"' }), now)), {
    id: 'a b',
    version: 'W/"9"',
    resource: undefined,
  });
  assert.equal(done(readCreated(userType, answer(200, { userName: 'x' }, { location: '/Users/7' }), now)).id, '7');
});

test('RFC 7644 3.3: a created resource whose id nobody says is a wrong answer', () => {
  for (const [body, location] of [
    ['', undefined],
    [{ id: '' }, 'https://example.com/Users/'],
    [{ id: 5 }, '/Users/%zz'],
  ] as const) {
    const outcome = readCreated(userType, answer(201, body, { location }), now);
    assert.deepEqual(outcome, { kind: 'malformed', reason: 'The server created a resource but did not say its id.' });
  }
});

test('RFC 7644 3.5: a change is answered by 200 with the resource or by 204, and about no other resource', () => {
  assert.deepEqual(done(readChanged(userType, id, answer(200, barbara), now)).resource, barbara);
  assert.deepEqual(done(readChanged(userType, id, answer(204), now)), { id, version: undefined, resource: undefined });
  assert.deepEqual(done(readChanged(userType, id, answer(200, { userName: 'x' }), now)).id, id);
  const wrong = readChanged(userType, '1', answer(200, { id: '2' }), now);
  assert.deepEqual(wrong, { kind: 'malformed', reason: 'The server answered about 2 instead of 1.' });
});

test('RFC 7644 3.6: what is deleted may have been gone before', () => {
  for (const status of [204, 200, 404, 410]) assert.equal(readDeleted(answer(status), now).kind, 'done', `${status}`);
  assert.equal(readDeleted(answer(409), now).kind, 'conflict');
});

test('RFC 7644 3.12: a refusal is told apart by its status and keeps what the server said', () => {
  const kinds: [status: number, kind: string][] = [
    [400, 'refused'],
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [404, 'notFound'],
    [409, 'conflict'],
    [412, 'stale'],
    [413, 'refused'],
    [500, 'failed'],
    [501, 'refused'],
  ];
  for (const [status, kind] of kinds)
    assert.equal(readChanged(userType, '1', answer(status), now).kind, kind, `${status}`);
  const error = new ScimError('uniqueness', 'userName is taken.');
  assert.deepEqual(readCreated(userType, answer(409, buildErrorResponse(error)), now), {
    kind: 'conflict',
    error: { status: 409, scimType: 'uniqueness', detail: 'userName is taken.' },
  });
  for (const body of ['<html>', '[]', '{"detail":5}']) {
    assert.deepEqual(readCreated(userType, answer(400, body), now), {
      kind: 'refused',
      error: { status: 400, scimType: undefined, detail: undefined },
    });
  }
});

test('RFC 9110 10.2.3: a busy server says in seconds or as a date when to come back', () => {
  const waits: [header: string | undefined, seconds: number | undefined][] = [
    ['120', 120],
    ['Thu, 01 Jan 2026 12:00:30 GMT', 30],
    ['Thu, 01 Jan 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    [undefined, undefined],
  ];
  for (const [header, seconds] of waits) {
    const outcome = readChanged(userType, '1', answer(429, '', { 'retry-after': header }), now);
    assert.deepEqual(outcome.kind === 'busy' && outcome.retryAfterSeconds, seconds);
  }
  assert.equal(readChanged(userType, '1', answer(503), now).kind, 'busy');
});

test('bad input 29: an answer that is none of SCIM is not taken for a success', () => {
  for (const response of [
    answer(200, '<html>'),
    answer(200, '[]'),
    answer(302),
    answer(199),
    answer(200, '{"id":"1"'),
  ]) {
    assert.equal(readChanged(userType, '1', response, now).kind, 'malformed', JSON.stringify(response));
  }
  const twice = readChanged(userType, '1', answer(200, '{"userName":"a","USERNAME":"b"}'), now);
  assert.deepEqual(twice, { kind: 'malformed', reason: 'userName is there twice.' });
  const headers = {
    get location(): never {
      throw new TypeError('a bug');
    },
  };
  const broken = answer(201, '', headers);
  assert.throws(() => readCreated(userType, broken, now), /a bug/);
});

const indexPage = (startIndex: number, count: number): Page => ({ kind: 'index', startIndex, count });
const listOf = (page: Page, totalResults: number, ...resources: JsonObject[]) =>
  answer(200, buildListResponse(page, { resources, totalResults }, standardDialect));

test('RFC 7644 3.4.2.4: pages by index are followed until everything is read', () => {
  const first = done(readPage(userType, indexPage(1, 1), listOf(indexPage(1, 1), 2, barbara), now));
  assert.deepEqual(first, { resources: [barbara], totalResults: 2, next: indexPage(2, 1) });
  const last = done(readPage(userType, indexPage(2, 1), listOf(indexPage(2, 1), 2, barbara), now));
  assert.equal(last.next, undefined);
  const none = done(readPage(userType, indexPage(1, 10), listOf(indexPage(1, 10), 0), now));
  assert.deepEqual(none, { resources: [], totalResults: 0, next: undefined });
  const short = done(readPage(userType, indexPage(1, 10), listOf(indexPage(1, 10), 25, barbara, barbara), now));
  assert.deepEqual(short.next, indexPage(3, 10), 'a page shorter than asked for moves on by what it had');
});

test('RFC 9865 2: a next cursor is followed, also where none was asked for', () => {
  const cursor: Page = { kind: 'cursor', cursor: 'n', count: 10 };
  const response = answer(200, { Resources: [barbara], nextCursor: 'n' });
  assert.deepEqual(done(readPage(userType, indexPage(1, 10), response, now)).next, cursor);
  assert.deepEqual(done(readPage(userType, cursor, response, now)).next, cursor);
  assert.equal(
    done(readPage(userType, cursor, answer(200, { Resources: [barbara], nextCursor: '' }), now)).next,
    undefined,
  );
});

test('RFC 7644 3.4.2: Interop: servers leave out what a list should say', () => {
  const read = (body: JsonObject, page = indexPage(1, 2)) => done(readPage(userType, page, answer(200, body), now));
  assert.deepEqual(read({ totalResults: 0 }), { resources: [], totalResults: 0, next: undefined });
  assert.deepEqual(read({ Resources: null, totalResults: 0 }).resources, []);
  assert.deepEqual(read({ resources: [barbara, 'odd'], totalResults: '1' }), {
    resources: [barbara],
    totalResults: undefined,
    next: undefined,
  });
  assert.deepEqual(read({ Resources: [barbara, barbara] }).next, indexPage(3, 2), 'a full page may not be the last');
});

test('bad input 29: a server that ignores the page would be read for ever', () => {
  const outcome = readPage(userType, indexPage(3, 2), listOf(indexPage(1, 2), 9, barbara, barbara), now);
  assert.deepEqual(outcome, { kind: 'malformed', reason: 'The server answered the page at 1 instead of 3.' });
  for (const body of ['', '{}', '{"detail":"x"}']) {
    assert.deepEqual(readPage(userType, indexPage(1, 2), answer(200, body), now), {
      kind: 'malformed',
      reason: 'The server did not answer with a list.',
    });
  }
});

test('RFC 7644 3.5.2: a PATCH names what differs and nothing else', () => {
  const { title: _, ...rest } = barbara;
  const after = {
    ...rest,
    nickName: 'Babs',
    name: { familyName: 'Jensen', givenName: 'Babs' },
    meta: { version: 'W/"other"' },
    [schemaUrns.enterpriseUser]: { ...(barbara[schemaUrns.enterpriseUser] as JsonObject), manager: { value: '1' } },
  };
  assert.deepEqual(buildPatch(userType, barbara, after), [
    { op: 'remove', path: 'name.formatted' },
    { op: 'replace', path: 'name.givenName', value: 'Babs' },
    { op: 'add', path: 'nickName', value: 'Babs' },
    { op: 'remove', path: 'title' },
    { op: 'replace', path: `${schemaUrns.enterpriseUser}:manager`, value: { value: '1' } },
  ]);
  assert.deepEqual(buildPatch(userType, barbara, barbara), []);
  const { displayName: __, ...manager } = (barbara[schemaUrns.enterpriseUser] as JsonObject)['manager'] as JsonObject;
  const same = {
    ...barbara,
    [schemaUrns.enterpriseUser]: { ...(barbara[schemaUrns.enterpriseUser] as JsonObject), manager },
  };
  assert.deepEqual(buildPatch(userType, barbara, same), [], 'a client does not set the name of a manager');
});

test('RFC 7644 3.5.2: members are added and removed one by one, in requests of limited size', () => {
  const [, mandy] = tourGuides['members'] as JsonObject[];
  const after = { ...tourGuides, members: [mandy ?? null, { value: 'new' }] };
  assert.deepEqual(buildPatch(groupType, tourGuides, after), [
    { op: 'remove', path: `members[value eq "${id}"]` },
    { op: 'add', path: 'members', value: [{ value: 'new' }] },
  ]);
  assert.deepEqual(buildMemberPatches({ added: ['a', 'b', 'c'], removed: ['x', '"'] }, 3), [
    [
      { op: 'remove', path: 'members[value eq "x"]' },
      { op: 'remove', path: 'members[value eq "\\""]' },
      { op: 'add', path: 'members', value: [{ value: 'a' }] },
    ],
    [{ op: 'add', path: 'members', value: [{ value: 'b' }, { value: 'c' }] }],
  ]);
  assert.deepEqual(buildMemberPatches({ added: [], removed: [] }, 3), []);
  assert.equal(buildMemberPatches({ added: ['a', 'b'], removed: [] }, 0).length, 2);
});

test('RFC 7643 5: what a server does not say, it does not support', () => {
  const nothing = {
    patch: false,
    bulk: false,
    filter: false,
    changePassword: false,
    sort: false,
    etag: false,
    cursor: false,
  };
  const noLimits = { maxOperations: undefined, maxPayloadSize: undefined, maxResults: undefined };
  assert.deepEqual(readCapabilities({}), { ...nothing, ...noLimits });
  assert.deepEqual(
    readCapabilities({
      patch: true,
      bulk: { supported: 'yes', maxOperations: 0 },
      filter: { supported: true, maxResults: 200 },
    }),
    {
      ...nothing,
      ...noLimits,
      filter: true,
      maxResults: 200,
    },
  );
  const paging = {
    PATCH: { supported: true },
    bulk: { supported: true, maxOperations: 10, maxPayloadSize: 9 },
    pagination: { cursor: true, maxPageSize: 50 },
  };
  assert.deepEqual(readCapabilities(paging), {
    ...nothing,
    patch: true,
    bulk: true,
    cursor: true,
    maxOperations: 10,
    maxPayloadSize: 9,
    maxResults: 50,
  });
});
