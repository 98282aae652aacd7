import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { wsFederationProtocol } from '../src/protocols/ws-federation.ts';
import { answer, issuer, type Key, makeKey, now, realm, saml11, saml20, sign } from './hub.ts';

let key: Key;
let next: Key;
before(async () => {
  [key, next] = await Promise.all([makeKey(), makeKey()]);
});

/** The application before anything has come. */
function application() {
  const certificates = [key.certificate, next.certificate];
  const role = { issuer, certificates, address: 'https://hub.example/myoc/wsfed' };
  const protocol = wsFederationProtocol(
    { publicUrl: 'http://localhost:5082', realm },
    async () => role,
    () => now,
  );
  return { ...protocol, take: (wresult: string) => protocol.complete({ wa: 'wsignin1.0', wresult, wctx: 'walk' }) };
}

const role = 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role';

test('WS-Federation 1.2 13.2.3: the claims of a token that the hub has signed count, with its name as issuer', async () => {
  const { walk, person } = await application().take(answer(sign(saml11(), key)));
  assert.equal(walk, 'walk');
  assert.equal(person.tokenKind, 'SAML 1.1');
  assert.deepEqual(person.claims, [
    { type: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier', value: 'ned', issuer },
    { type: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name', value: 'Ned <b>', issuer },
    { type: role, value: 'Approver', issuer },
  ]);
});

test('a token of SAML 2.0 counts as well, and one of the key to which the hub changes next', async () => {
  const { person } = await application().take(answer(sign(saml20(), next)));
  assert.equal(person.tokenKind, 'SAML 2.0');
  assert.deepEqual(person.claims.at(-1), { type: role, value: 'Approver', issuer });
});

test('a token counts once', async () => {
  const { take } = application();
  const wresult = answer(sign(saml11(), key));
  await take(wresult);
  await assert.rejects(take(wresult), /came before/);
});

test('what a token says of itself must fit', async () => {
  for (const [said, reason] of [
    [{ issuer: 'https://attacker.example/' }, /is of "https:\/\/attacker/],
    [{ audience: 'urn:another' }, /is for urn:another/],
    [{ notBefore: '2026-03-01T12:04:00Z' }, /not good yet/],
    [{ notOnOrAfter: '2026-03-01T11:56:00Z' }, /no longer good/],
    [{ notOnOrAfter: 'never' }, /no longer good/],
    [{ confirmation: 'urn:oasis:names:tc:SAML:1.0:cm:holder-of-key' }, /not for its bearer/],
  ] as const) {
    await assert.rejects(application().take(answer(sign(saml11(said), key))), reason);
  }
});

test('nothing counts but what the hub has signed', async () => {
  const good = sign(saml11({ role: 'Requester' }), key);
  const evil = saml11({ id: '_2' });
  const signature = /<Signature.*<\/Signature>/s.exec(good)?.[0] ?? '';
  for (const [name, wresult] of Object.entries({
    'no signature': answer(saml11()),
    'a key of somebody else': answer(sign(saml11(), await makeKey())),
    'a word that was changed': answer(good.replace('Requester', 'Approver')),
    'a signature of another assertion': answer(evil.replace('</Assertion>', `${signature}</Assertion>`)),
    'an assertion around the signed one': answer(evil.replace('</Assertion>', `${good}</Assertion>`)),
    'two signatures': answer(good.replace('</Assertion>', `${signature}</Assertion>`)),
    'a DTD': `<!DOCTYPE t [<!ENTITY a "b">]>${answer(good)}`,
    'two answers': `<all>${answer(good)}${answer(good)}</all>`,
    'no XML': 'wresult',
    nothing: '',
  })) {
    await assert.rejects(application().take(wresult), name);
  }
});

test('a second assertion beside the signed one is not read', async () => {
  const { person } = await application().take(answer(sign(saml11({ role: 'Requester' }), key) + saml11({ id: '_2' })));
  assert.deepEqual(
    person.claims.filter(({ type }) => type === role).map(({ value }) => value),
    ['Requester'],
  );
});

test('WS-Federation 1.2 13.2.2: a request names the realm, where the answer goes, the home realm and the freshness', async () => {
  const { begin } = application();
  const plain = new URL(await begin('walk', { home: '', isFresh: false })).searchParams;
  assert.equal(plain.get('wtrealm'), realm);
  assert.equal(plain.get('wreply'), 'http://localhost:5082/signin');
  assert.equal(plain.get('wctx'), 'walk');
  assert.deepEqual([plain.get('whr'), plain.get('wfresh')], [null, null]);
  const { searchParams } = new URL(await begin('walk', { home: 'mycompany.example', isFresh: true }));
  assert.deepEqual([searchParams.get('whr'), searchParams.get('wfresh')], ['mycompany.example', '0']);
});
