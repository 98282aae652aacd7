import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseXml, writeXml } from '@countersign/xml';
import fc from 'fast-check';
import {
  answerLogoutBySoap,
  askLogoutBySoap,
  buildLogoutRequest,
  buildLogoutResponse,
  type LogoutRequest,
  parseLogoutResponse,
  partialLogout,
  type Response,
  SamlStatusError,
  type Status,
  signSaml,
  success,
  unwrapSoap,
  verifyMessage,
  wrapInSoap,
} from '../src/index.ts';
import { digest, idp, idpSigner, later, now, signatures, sp } from './parties.ts';

const request: LogoutRequest = {
  id: '_logout',
  issueInstant: now,
  issuer: sp.entityId,
  destination: idp.sso,
  nameId: { value: 'marge' },
  sessionIndexes: ['_1'],
  notOnOrAfter: later(60),
};
const asked = writeXml(wrapInSoap(buildLogoutRequest(request)));
const bytes = (text: string) => new TextEncoder().encode(text);

/** What an identity provider answers whose work this is. */
const answered = (envelope: string, logOut: () => Promise<Status>) =>
  answerLogoutBySoap(bytes(envelope), {
    id: '_answer',
    now,
    issuer: idp.entityId,
    signer: idpSigner,
    digest,
    reference: 'the-reference',
    logOut,
  });

test('SAML Bindings 3.2.3.3: a LogoutRequest is answered by a signed LogoutResponse, refused or not', async () => {
  const refused = new SamlStatusError('message.destination', 'It was for somebody else.');
  for (const [logOut, code, secondLevelCode] of [
    [async () => success, 'Success', undefined],
    [async () => partialLogout, 'Success', 'PartialLogout'],
    [() => Promise.reject(refused), 'Requester', undefined],
  ] as const) {
    const { status, body, refused: why } = await answered(asked, logOut);
    const { element } = await verifyMessage(unwrapSoap(parseXml(body)), signatures, true, digest);
    const response = parseLogoutResponse(element);
    assert.deepEqual([status, response.inResponseTo, response.issuer], [200, '_logout', idp.entityId]);
    assert.deepEqual([response.status.code, response.status.secondLevelCode], [code, secondLevelCode]);
    assert.equal(why, code === 'Requester' ? refused : undefined);
  }
  const bug = new TypeError('a bug');
  await assert.rejects(
    answered(asked, () => Promise.reject(bug)),
    bug,
  );
});

test('whatever comes in place of a request, it is answered by an envelope, and only a whole request is acted on', async () => {
  const edited = fc
    .record({ at: fc.nat(asked.length), remove: fc.nat(60), text: fc.string({ maxLength: 30 }) })
    .map(({ at, remove, text }) => asked.slice(0, at) + text + asked.slice(at + remove));
  await fc.assert(
    fc.asyncProperty(fc.oneof(edited, fc.string()), async (text) => {
      let hasActed = false;
      const { status, body, refused } = await answered(text, async () => {
        hasActed = true;
        return success;
      });
      const [message] = parseXml(body).children.flatMap((child) => (typeof child === 'string' ? [] : child.children));
      assert.ok(typeof message === 'object');
      assert.equal(message.name, hasActed ? 'LogoutResponse' : 'Fault');
      assert.deepEqual([status === 200, refused === undefined], [hasActed, hasActed]);
    }),
  );
});

/** What becomes of asking a provider that answers so. */
const asking = (exchange: () => Promise<{ status: number; body: Uint8Array }>) =>
  askLogoutBySoap(
    { ...request, issuer: idp.entityId },
    { peer: sp.entityId, signer: idpSigner, digest, trust: signatures, clockSkewSeconds: 60, exchange },
  );
const good: Response = { id: '_a', issueInstant: now, issuer: sp.entityId, inResponseTo: '_logout', status: success };
const saying = async (change: Partial<Response>, status = 200) => {
  const message = buildLogoutResponse({ ...good, ...change });
  return asking(async () => ({ status, body: bytes(writeXml(wrapInSoap(message))) }));
};

test('SAML Profiles 4.4.4.2: an answer counts when it is to our request, of whom was asked and of now', async () => {
  assert.equal(await saying({}), undefined);
  assert.equal(
    await saying({ destination: 'https://anywhere.example/' }),
    undefined,
    'the connection says whom it is for',
  );
  assert.equal(await saying({ status: partialLogout }), undefined);
  assert.equal(
    await saying({ status: { code: 'Responder', secondLevelCode: 'RequestDenied' } }),
    'Responder RequestDenied',
  );
  assert.match((await saying({ inResponseTo: '_other' })) ?? '', /^response\.in_response_to/);
  assert.match((await saying({ inResponseTo: undefined })) ?? '', /^response\.in_response_to/);
  assert.match((await saying({ issuer: idp.entityId })) ?? '', /^message\.issuer/);
  assert.match((await saying({ issueInstant: later(3600) })) ?? '', /^message\.time/);
  assert.match((await saying({}, 404)) ?? '', /^soap\.answer/);
  assert.match((await asking(() => Promise.reject(new Error('nobody is there')))) ?? '', /nobody is there/);
});

test('SAML Core 5.1: a signature of the answer counts when it is there', async () => {
  const signed = await signSaml(buildLogoutResponse(good), { signer: idpSigner, digest });
  const envelope = writeXml(wrapInSoap(signed));
  assert.equal(await asking(async () => ({ status: 200, body: bytes(envelope) })), undefined);
  const changed = envelope.replace('status:Success', 'status:Responder');
  assert.match((await asking(async () => ({ status: 200, body: bytes(changed) }))) ?? '', /^signature\.digest/);
});

test('whatever is answered, it is success or the reason why not', async () => {
  const answer = writeXml(wrapInSoap(buildLogoutResponse(good)));
  const edited = fc
    .record({ at: fc.nat(answer.length), remove: fc.nat(60), text: fc.string({ maxLength: 30 }) })
    .map(({ at, remove, text }) => answer.slice(0, at) + text + answer.slice(at + remove));
  await fc.assert(
    fc.asyncProperty(fc.oneof(edited, fc.string()), async (text) => {
      const failure = await asking(async () => ({ status: 200, body: bytes(text) }));
      if (failure === undefined) assert.match(text, /Success/);
    }),
  );
});
