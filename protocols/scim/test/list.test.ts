import assert from 'node:assert/strict';
import test from 'node:test';
import {
  buildListResponse,
  compareBy,
  createRegistry,
  defineAttribute,
  findResourceType,
  isProjected,
  type JsonObject,
  type ListQuery,
  parseListParameters,
  parseSearchRequest,
  project,
  readProjection,
  resolveListQuery,
  schemaUrns,
  standardDialect,
  standardSchemas,
  tolerantDialect,
  userResourceType,
} from '../src/index.ts';
import { barbara, groupType, refuses, tourGuides, userType } from './fixtures.ts';

const get = (query: string, dialect = standardDialect): ListQuery =>
  parseListParameters(new URLSearchParams(query), dialect);
const pageOf = (query: string) => get(query).page;
const search = (body: JsonObject, dialect = tolerantDialect) => parseSearchRequest(body, dialect);

test('RFC 7644 3.4.2.4: pages by index count from 1, and odd numbers are set right', () => {
  assert.deepEqual(pageOf(''), { kind: 'index', startIndex: 1, count: 100 });
  assert.deepEqual(pageOf('startIndex=11&count=10'), { kind: 'index', startIndex: 11, count: 10 });
  assert.deepEqual(pageOf('startIndex=0&count=0'), { kind: 'index', startIndex: 1, count: 0 });
  assert.deepEqual(pageOf('startIndex=-1&count=-1'), { kind: 'index', startIndex: 1, count: 0 });
  assert.deepEqual(pageOf('startIndex=2147483648&count=1000000'), {
    kind: 'index',
    startIndex: 2147483648,
    count: 1000,
  });
  assert.deepEqual(pageOf('startIndex=&count='), { kind: 'index', startIndex: 1, count: 100 });
});

test('RFC 7644 3.4.2.4: what is no integer is refused', () => {
  for (const value of ['x', '1.5', '1e3', '0x10', ' 1']) {
    refuses(() => get(`startIndex=${value}`), 'invalidValue', /startIndex must be an integer/);
    refuses(() => get(`count=${value}`), 'invalidValue', /count must be an integer/);
  }
  refuses(() => search({ count: true }), 'invalidValue', /count must be an integer/);
});

test('RFC 9865 2: an empty cursor asks for the first page, another one for the next', () => {
  assert.deepEqual(pageOf('cursor&count=10'), { kind: 'cursor', cursor: '', count: 10 });
  assert.deepEqual(pageOf('cursor=VZUTiyhEQJ94IR'), { kind: 'cursor', cursor: 'VZUTiyhEQJ94IR', count: 100 });
  assert.deepEqual(pageOf('cursor=a.b_c~d-e&count=100000'), { kind: 'cursor', cursor: 'a.b_c~d-e', count: 1000 });
});

test('RFC 9865 2.1: a cursor or count that cannot be is refused', () => {
  refuses(() => get('cursor=a%2Fb'), 'invalidCursor', /none that this server gives out/);
  refuses(() => get(`cursor=${'a'.repeat(2049)}`), 'invalidCursor', /none that this server gives out/);
  refuses(() => search({ cursor: 5 }), 'invalidCursor', /none that this server gives out/);
  refuses(() => get('cursor=a&startIndex=1'), 'invalidCursor', /not by both/);
  refuses(() => get('cursor=a&count=0'), 'invalidCount', /at least 1/);
});

test('RFC 7644 3.4.3: a search request says the same in its body', () => {
  const body = {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
    attributes: ['displayName', 'userName'],
    filter: 'displayName sw "smith"',
    startIndex: 1,
    count: 10,
  };
  assert.deepEqual(
    search(body, standardDialect),
    get('attributes=displayName,userName&filter=displayName sw "smith"&startIndex=1&count=10'),
  );
  assert.deepEqual(search({ FILTER: 'title pr', attributes: null }), get('filter=title pr'));
  refuses(() => search({}, standardDialect), 'invalidSyntax', /schemas must list urn.*SearchRequest/);
  refuses(() => search({ filter: {} }), 'invalidValue', /filter must be a text/);
  refuses(() => search({ attributes: [1] }), 'invalidValue', /attributes must list the names/);
});

test('RFC 7644 3.4.2: an unreadable or meaningless query is refused', () => {
  const resolve = (query: string) => resolveListQuery(userType, get(query), standardDialect);
  refuses(() => get('filter=userName'), 'invalidFilter', /Expected an operator/);
  refuses(() => resolve('filter=shoeSize eq 44'), 'invalidFilter', /There is no attribute/);
  refuses(() => get('sortOrder=up'), 'invalidValue', /sortOrder must be/);
  for (const name of ['shoeSize', 'name', 'password', 'a b', 'emails[type eq "work"]']) {
    refuses(() => resolve(`sortBy=${name}`), 'invalidPath', /is nothing to sort by/);
  }
  refuses(() => get(`attributes=${Array(101).fill('title')}`), 'invalidValue', /more than 100 attributes/);
  assert.deepEqual(get('filter=').filter, undefined);
});

