// Applications of WS-Federation that take JSON Web Tokens, as AD FS and the Access Control Service issued them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSignInResult, tokenTypes } from '@countersign/ws-federation';
import { findAttribute, textOf, type XmlElement } from '@countersign/xml';
import { createLocalJWKSet, jwtVerify } from 'jose';
import type { RelyingPartyInput } from '../../../src/applications/index.ts';
import { accessTokenVerifier, PresentedTokenError, verifyPresentedToken } from '../../../src/issuance/index.ts';
import type { OpenedDatabase } from '../../../src/storage/conformance/database.ts';
import { onEachDatabase } from '../../databases.ts';
import { proofChecks } from '../../issuance/proof-checks.ts';
import { applicationCertificate } from '../saml/saml-hub.ts';
import { faultIn, Program, tokenIn } from '../ws-trust/program.ts';
import { origin, posted, realm, WsFederationHub } from './ws-federation-hub.ts';

const [jwtType] = tokenTypes.jwt;
const ofIdentity = (name: string) => `http://schemas.xmlsoap.org/ws/2005/05/identity/claims/${name}`;
const roleType = 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role';
const issueAll = (claims: readonly (readonly [type: string, value: string])[]) =>
  claims.map(([type, value]) => `=> issue(Type = "${type}", Value = "${value}");`).join('\n');

async function start(database: OpenedDatabase, change: Partial<RelyingPartyInput> = {}) {
  const hub = await new WsFederationHub(database).begin();
  const userId = await hub.staff('marge', { givenName: 'Marge', mail: 'marge@x.example' });
  const name = `marge@${hub.tenant.name}.onmicrosoft.com`;
  const application = await hub.registered({ tokenKind: 'jwt', isPasswordRequestAllowed: true, ...change });
  return { hub, userId, name, application, program: new Program(hub) };
}

