import assert from 'node:assert/strict';
import test from 'node:test';
import {
  createRegistry,
  defineAttribute,
  type Filter,
  findResourceType,
  matchesFilter,
  parseFilter,
  parseValuePath,
  printFilter,
  resolveFilter,
  standardDialect,
  standardSchemas,
  tolerantDialect,
  userResourceType,
} from '../src/index.ts';
import { barbara, groupType, matches, refuses, tourGuides, userType } from './fixtures.ts';

const parse = (text: string, dialect = standardDialect) => parseFilter(text, dialect);
const resolve = (text: string, dialect = standardDialect) => resolveFilter(userType, parse(text, dialect), dialect);
const path = (name: string, subAttribute?: string) => ({ schema: undefined, name, subAttribute });

// The examples of RFC 7644 3.4.2.2, and whether Barbara Jensen satisfies them.
const examples: [filter: string, matches: boolean][] = [
  ['userName Eq "bjensen@example.com"', true],
  ['userName Eq "john"', false],
  ['name.familyName co "O\'Malley"', false],
  ['name.familyName co "ense"', true],
  ['userName sw "J"', false],
  ['userName sw "BJ"', true],
  ['urn:ietf:params:scim:schemas:core:2.0:User:userName sw "bj"', true],
  ['title pr', true],
  ['nickName pr', false],
  ['meta.lastModified gt "2011-05-13T04:42:33Z"', true],
  ['meta.lastModified gt "2011-05-13T04:42:34Z"', false],
  ['meta.lastModified ge "2011-05-13T04:42:34Z"', true],
  ['meta.lastModified ge "2011-05-13T06:42:34+02:00"', true],
  ['meta.lastModified lt "2011-05-13T04:42:34Z"', false],
  ['meta.lastModified le "2011-05-13T04:42:34Z"', true],
  ['title pr and userType eq "Employee"', true],
  ['title pr or userType eq "Intern"', true],
  ['schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"', true],
  ['userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")', true],
  ['userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")', false],
  ['userType eq "Employee" and (emails.type eq "work")', true],
  ['userType eq "Employee" and emails[type eq "work" and value co "@example.com"]', true],
  ['emails[type eq "home" and value co "@example.com"]', false],
  ['emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]', true],
];

for (const [filter, expected] of examples) {
  test(`RFC 7644 3.4.2.2: ${filter} ${expected ? 'matches' : 'does not match'} the example user`, () => {
    assert.equal(matches(filter, barbara), expected);
  });
}

test('RFC 7644 3.4.2.2: "and" binds stronger than "or", "not" and parentheses stronger than both', () => {
  const compare = (name: string): Filter => ({ kind: 'present', path: path(name) });
  const [a, b, c] = [compare('a'), compare('b'), compare('c')];
  assert.deepEqual(parse('a pr or b pr and c pr'), { kind: 'or', operands: [a, { kind: 'and', operands: [b, c] }] });
  assert.deepEqual(parse('(a pr or b pr) and c pr'), { kind: 'and', operands: [{ kind: 'or', operands: [a, b] }, c] });
  assert.deepEqual(parse('not (a pr) or b pr'), { kind: 'or', operands: [{ kind: 'not', operand: a }, b] });
  assert.deepEqual(parse('a pr AND (b pr and c pr)'), { kind: 'and', operands: [a, b, c] });
});

test('RFC 7644 3.4.2.2: operators and attribute names are case-insensitive', () => {
  assert.equal(
    matches(
      'USERNAME eQ "bjensen@example.com" AnD NOT(TITLE Pr) oR META.LASTMODIFIED GT "2001-01-01T00:00:00Z"',
      barbara,
    ),
    true,
  );
});

test('RFC 7643 2.2: capitals count only where the schema says so', () => {
  assert.equal(matches('userName eq "BJENSEN@EXAMPLE.COM"', barbara), true);
  assert.equal(matches('externalId eq "BJENSEN"', barbara), false);
  assert.equal(matches('externalId eq "bjensen"', barbara), true);
});

