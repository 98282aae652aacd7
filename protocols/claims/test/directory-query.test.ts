import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDirectoryQuery } from '../src/index.ts';
import { ruleError } from './run-rules.ts';

const ask = (query: string, types: number, ...parameters: string[]) =>
  parseDirectoryQuery({
    store: 'Active Directory',
    types: Array.from({ length: types }, () => 'urn:t'),
    query,
    parameters,
  });

test('A query without a filter names attributes and the account', () => {
  assert.deepEqual(ask(';mail,displayName;{0}', 2, 'JOG\\marge'), {
    filter: '',
    attributes: ['mail', 'displayName'],
    account: 'JOG\\marge',
  });
  assert.deepEqual(ask(' ; objectGuid, ms-ds-consistencyguid ; {0} ', 2, 'marge'), {
    filter: '',
    attributes: ['objectGuid', 'ms-ds-consistencyguid'],
    account: 'marge',
  });
});

test('A query with a filter has its parameters put into the filter', () => {
  assert.deepEqual(ask('(&(objectClass=user)(mail={1}));sAMAccountName;{0}\\x', 1, 'JOG', 'marge@jogcloud.com'), {
    filter: '(&(objectClass=user)(mail=marge@jogcloud.com))',
    attributes: ['sAMAccountName'],
    account: 'JOG\\x',
  });
});

test('RFC 4515 3: a parameter cannot change what a filter says', () => {
  assert.equal(ask('(mail={0});cn;x', 1, '*)(cn=\\\0').filter, '(mail=\\2a\\29\\28cn=\\5c\\00)');
});

test('A parameter with a semicolon stays one part of the query', () => {
  assert.equal(ask(';mail;{0}', 1, 'a;userPassword;b').account, 'a;userPassword;b');
});

test('String.Format: doubled braces stand for a brace, and a parameter is not searched for placeholders', () => {
  assert.equal(ask(';mail;{{0}}{0}{1}', 1, '{1}').account, '{0}{1}');
});

test('A query that does not ask for one attribute for each type is refused', () => {
  for (const query of [';mail;{0}', ';mail,;{0}', ';mail,cn', 'mail,cn', ';a,b;c;d', ';a,b,c;d']) {
    assert.throws(
      () => ask(query, 2, 'x'),
      ruleError('claims.query_columns', undefined, /does not ask for 2 attributes/),
    );
  }
});