test('RFC 7644 3.4.2.1: sorting and filtering across types leaves out what a type does not have', () => {
  const query = get('filter=userName pr&sortBy=userName');
  const { filter, sort } = resolveListQuery(groupType, query, standardDialect, 'never-matches');
  assert.deepEqual(filter, { kind: 'constant', matches: false });
  assert.equal(sort, undefined);
});

const sorted = (query: string, ...resources: JsonObject[]) => {
  const { sort } = resolveListQuery(userType, get(query), standardDialect);
  assert.ok(sort);
  return resources.toSorted(compareBy(sort)).map(({ id }) => id);
};

test('RFC 7644 3.4.2.3: resources are sorted without capitals where they do not count, those without a value last', () => {
  const users = [
    { id: 'none' },
    { id: 'b', userName: 'Bob' },
    { id: 'c', userName: 'carol' },
    { id: 'a', userName: 'alice' },
  ];
  assert.deepEqual(sorted('sortBy=userName', ...users), ['a', 'b', 'c', 'none']);
  assert.deepEqual(sorted('sortBy=userName&sortOrder=descending', ...users), ['none', 'c', 'b', 'a']);
  assert.deepEqual(
    sorted('sortBy=userName', { id: '1', userName: 'x' }, { id: '2', userName: 'X' }, { id: '3' }, { id: '4' }),
    ['1', '2', '3', '4'],
  );
});

test('RFC 7644 3.4.2.3: of a list the primary value counts, else the first; times are sorted as times', () => {
  const one = { id: '1', emails: [{ value: 'z', primary: true }, { value: 'a' }] };
  const two = { id: '2', emails: [{ value: 'm' }, { value: 'b' }] };
  assert.deepEqual(sorted('sortBy=emails', one, two, { id: '3', emails: ['odd'] }), ['2', '1', '3']);
  assert.deepEqual(sorted('sortBy=emails.value', one, two), ['2', '1']);
  const early = { id: 'early', meta: { created: '2011-05-13T06:00:00+02:00' } };
  const late = { id: 'late', meta: { created: '2011-05-13T05:00:00Z' } };
  assert.deepEqual(sorted('sortBy=meta.created', late, early), ['early', 'late']);
});

const shown = (query: string, resource = barbara, type = userType, dialect = standardDialect) =>
  project(type, resource, resolveListQuery(type, get(query, dialect), dialect).projection);

test('RFC 7643 7: by default an answer has barbara but what is never or only on request returned', () => {
  const withPassword = { ...barbara, password: 'secret' };
  assert.deepEqual(shown('', withPassword), barbara);
  assert.equal('password' in shown('attributes=password', withPassword), false);
  assert.equal(isProjected(userType, 'password', readProjection(userType, ['password'], [], standardDialect)), false);
});

test('RFC 7644 3.9: "attributes" leaves only what is named, and what is always returned', () => {
  const always = { schemas: barbara['schemas'], id: barbara['id'] };
  assert.deepEqual(shown('attributes=userName'), { ...always, userName: barbara['userName'] });
  assert.deepEqual(shown('attributes=USERNAME, title'), {
    ...always,
    userName: barbara['userName'],
    title: 'Tour Guide',
  });
  assert.deepEqual(shown('attributes=name.givenName'), { ...always, name: { givenName: 'Barbara' } });
  assert.deepEqual(shown('attributes=emails.type'), { ...always, emails: [{ type: 'work' }, { type: 'home' }] });
  assert.deepEqual(shown('attributes=urn:ietf:params:scim:schemas:core:2.0:User:title'), {
    ...always,
    title: 'Tour Guide',
  });
  assert.deepEqual(shown('attributes=shoeSize'), always);
  assert.deepEqual(shown('attributes=ims.value'), always);
  for (const nothing of [',,', ', ,']) assert.deepEqual(shown(`attributes=${nothing}`), barbara);
  assert.deepEqual(shown('', { id: '1', userName: 'x' }), { id: '1', userName: 'x' });
});

test('RFC 7644 3.9: a URN names a whole schema or one attribute of it', () => {
  const urn = schemaUrns.enterpriseUser;
  const { [urn]: extension, ...core } = barbara;
  const always = { schemas: barbara['schemas'], id: barbara['id'] };
  assert.deepEqual(shown(`attributes=${urn}`), { ...always, [urn]: extension });
  assert.deepEqual(shown(`attributes=${urn}:costCenter`), { ...always, [urn]: { costCenter: '4130' } });
  assert.deepEqual(shown(`attributes=${urn}:manager.displayName`), {
    ...always,
    [urn]: { manager: { displayName: 'John Smith' } },
  });
  assert.deepEqual(shown(`attributes=${schemaUrns.user}`), core);
  assert.deepEqual(shown(`excludedAttributes=${urn}`), core);
});