test('RFC 7644 3.4.2.2: names beyond ASCII compare without capitals and in either normal form', () => {
  const user = { userName: 'Zo\u00eb M\u00dcLLER' };
  assert.equal(matches('userName eq "zoe\u0308 m\u00fcller"', user), true);
  assert.equal(matches('userName sw "ZOE\u0308"', user), true);
  assert.equal(matches('userName eq "zoe muller"', user), false);
});

test('RFC 7644 3.4.2.2: every operator compares texts', () => {
  const user = { title: 'Manager' };
  const results = [
    'eq "manager"',
    'ne "manager"',
    'co "nag"',
    'sw "man"',
    'ew "ger"',
    'gt "m"',
    'ge "manager"',
    'lt "z"',
    'le "a"',
  ];
  assert.deepEqual(
    results.map((comparison) => matches(`title ${comparison}`, user)),
    [true, false, true, true, true, true, true, true, false],
  );
});

test('RFC 7644 3.4.2.2: booleans compare with true and false', () => {
  assert.equal(matches('active eq true', barbara), true);
  assert.equal(matches('active ne true', barbara), false);
  assert.equal(matches('emails[primary eq true].type pr', barbara, userType, tolerantDialect), true);
});

test('RFC 7644 3.4.2.2: numbers compare as numbers', () => {
  const badge = {
    id: 'urn:example:params:scim:Badge',
    name: 'Badge',
    description: 'Badge',
    attributes: [defineAttribute('level', '', { type: 'integer' }), defineAttribute('height', '', { type: 'decimal' })],
  };
  const definition = { ...userResourceType, schemaExtensions: [{ schema: badge.id, required: false }] };
  const type = findResourceType(createRegistry([...standardSchemas, badge], [definition]), 'User');
  assert.ok(type);
  const ask = (comparison: string) =>
    matches(`${badge.id}:${comparison}`, { [badge.id]: { level: 9, height: 1.8 } }, type);
  assert.deepEqual(['level gt 10', 'level eq 9', 'level lt 1e1', 'height ge 1.80', 'height le -1'].map(ask), [
    false,
    true,
    true,
    true,
    false,
  ]);
  refuses(() => ask('level eq "9"'), 'invalidFilter', /"9" is no integer/);
});

test('RFC 7644 3.4.2.2: an attribute without a value is not equal to any, but equal to null', () => {
  assert.equal(matches('nickName eq "x"', barbara), false);
  assert.equal(matches('nickName ne "x"', barbara), true);
  assert.equal(matches('nickName eq null', barbara), true);
  assert.equal(matches('title eq null', barbara), false);
  assert.equal(matches('title ne null', barbara), true);
  assert.equal(matches('ims.type ne "work"', barbara), false, 'no value of a list differs if there is none');
  assert.equal(matches('emails.type ne "work"', barbara), true, 'one value of the list differs');
});

test('RFC 7644 3.4.2.2: "pr" needs a value that is not empty', () => {
  assert.equal(matches('title pr', { title: '' }), false);
  assert.equal(matches('title pr', { title: null }), false);
  assert.equal(matches('name pr', { name: {} }), false);
  assert.equal(matches('name pr', { name: { givenName: '' } }), false);
  assert.equal(matches('name pr', { name: { givenName: 'Barbara' } }), true);
  assert.equal(matches('emails pr', barbara), true);
});

test('RFC 7644 3.4.2.2: a complex attribute is compared by its value', () => {
  const manager = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager';
  assert.equal(matches(`${manager} eq "26118915-6090-4610-87e4-49d8ca9f808d"`, barbara), true);
  assert.equal(matches(`${manager}[displayName sw "John"]`, barbara), true);
  assert.equal(matches('members eq "2819c223-7f76-453a-919d-413861904646"', tourGuides, groupType), true);
  assert.equal(matches('members[$ref pr]', tourGuides, groupType), false);
});

