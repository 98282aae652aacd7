import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  buildPassiveRequest,
  decideReplyAddress,
  type PassiveFields,
  parsePassiveRequest,
  type SignInRequest,
} from '../src/index.ts';
import { refusal } from './tokens.ts';

function fieldsOf(query: string): PassiveFields {
  const parameters = new URLSearchParams(query);
  return Object.fromEntries([...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name)]));
}

const queryOf = (url: string) => new URL(url).search;

test('Interop: sign-in requests of passport-wsfed-saml2 and of Shibboleth are read', () => {
  const passport = parsePassiveRequest(
    fieldsOf('wctx=abc&wtrealm=urn:app&wa=wsignin1.0&wreply=http://app.example/acs'),
  );
  assert.deepEqual(passport, {
    action: 'signIn',
    realm: 'urn:app',
    reply: 'http://app.example/acs',
    context: 'abc',
    homeRealm: undefined,
    freshnessMinutes: undefined,
    authenticationType: undefined,
    prompt: undefined,
  });
  const shibboleth = fieldsOf(
    'wa=wsignin1.0&wreply=https://sp.example/ADFS&wct=2026-11-21T19:23:00Z&wtrealm=https://sp.example&wctx=ss:mem:0a1b',
  );
  assert.equal(parsePassiveRequest(shibboleth).context, 'ss:mem:0a1b');
});

test('WS-Federation 1.2 13.2: a request that is written is read as it was', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 30 }).map((value) => value.toWellFormed());
  const optional = fc.option(text, { nil: undefined });
  const signIn = fc.record({
    action: fc.constant('signIn' as const),
    realm: text.filter((value) => value !== ''),
    reply: optional,
    context: optional,
    homeRealm: optional,
    freshnessMinutes: fc.option(fc.nat(999_999_999), { nil: undefined }),
    authenticationType: optional,
    prompt: optional,
  });
  const signOut = fc.record({
    action: fc.constantFrom('signOut' as const, 'signOutCleanup' as const),
    realm: optional,
    reply: optional,
    context: optional,
  });
  fc.assert(
    fc.property(fc.oneof(signIn, signOut), (request) => {
      const url = buildPassiveRequest('https://sts.example/wsfed?tenant=1', request);
      assert.ok(url.startsWith('https://sts.example/wsfed?tenant=1&wa='));
      assert.deepEqual(parsePassiveRequest(fieldsOf(queryOf(url))), { ...request });
    }),
  );
});

test('WS-Federation 1.2 13.2: what is no request of a kind that is supported is refused', () => {
  const refused: [string, string][] = [
    ['', 'request.action'],
    ['wa=wattr1.0&wtrealm=urn:app', 'request.action'],
    ['wa=WSIGNIN1.0&wtrealm=urn:app', 'request.action'],
    ['wa=wsignin1.0', 'request.parameter'],
    ['wa=wsignin1.0&wtrealm=', 'request.parameter'],
    ['wa=wsignin1.0&wa=wsignout1.0&wtrealm=urn:app', 'request.parameter'],
    ['wa=wsignin1.0&wtrealm=urn:app&wtrealm=urn:other', 'request.parameter'],
    ['wa=wsignin1.0&wtrealm=urn:app&wreply=https://a.example&wreply=https://b.example', 'request.parameter'],
    [`wa=wsignin1.0&wtrealm=urn:app&wctx=${'x'.repeat(2049)}`, 'request.parameter'],
    ['wa=wsignin1.0&wtrealm=urn:app&wfresh=soon', 'request.freshness'],
    ['wa=wsignin1.0&wtrealm=urn:app&wfresh=-1', 'request.freshness'],
    ['wa=wsignin1.0&wtrealm=urn:app&wfresh=1e3', 'request.freshness'],
  ];
  for (const [query, reason] of refused)
    assert.throws(() => parsePassiveRequest(fieldsOf(query)), refusal(reason), query);
  assert.equal(
    (parsePassiveRequest(fieldsOf('wa=wsignin1.0&wtrealm=urn:app&wfresh=0')) as SignInRequest).freshnessMinutes,
    0,
  );
});

test('WS-Federation 1.2 13.2.2, 13.2.4: answers go to registered addresses only', () => {
  const registered = ['https://app.example/acs', 'https://app.example/other'];
  const decide = (reply?: string) => decideReplyAddress({ action: 'signOut', reply }, registered);
  assert.equal(decide(), 'https://app.example/acs');
  assert.equal(decide('https://app.example/other'), 'https://app.example/other');
  for (const reply of [
    '',
    'https://app.example/acs/',
    'https://app.example/acs?x=1',
    'https://APP.example/acs',
    'https://app.example.evil/acs',
    'https://app.example/%61cs',
    'javascript:alert(1)',
  ]) {
    assert.throws(() => decide(reply), refusal('request.reply_address'), reply);
  }
  assert.throws(() => decideReplyAddress({ action: 'signOut' }, []), refusal('request.reply_address'));
});
