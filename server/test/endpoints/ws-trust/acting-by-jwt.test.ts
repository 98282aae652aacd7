// Acting for people with an access token, as applications in front of AD FS do with what OAuth gave them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actorClaimType } from '@countersign/ws-federation';
import { parseXml, type XmlElement } from '@countersign/xml';
import { updateServicePrincipal } from '../../../src/applications/index.ts';
import { updateUser } from '../../../src/directory/index.ts';
import { signJwt } from '../../../src/issuance/index.ts';
import type { OpenedDatabase } from '../../../src/storage/conformance/database.ts';
import { onEachDatabase } from '../../databases.ts';
import { origin, WsFederationHub } from '../ws-federation/ws-federation-hub.ts';
import { faultIn, Program, tokenIn } from './program.ts';

const orders = 'urn:orders';
const stock = 'urn:stock';

function binaryToken(jwt: string): XmlElement {
  const content = Buffer.from(jwt).toString('base64');
  return parseXml(
    `<wsse:BinarySecurityToken xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd" ValueType="urn:ietf:params:oauth:token-type:jwt" EncodingType="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary">${content}</wsse:BinarySecurityToken>`,
  );
}

/** The application `orders` was called with Marge's access token, and may act for people at `urn:app`. */
async function start(database: OpenedDatabase, ofActor: { isActingAllowed?: boolean } = {}) {
  const hub = await new WsFederationHub(database).begin();
  const userId = await hub.staff('marge', { mail: 'marge@x.example' });
  const actor = await hub.registered({ identifier: orders, isActingAllowed: true, ...ofActor });
  const other = await hub.registered({ identifier: stock, isActingAllowed: true });
  const target = await hub.registered({ actors: [orders] });
  const program = new Program(hub);
  const seconds = () => Math.floor(hub.now.getTime() / 1000);
  const jwt = async (change: Record<string, unknown> = {}, typ = 'at+jwt', of = hub) =>
    signJwt(await of.keys.signer(of.tenant.id), typ, {
      iss: `${origin}/${hub.tenant.id}/v2.0`,
      aud: actor.appId,
      sub: 'pairwise',
      oid: userId,
      tid: hub.tenant.id,
      iat: seconds(),
      nbf: seconds(),
      exp: seconds() + 3600,
      auth_time: seconds(),
      amr: ['pwd'],
      jti: crypto.randomUUID(),
      ...change,
    });
  const act = (token: string, as: 'ActAs' | 'OnBehalfOf' = 'ActAs') =>
    program.ask({ username: actor.appId, password: actor.secret, delegation: { as, token: binaryToken(token) } });
  const verified = async (answer: Awaited<ReturnType<typeof act>>) => {
    const document = tokenIn(answer);
    return hub.verified({ document, token: document });
  };
  return { hub, userId, actor, other, target, program, seconds, jwt, act, verified };
}