test('RFC 7644 3.4.2.2: values that are not of the attribute do not match, and do not fail', () => {
  assert.equal(matches('meta.created gt "2001-01-01T00:00:00Z"', { meta: { created: 'long ago' } }), false);
  assert.equal(matches('title eq "x"', { title: { is: 'x' } }), false);
  assert.equal(matches('emails.value eq "x"', { emails: ['x'] }), false);
  assert.equal(matches('emails[value eq "x"]', { emails: ['x'] }), false);
  assert.equal(matches('name.givenName pr', { name: 'Barbara' }), false);
  assert.equal(
    matches('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department pr', { name: 'x' }),
    false,
  );
});

test('RFC 7644 3.4.2.1: for a query over several types, an attribute of none counts as one without a value', () => {
  const ask = (text: string) => resolveFilter(groupType, parse(text), standardDialect, 'never-matches');
  assert.deepEqual(ask('userName eq "x"'), { kind: 'constant', matches: false });
  assert.deepEqual(ask('userName ne "x"'), { kind: 'constant', matches: true });
  assert.deepEqual(ask('userName eq null'), { kind: 'constant', matches: true });
  assert.deepEqual(ask('userName ne null'), { kind: 'constant', matches: false });
  assert.deepEqual(ask('userName gt "x"'), { kind: 'constant', matches: false });
  assert.deepEqual(ask('userName pr'), { kind: 'constant', matches: false });
  assert.deepEqual(ask('emails[type eq "work"]'), { kind: 'constant', matches: false });
  const filter = resolveFilter(userType, parse('displayName pr or userName pr'), standardDialect, 'never-matches');
  assert.equal(filter.kind, 'or');
  assert.equal(matches('displayName pr', tourGuides, groupType), true);
});

test('RFC 7644 3.4.2.1: the constant of an unknown attribute takes part in the evaluation', () => {
  const filter = resolveFilter(
    groupType,
    parse('userName pr or displayName sw "Tour"'),
    standardDialect,
    'never-matches',
  );
  assert.equal(matchesFilter(filter, tourGuides), true);
});