test('RFC 7644 3.9: "excludedAttributes" takes away what is named, but never what is always returned', () => {
  const { title: _title, ...rest } = barbara;
  assert.deepEqual(shown('excludedAttributes=title,id,schemas'), rest);
  const emails = [{ value: 'bjensen@example.com', primary: true }, { value: 'babs@jensen.example.org' }];
  assert.deepEqual(shown('excludedAttributes=emails.type'), { ...barbara, emails });
  assert.deepEqual(shown('attributes=name&excludedAttributes=name.formatted')['name'], {
    familyName: 'Jensen',
    givenName: 'Barbara',
  });
  assert.equal('x509Certificates' in shown('excludedAttributes=x509Certificates.value'), false);
  assert.equal('members' in shown('excludedAttributes=members', tourGuides, groupType), false);
});

test('RFC 7644 3.9: Interop: Microsoft asks for values of one type', () => {
  const [work, home] = barbara['emails'] as JsonObject[];
  assert.deepEqual(shown('attributes=emails[type eq "work"]')['emails'], [work]);
  assert.deepEqual(shown('attributes=title,emails[type eq "a,b]" or type eq "home"].value')['emails'], [
    { value: home?.['value'] },
  ]);
  assert.equal('emails' in shown('attributes=emails[type eq "other"]'), false);
  assert.deepEqual(shown('excludedAttributes=emails[type eq "work"]')['emails'], [home]);
  refuses(() => shown('attributes=emails[size eq 4]'), 'invalidFilter', /There is no attribute "size"/);
  refuses(() => shown('attributes=emails['), 'invalidFilter', /Expected the name/);
});

test('RFC 7643 7: what is returned on request comes when it is named, and parts follow their own rule', () => {
  const parts = [
    defineAttribute('number', '', { returned: 'always' }),
    defineAttribute('pin', '', { returned: 'never' }),
    defineAttribute('photo', '', { returned: 'request' }),
    defineAttribute('color', ''),
  ];
  const badge = {
    id: 'urn:example:params:scim:Badge',
    name: 'Badge',
    description: 'Badge',
    attributes: [
      defineAttribute('card', '', { type: 'complex', subAttributes: parts }),
      defineAttribute('history', '', { returned: 'request' }),
    ],
  };
  const definition = { ...userResourceType, schemaExtensions: [{ schema: badge.id, required: false }] };
  const type = findResourceType(createRegistry([...standardSchemas, badge], [definition]), 'User');
  assert.ok(type);
  const user = { id: '1', [badge.id]: { card: { number: '7', pin: '1', photo: 'p', color: 'red' }, history: 'h' } };
  const ask = (query: string) => shown(query, user, type)[badge.id];
  const card = `${badge.id}:card`;
  assert.deepEqual(ask(''), { card: { number: '7', color: 'red' } });
  assert.deepEqual(ask(`attributes=${badge.id}:history`), { history: 'h' });
  assert.deepEqual(ask(`attributes=${card}.photo`), { card: { number: '7', photo: 'p' } });
  assert.deepEqual(ask(`attributes=${card}`), { card: { number: '7', color: 'red' } });
  assert.deepEqual(ask(`excludedAttributes=${card}.number,${card}.color`), { card: { number: '7' } });
  assert.equal(ask('attributes=userName'), undefined);
});

test('RFC 7644 3.9: whether the members of a group are needed is known before they are loaded', () => {
  const needs = (attributes: string[], excluded: string[], name = 'members') =>
    isProjected(groupType, name, readProjection(groupType, attributes, excluded, standardDialect));
  assert.equal(needs([], []), true);
  assert.equal(needs([], ['members']), false);
  assert.equal(needs([], ['members.display']), true);
  assert.equal(needs(['displayName'], []), false);
  assert.equal(needs(['members.value'], []), true);
  assert.equal(needs(['displayName'], ['id'], 'id'), true);
  assert.equal(needs([], [], 'nothing'), false);
});

test('RFC 7644 3.4.2: a list says what it holds', () => {
  const page = { kind: 'index', startIndex: 11, count: 10 } as const;
  assert.deepEqual(buildListResponse(page, { resources: [barbara], totalResults: 11 }, standardDialect), {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: 11,
    itemsPerPage: 1,
    startIndex: 11,
    Resources: [barbara],
  });
});

test('RFC 9865 2: a page by cursor says how to go on', () => {
  const page = { kind: 'cursor', cursor: '', count: 10 } as const;
  const first = buildListResponse(
    page,
    { resources: [], totalResults: 100, nextCursor: 'n', previousCursor: 'p' },
    standardDialect,
  );
  assert.deepEqual(first, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: 100,
    itemsPerPage: 0,
    nextCursor: 'n',
    previousCursor: 'p',
    Resources: [],
  });
});
