import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findReplyAddress } from '../../src/applications/index.ts';
import { replyAddressProblem } from '../../src/applications/reply-address.ts';

const registered = {
  web: { redirectUris: ['https://app.contoso.com/signin', 'https://contoso.com', 'http://localhost:5000/getAToken'] },
  spa: { redirectUris: ['https://spa.contoso.com/', 'http://localhost/callback'] },
  publicClient: {
    redirectUris: [
      'http://localhost',
      'http://127.0.0.1/cb',
      'http://[::1]',
      'com.contoso.app:/cb',
      'msauth://contoso/x',
    ],
  },
};

const found = [
  ['https://app.contoso.com/signin', 'web'],
  ['HTTPS://App.Contoso.COM/signin', 'web'],
  // RFC 3986 6.2.3: an empty path equals "/"
  ['https://contoso.com', 'web'],
  ['https://contoso.com/', 'web'],
  ['https://spa.contoso.com', 'spa'],
  ['http://localhost:5000/getAToken', 'web'],
  // RFC 8252 7.3: any port on loopback, as MSAL listens
  ['http://localhost', 'publicClient'],
  ['http://localhost:51234', 'publicClient'],
  ['http://localhost:51234/', 'publicClient'],
  ['http://localhost:8400/callback', 'spa'],
  ['http://127.0.0.1:4711/cb', 'publicClient'],
  ['http://[::1]:65535', 'publicClient'],
  ['com.contoso.app:/cb', 'publicClient'],
  ['msauth://contoso/x', 'publicClient'],
] as const;

for (const [asked, kind] of found) {
  test(`RFC 6749 3.1.2.3: the registered reply address is found for ${asked}`, () => {
    assert.deepEqual(findReplyAddress(registered, asked), { kind, address: asked });
  });
}

const refused = {
  'a suffix of the path': 'https://app.contoso.com/signin/evil',
  'a trailing slash': 'https://app.contoso.com/signin/',
  'a prefix of the path': 'https://app.contoso.com/sign',
  'another case of the path': 'https://app.contoso.com/Signin',
  'a query': 'https://app.contoso.com/signin?next=https://evil.example',
  'a fragment': 'https://app.contoso.com/signin#x',
  'an empty fragment': 'https://app.contoso.com/signin#',
  'a longer host': 'https://app.contoso.com.evil.example/signin',
  'a host in front': 'https://evil.app.contoso.com/signin',
  'user information': 'https://app.contoso.com@evil.example/signin',
  'user information before the right host': 'https://evil@app.contoso.com/signin',
  'dot segments': 'https://app.contoso.com/x/../signin',
  'an encoded path': 'https://app.contoso.com/%73ignin',
  'an encoded slash': 'https://app.contoso.com%2fsignin',
  'a double slash': 'https://app.contoso.com//signin',
  'a backslash': 'https://app.contoso.com\\signin',
  'a space': 'https://app.contoso.com/signin ',
  'a line break': 'https://app.contoso.com/signin\n',
  'a null character': 'https://app.contoso.com/signin\0',
  'http for https': 'http://app.contoso.com/signin',
  'the default port': 'https://app.contoso.com:443/signin',
  'another port': 'https://app.contoso.com:8443/signin',
  'a homograph of the host': 'https://app.сontoso.com/signin',
  'the Kelvin sign, whose lower case is k': 'http://loKalhost',
  'full-width letters': 'https://ａpp.contoso.com/signin',
  'a wildcard': 'https://*.contoso.com/signin',
  'another port than the registered one': 'http://localhost:5001/getAToken',
  'https on loopback': 'https://localhost:51234',
  'a path on loopback': 'http://localhost:51234/evil',
  'another loopback address': 'http://127.0.0.2:51234/cb',
  'a name of loopback for its address': 'http://localhost:51234/cb',
  'a host that begins as loopback': 'http://localhost.evil.example:80',
  'user information that looks like loopback': 'http://localhost:80@evil.example',
  'a port that is none': 'http://localhost:99999',
  'a port with letters': 'http://localhost:8o',
  'another custom scheme': 'com.contoso.evil:/cb',
  'a script': 'javascript:alert(1)',
  nothing: '',
  'a relative address': '/signin',
};

for (const [what, asked] of Object.entries(refused)) {
  test(`OAuth 2.1 2.3.1: ${what} is no registered reply address`, () => {
    assert.equal(findReplyAddress(registered, asked), undefined);
  });
}

test('what is found is always one of the registered addresses but for case, root path and loopback port', () => {
  const parts = [
    'https',
    'http',
    '://',
    'localhost',
    ':1',
    '/',
    'app.contoso.com',
    '/signin',
    '@',
    '#',
    '?',
    '%2f',
    '.',
    '\\',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 6 }), (chosen) => {
      const asked = chosen.join('');
      if (findReplyAddress(registered, asked) === undefined) return;
      const url = new URL(asked);
      const all = Object.values(registered).flatMap(({ redirectUris }) =>
        redirectUris.map((address) => new URL(address)),
      );
      assert.ok(all.some(({ hostname, pathname }) => hostname === url.hostname && pathname === url.pathname));
      assert.equal(url.search + url.hash + url.username, '');
    }),
  );
});

const registrable = [
  ['web', 'https://app.contoso.com/signin?tenant=1'],
  ['web', 'http://localhost:5000/getAToken'],
  ['spa', 'http://127.0.0.1:3000'],
  ['publicClient', 'http://[::1]'],
  ['publicClient', 'com.contoso.app:/cb'],
  ['publicClient', 'msal7f3c://auth'],
  ['publicClient', 'urn:ietf:wg:oauth:2.0:oob'],
] as const;

for (const [kind, address] of registrable) {
  test(`${address} can be registered for ${kind}`, () => {
    assert.equal(replyAddressProblem(kind)(address), undefined);
  });
}

const notRegistrable = [
  ['web', 'http://app.contoso.com/signin', /loopback/],
  ['web', 'http://localhost.contoso.com', /loopback/],
  ['web', 'https://app.contoso.com/#x', /fragment/],
  ['web', 'https://*.contoso.com/', /wildcard/],
  ['web', 'https://user@app.contoso.com/', /user information/],
  ['web', 'https:///signin', /malformed/],
  ['web', 'https:/signin', /malformed/],
  ['web', 'https://app.contoso.com:99999/', /malformed/],
  ['web', 'https://exa%6dple.com/', /malformed/],
  ['web', 'https://app.contoso.com/a/../b', /dot segments/],
  ['web', 'https://app.contoso.com/a/%2e%2E', /dot segments/],
  ['web', 'https://bücher.example/', /ASCII/],
  ['web', 'https://app.contoso.com/a b', /ASCII/],
  ['web', 'https:\\\\app.contoso.com', /ASCII/],
  ['web', '/signin', /ASCII/],
  ['web', '', /ASCII/],
  ['web', 'com.contoso.app:/cb', /only public clients/],
  ['spa', 'com.contoso.app:/cb', /only public clients/],
  ['publicClient', 'javascript:alert(1)', /browsers act/],
  ['publicClient', 'DATA:text/html,x', /browsers act/],
  ['publicClient', 'com.contoso.app:', /nothing follows/],
] as const;

for (const [kind, address, reason] of notRegistrable) {
  test(`${address.slice(0, 60)} cannot be registered for ${kind}`, () => {
    assert.match(replyAddressProblem(kind)(address) ?? '', reason);
  });
}