onEachDatabase((database) => {
  test('WS-Trust 1.4 9.3: an application acts as a person whose access token it got, and the new token says so', async () => {
    const { hub, userId, actor, target, jwt, act, verified } = await start(database);
    const { subject, claims } = await verified(await act(await jwt()));
    assert.equal(subject?.value, 'marge@x.example');
    assert.match(
      claims.find(({ type }) => type === actorClaimType)?.values[0] ?? '',
      /^<Actor>.*>urn:orders<.*<\/Actor>$/,
    );
    const [event] = await hub.storage.read.signInEvents.list(hub.tenant.id, {}, 10);
    assert.deepEqual(
      [event?.userId, event?.outcome, event?.applicationId, event?.actor?.appId],
      [userId, 'success', target.id, actor.appId],
    );
  });

  test('WS-Trust 1.3 9.1: on behalf of a person, the token speaks of nobody else', async () => {
    const { jwt, act, verified } = await start(database);
    const { subject, claims } = await verified(await act(await jwt(), 'OnBehalfOf'));
    assert.equal(subject?.value, 'marge@x.example');
    assert.ok(claims.every(({ type }) => type !== actorClaimType));
  });

  test('bad-inputs 11: nobody acts with an access token that is not of the person, of this time and for the one who acts', async () => {
    const { hub, userId, other, actor, seconds, jwt, act } = await start(database);
    const another = await start(database);
    const [head = '', claims = '', signature = ''] = (await jwt()).split('.');
    const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const tokens: Readonly<Record<string, string>> = {
      'for another application': await jwt({ aud: other.appId }),
      'for several': await jwt({ aud: [actor.appId, other.appId] }),
      'for nobody that is here': await jwt({ aud: crypto.randomUUID() }),
      'an ID token': await jwt({}, 'JWT'),
      'a logout token': await jwt({}, 'logout+jwt'),
      'whose time is over': await jwt({ exp: seconds() - 120 }),
      'that has no end': await jwt({ exp: undefined }),
      'of tomorrow': await jwt({ nbf: seconds() + 86_400 }),
      'that another tenant has signed': await jwt({}, 'at+jwt', another.hub),
      'of another tenant': await another.jwt({ aud: actor.appId, oid: userId }),
      'of another issuer': await jwt({ iss: `https://evil.example/${hub.tenant.id}/v2.0` }),
      'of an application': await jwt({ oid: actor.id, idtyp: 'app' }),
      'of nobody': await jwt({ oid: crypto.randomUUID() }),
      'bound to a key': await jwt({ cnf: { jkt: 'x' } }),
      'in which somebody acts already': await jwt({ act: { sub: other.appId } }),
      'of somebody whom an identity provider knows': await jwt({ amr: ['fed'] }),
      'changed afterwards': [head, encoded({ aud: actor.appId, oid: userId }), signature].join('.'),
      'of no algorithm': [encoded({ alg: 'none', typ: 'at+jwt' }), claims, 'AA'].join('.'),
      'signed by our public key as a secret': [encoded({ alg: 'HS256', typ: 'at+jwt' }), claims, signature].join('.'),
      'that is none': 'a.b.c',
    };
    for (const [name, token] of Object.entries(tokens)) {
      assert.equal(faultIn(await act(token)), 'RequestFailed', name);
    }
    const events = await hub.storage.read.signInEvents.list(hub.tenant.id, {}, 100);
    assert.ok(events.every(({ outcome }) => outcome !== 'success'));
  });

  test('bad-inputs 11: an access token proves nothing when the sign-in behind it does not count any more', async () => {
    const disabled = await start(database);
    const token = await disabled.jwt();
    const { hub, userId } = disabled;
    await hub.storage.write((stores) => updateUser(stores, hub.act(), userId, { accountEnabled: false }));
    assert.equal(faultIn(await disabled.act(token)), 'RequestFailed');
    const elsewhere = await start(database);
    const change = { identityProviders: ['Company'] };
    await elsewhere.hub.storage.write((stores) =>
      updateServicePrincipal(stores, elsewhere.hub.act(), elsewhere.actor.id, change),
    );
    assert.equal(faultIn(await elsewhere.act(await elsewhere.jwt())), 'RequestFailed');
    const forbidden = await start(database, { isActingAllowed: false });
    assert.equal(faultIn(await forbidden.act(await forbidden.jwt())), 'RequestFailed');
  });

  test('who finds an access token cannot act with it without the secret of its application', async () => {
    const { jwt, actor, other, program } = await start(database);
    const delegation = { as: 'ActAs', token: binaryToken(await jwt()) } as const;
    const wrong = { username: actor.appId, password: 'csec_wrong', delegation };
    assert.equal(faultIn(await program.ask(wrong)), 'FailedAuthentication');
    const thief = { username: other.appId, password: other.secret, delegation };
    assert.equal(faultIn(await program.ask(thief)), 'RequestFailed');
  });

  test('a trace tells who asked for what, and holds no access token', async () => {
    const { hub, jwt, act } = await start(database);
    for (const token of [await jwt(), await jwt({ aud: 'urn:other' })]) {
      const { requestId } = await act(token);
      const trace = await hub.storage.read.signInTraces.find(hub.tenant.id, requestId);
      assert.match(trace?.request ?? '', /ActAs/);
      assert.ok(!JSON.stringify(trace).includes(Buffer.from(token).toString('base64').slice(0, 60)));
      assert.ok(!JSON.stringify(trace).includes(token));
    }
  });
});