/** The token in a `wsse:BinarySecurityToken`, in compact form. */
function compactOf(element: XmlElement): string {
  assert.equal(element.name, 'BinarySecurityToken');
  assert.equal(findAttribute(element, 'ValueType'), jwtType);
  assert.match(findAttribute(element, 'EncodingType') ?? '', /#Base64Binary$/);
  return Buffer.from(textOf(element), 'base64').toString();
}

async function verified(hub: WsFederationHub, token: string) {
  const keys = createLocalJWKSet(await hub.keys.jwks(hub.tenant.id));
  return jwtVerify(token, keys, {
    issuer: hub.entityId,
    audience: realm,
    typ: 'JWT',
    algorithms: ['RS256'],
    currentDate: hub.now,
  });
}

onEachDatabase((database) => {
  test('WS-Federation 1.2 13.2.3: a JSON Web Token is posted to the application, with Microsoft’s short names', async () => {
    const { hub, userId, name } = await start(database, { tokenLifetimeSeconds: 600 });
    const browser = hub.browser();
    await hub.signOn(browser, name, { wctx: 'here' });
    const { wctx, wresult = '' } = posted(browser).fields;
    assert.equal(wctx, 'here');
    assert.ok(wresult.includes(`>${jwtType}</t:TokenType>`), wresult);
    const compact = compactOf(parseSignInResult(wresult).token);
    const { payload, protectedHeader } = await verified(hub, compact);
    const { keyId } = await hub.keys.signer(hub.tenant.id);
    assert.deepEqual(protectedHeader, { alg: 'RS256', typ: 'JWT', kid: keyId });
    const seconds = Math.floor(hub.now.getTime() / 1000);
    const { jti, iat, nbf, exp, auth_time: authenticatedAt, ...said } = payload;
    assert.match(jti ?? '', /^_/);
    assert.deepEqual([iat, nbf, exp, authenticatedAt], [seconds, seconds, seconds + 600, seconds]);
    assert.deepEqual(
      [said.sub, said['nameid'], said['email'], said['given_name'], said['unique_name']],
      ['marge@x.example', 'marge@x.example', 'marge@x.example', 'Marge', name],
    );
    assert.match(String(said['authmethod']), /PasswordProtectedTransport$/);
    assert.deepEqual([said['oid'], said['tid']], [userId, hub.tenant.id]);
  });

  test('several values are an array, and types without a short name stand as they are', async () => {
    const claims = [
      [roleType, 'Clerk'],
      [roleType, 'Manager'],
      [roleType, 'Clerk'],
      [ofIdentity('surname'), 'Simpson'],
      [ofIdentity('nameidentifier'), 'M-1'],
      ['urn:example:costCentre', '42'],
      ['costCentre', '43'],
      ['__proto__', 'x'],
    ] as const;
    const { hub, program } = await start(database, { issuanceRules: issueAll(claims) });
    const { payload } = await verified(hub, compactOf(tokenIn(await program.ask())));
    assert.deepEqual([payload['role'], payload['family_name']], [['Clerk', 'Manager'], 'Simpson']);
    assert.deepEqual([payload['urn:example:costCentre'], payload['costCentre']], ['42', '43']);
    assert.deepEqual([payload.sub, payload['nameid']], ['M-1', 'M-1']);
    assert.equal(Object.getPrototypeOf(payload), Object.prototype);
  });

  test('RFC 7519 4.1: rules do not change what the token says of itself', async () => {
    const names = ['iss', 'aud', 'exp', 'nbf', 'iat', 'jti', 'sub', 'nameid', 'auth_time', 'authmethod'];
    const foreign = ['act', 'cnf', 'nonce', 'scp', 'azp', 'client_id', 'events', 'sid', 'acr', 'amr'];
    const issuanceRules = issueAll([...names, ...foreign].map((name) => [name, 'forged']));
    const { hub, program } = await start(database, { issuanceRules });
    const { payload } = await verified(hub, compactOf(tokenIn(await program.ask())));
    assert.deepEqual(Object.keys(payload).sort(), names.sort());
    assert.doesNotMatch(JSON.stringify(payload), /forged/);
  });

  for (const version of ['trust13', 'trust2005'] as const) {
    test(`WS-Trust 1.3 4.4: a program gets a JSON Web Token for a password, also by its type, in ${version}`, async () => {
      const { hub, program } = await start(database);
      const typed = `<wst:TokenType>${jwtType}</wst:TokenType><wst:KeyType>`;
      for (const change of [(text: string) => text, (text: string) => text.replace('<wst:KeyType>', typed)]) {
        const answer = await program.ask({ version, change });
        const { payload } = await verified(hub, compactOf(tokenIn(answer)));
        assert.equal(payload.sub, 'marge@x.example');
        assert.ok(answer.text.includes(`>${jwtType}</t:TokenType>`) && !answer.text.includes('AttachedReference'));
      }
    });
  }

  test('WS-Trust 1.3 4.1: an application of assertions gets no JSON Web Token, whose content would be open', async () => {
    const { program } = await start(database, { tokenKind: 'saml20' });
    const typed = `<wst:TokenType>${jwtType}</wst:TokenType><wst:KeyType>`;
    const answer = await program.ask({ change: (text) => text.replace('<wst:KeyType>', typed) });
    assert.equal(faultIn(answer), 'RequestFailed');
  });

  test('RFC 8693 4.1: a JSON Web Token that was asked for with ActAs says who acts', async () => {
    const { hub, program } = await start(database, { actors: ['urn:orders'] });
    const actor = await hub.registered({
      identifier: 'urn:orders',
      isActingAllowed: true,
      isPasswordRequestAllowed: true,
    });
    const own = tokenIn(await program.ask({ appliesTo: 'urn:orders' }));
    const asked = { username: actor.appId, password: actor.secret };
    const acted = await program.ask({ ...asked, delegation: { as: 'ActAs', token: own } });
    assert.deepEqual((await verified(hub, compactOf(tokenIn(acted)))).payload['act'], { sub: 'urn:orders' });
    const onBehalf = await program.ask({ ...asked, delegation: { as: 'OnBehalfOf', token: own } });
    assert.ok(!('act' in (await verified(hub, compactOf(tokenIn(onBehalf)))).payload));
  });

  test('RFC 8725 3.11: the token is no access token of the hub, however much its rules make it look like one', async () => {
    const { hub, userId, program, application } = await start(database, { isActingAllowed: true, actors: [realm] });
    const { tenant, keys } = hub;
    const issuanceRules = issueAll([
      ['http://schemas.microsoft.com/identity/claims/objectidentifier', userId],
      ['http://schemas.microsoft.com/identity/claims/tenantid', tenant.id],
      ['idtyp', 'user'],
      ['appid', application.appId],
      ['roles', 'Directory.ReadWrite.All'],
    ]);
    const api = 'urn:api';
    await hub.registered({ identifier: api, tokenKind: 'jwt', isPasswordRequestAllowed: true, issuanceRules });
    const token = tokenIn(await program.ask({ appliesTo: api }));
    const compact = compactOf(token);

    const isHostOf = async () => true;
    const expected = { publicUrl: new URL(origin), audiences: new Set([api]), isHostOf, now: () => hub.now };
    const verify = accessTokenVerifier(keys, { ...expected, proofs: proofChecks() });
    await assert.rejects(verify(compact), { code: 'issuance.token_type' });
    const presented = verifyPresentedToken(keys, { tenantId: tenant.id, origin, now: hub.now }, compact);
    await assert.rejects(presented, PresentedTokenError);

    const { appId: username, secret: password } = application;
    for (const as of ['ActAs', 'OnBehalfOf'] as const) {
      for (const brought of [token, tokenIn(await program.ask())]) {
        const answer = await program.ask({ username, password, delegation: { as, token: brought } });
        assert.equal(faultIn(answer), 'RequestFailed');
      }
    }
    assert.equal(faultIn(await program.ask({ token })), 'UnsupportedSecurityToken');
  });

  test('a trust by SAML, or with encryption, takes no JSON Web Tokens', async () => {
    const { hub } = await start(database);
    const encryptionKeys = [{ certificate: applicationCertificate, methods: [] }];
    const wrong = [
      [{ protocol: 'saml' }, /no tokens but its own/],
      [{ encryptsTokens: true, encryptionKeys }, /cannot be encrypted/],
    ] as const;
    for (const [change, message] of wrong) {
      const saving = hub.registered({ identifier: 'urn:other', tokenKind: 'jwt', ...change });
      await assert.rejects(saving, { code: 'applications.relying_party_invalid', message });
    }
  });

  test('a sign-in trace holds what the token says, and not the token', async () => {
    const { hub, program } = await start(database);
    const answer = await program.ask();
    const trace = await hub.storage.read.signInTraces.find(hub.tenant.id, answer.requestId);
    assert.equal(JSON.parse(trace?.token ?? '').sub, 'marge@x.example');
    const [, , signature = ''] = compactOf(tokenIn(answer)).split('.');
    assert.ok(!JSON.stringify(trace).includes(signature));
  });
});