const unreadable: [filter: string, detail: RegExp][] = [
  ['', /Expected the name of an attribute, found the end/],
  ['userName', /Expected an operator, found the end/],
  ['userName eq', /Expected a value, found the end/],
  ['userName eq (', /Expected a value, found "\("/],
  ['userName is "x"', /Expected an operator, found "is"/],
  ['userName eq "x" userName', /Expected the end, found "userName"/],
  ['userName eq "x" and', /Expected the name of an attribute, found the end/],
  ['(userName pr', /Expected "\)", found the end/],
  ['emails[type pr', /Expected "\]", found the end/],
  ['emails[]', /Expected the name of an attribute, found "\]"/],
  ['not userName pr', /Expected an operator, found "userName"/],
  ['"userName" eq "x"', /Expected the name of an attribute/],
  ['user name eq "x"', /Expected an operator/],
  ['name.given.x eq "x"', /Expected the name of an attribute/],
  ['1name eq "x"', /Expected the name of an attribute/],
  ['userName eq bjensen', /Expected a value in quotation marks, found "bjensen"/],
  ['userName eq "x', /A string is not closed: "\\"x"/],
  ['userName eq "\\q"', /is not a JSON string/],
  ['emails[type eq "work"].value eq "x"', /Write "value" inside the brackets/],
  ['emails[type eq "work"].a.b eq "x"', /Expected the name of a sub-attribute/],
  ['emails[type eq "work"].urn:a:b eq "x"', /Expected the name of a sub-attribute/],
];

for (const [filter, detail] of unreadable) {
  test(`RFC 7644 3.12: ${JSON.stringify(filter)} is an invalidFilter`, () => {
    refuses(() => parse(filter), 'invalidFilter', detail);
  });
}

const meaningless: [filter: string, detail: RegExp][] = [
  ['shoeSize eq 44', /There is no attribute "shoeSize"/],
  ['name.shoeSize eq 44', /There is no attribute "name.shoeSize"/],
  ['urn:example:other:userName eq "x"', /There is no attribute "urn:example:other:userName"/],
  ['department eq "x"', /There is no attribute "department"/],
  ['emails[shoeSize eq 44]', /There is no attribute "shoeSize"/],
  ['emails[urn:a:type eq "x"]', /There is no attribute/],
  ['emails[type.x eq "x"]', /There is no attribute/],
  ['userName[value eq "x"]', /There is no attribute "value"/],
  ['active gt true', /The boolean attribute active cannot be compared by gt/],
  ['x509Certificates.value gt "AA"', /The binary attribute value cannot be compared by gt/],
  ['meta.created co "2011"', /The dateTime attribute created cannot be compared by co/],
  ['name eq "x"', /The complex attribute name cannot be compared by eq/],
  ['title gt null', /cannot be compared by gt with "null"/],
  ['title eq 5', /"5" is no string/],
  ['active eq "yes"', /"yes" is no boolean/],
  ['active eq "true"', /"true" is no boolean/],
  ['meta.created gt "yesterday"', /"yesterday" is no dateTime/],
  ['meta.created gt 5', /"5" is no dateTime/],
  ['password eq "x"', /password cannot be searched/],
  ['password pr', /password cannot be searched/],
];

for (const [filter, detail] of meaningless) {
  test(`RFC 7644 3.4.2.2: ${filter} is an invalidFilter, not a failure of the server`, () => {
    refuses(() => resolve(filter), 'invalidFilter', detail);
  });
}

test('bad input 27: 100,000 parentheses or "not" are refused at once, in linear time', () => {
  const generous = { ...standardDialect, filterLimits: { maxLength: 10_000_000, maxDepth: 50, maxComparisons: 100 } };
  for (const open of ['(', 'not (', 'emails[']) {
    const text = `${open.repeat(100_000)}userName pr${')'.repeat(100_000)}`;
    refuses(() => parse(text), 'invalidFilter', /longer than 8192/);
    refuses(() => parse(text, generous), 'invalidFilter', /nested deeper than 50/);
  }
  refuses(() => parse('('.repeat(100_000), generous), 'invalidFilter', /nested deeper/);
  refuses(() => parse('not '.repeat(100_000), generous), 'invalidFilter', /Expected an operator/);
  refuses(() => parse(`userName${' '.repeat(1_000_000)}`, generous), 'invalidFilter', /found the end/);
});

test('bad input 27: a long chain of comparisons is refused, a short one is one node', () => {
  const chain = (length: number) => Array(length).fill('title pr').join(' or ');
  const filter = parse(chain(100));
  assert.equal(filter.kind === 'or' && filter.operands.length, 100);
  refuses(() => parse(chain(101)), 'invalidFilter', /more than 100 comparisons/);
});

test('RFC 7644 figure 7: a path is an attribute, a selection of values, or a part of them', () => {
  const read = (text: string) => parseValuePath(text, standardDialect);
  const filter = parse('type eq "work"');
  assert.deepEqual(read('members'), { path: path('members'), filter: undefined });
  assert.deepEqual(read('name.familyName'), { path: path('name', 'familyName'), filter: undefined });
  assert.deepEqual(read('addresses[type eq "work"]'), { path: path('addresses'), filter });
  assert.deepEqual(read('addresses[type eq "work"].streetAddress'), {
    path: path('addresses', 'streetAddress'),
    filter,
  });
  refuses(() => read('name.'), 'invalidPath', /Expected the name of an attribute/);
  refuses(() => read('members eq "x"'), 'invalidPath', /Expected the end, found "eq"/);
  refuses(() => read('members[value eq "x"] more'), 'invalidPath', /Expected the end, found "more"/);
  refuses(() => read('members[value is "x"]'), 'invalidFilter', /Expected an operator/);
  refuses(() => read('x'.repeat(9000)), 'invalidPath', /longer than 8192/);
});

test('RFC 7644 figure 1: a printed filter has the parentheses that it needs', () => {
  for (const text of [
    'title pr',
    'not (title pr and nickName pr)',
    '(a pr or b.c eq true) and urn:x:y:d ne null',
    'emails[type eq "work" and (value co "\\"" or primary eq false)]',
    'a gt -1.5e+22 or b lt 0',
  ]) {
    assert.equal(printFilter(parse(text)), text);
  }
});
