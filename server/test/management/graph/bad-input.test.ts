import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { onEachDatabase } from '../../databases.ts';
import { openGraphApi } from './graph-api.ts';

onEachDatabase(({ storage }) => {
  const api = openGraphApi(storage);
  const text = (content: string) => new TextEncoder().encode(content);

  test('bodies that are no JSON, of another type or too deep are refused', async () => {
    const { admin } = await api.makeTenant();
    for (const [body, type, status, code] of [
      [text('{"displayName":'), 'application/json', 400, 'BadRequest'],
      [Uint8Array.from([0x22, 0xff, 0x22]), 'application/json', 400, 'BadRequest'],
      [text('displayName=x'), 'application/x-www-form-urlencoded', 415, 'UnsupportedMediaType'],
      [text('{}'), 'text/plain', 415, 'UnsupportedMediaType'],
      [text('{}'), '', 415, 'UnsupportedMediaType'],
      [text('[]'), 'application/json', 400, 'Request_BadRequest'],
      [text('"x"'), 'application/json; charset=utf-8', 400, 'Request_BadRequest'],
      [text(`${'['.repeat(100_000)}${']'.repeat(100_000)}`), 'application/json', 400, 'BadRequest'],
      [text(`{"a":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_001)}`), 'application/json', 400, 'BadRequest'],
    ] as const) {
      const answer = await api.call(admin, 'POST /users', body, { 'content-type': type });
      assert.deepEqual([answer.status, answer.body.error.code], [status, code], type);
    }
    assert.equal((await api.call(admin, 'POST /users')).status, 400);
  });

  test('properties that are unknown, read-only or of the wrong type are refused by name', async () => {
    const { admin, domain } = await api.makeTenant();
    const user = { userPrincipalName: `x@${domain}`, displayName: 'x', accountEnabled: true };
    for (const [change, target] of [
      [{ id: randomUUID() }, 'id'],
      [{ createdDateTime: '2026-03-01T10:00:00Z' }, 'createdDateTime'],
      [{ nickname: 'x' }, 'nickname'],
      [{ onPremisesSyncEnabled: true }, 'onPremisesSyncEnabled'],
      [{ accountEnabled: 'yes' }, 'accountEnabled'],
      [{ passwordProfile: { secret: 'x' } }, 'passwordProfile/secret'],
      [{ identities: [{ signInType: 1 }] }, 'identities/0/signInType'],
      [{ __proto__x: 1 }, '__proto__x'],
    ] as const) {
      const created = await api.call(admin, 'POST /users', { ...user, ...change });
      assert.deepEqual([created.status, created.body.error.code], [400, 'Request_BadRequest'], target);
      assert.equal(created.body.error.details[0].target, target);
      assert.equal((await api.call(admin, `PATCH /users/${admin.id}`, change)).status, 400, target);
    }
    for (const change of [
      { userPrincipalName: 'x' },
      { userPrincipalName: 'x@elsewhere.example' },
      { userPrincipalName: null },
      { displayName: 'x'.repeat(257) },
      { displayName: 'x\0' },
      { usageLocation: 'Springfield' },
      { [`extension_${'0'.repeat(32)}_shoeSize`]: 42 },
      { passwordProfile: { password: 'password1' } },
    ]) {
      const refused = await api.call(admin, 'POST /users', { ...user, ...change });
      assert.equal(refused.status, 400, JSON.stringify(change));
    }
    const counted = await api.call(admin, 'GET /users/$count');
    assert.equal(counted.body, '1', 'nothing was half-written');
  });

  test('queries that cannot be answered are refused with Microsoft Graph\u2019s codes', async () => {
    const { admin } = await api.makeTenant();
    for (const [query, code] of [
      ['$top=-1', 'BadRequest'],
      ['$top=1000', 'BadRequest'],
      ['$filter=', 'BadRequest'],
      ["$filter=nothing eq 'x'", 'BadRequest'],
      ["$filter=soundslike(displayName,'x')", 'BadRequest'],
      ["$filter=displayName/any(x:x eq 'y')", 'BadRequest'],
      ["$filter=otherMails eq 'x'", 'Request_UnsupportedQuery'],
      ["$filter=otherMails/any(x:x eq 'a' and x eq 'b')", 'Request_UnsupportedQuery'],
      ["$filter=identities/any(x:x/issuer eq 'a')", 'Request_UnsupportedQuery'],
      ["$filter=streetAddress eq 'x'", 'Request_UnsupportedQuery'],
      ["$filter=endswith(displayName,'x')", 'Request_UnsupportedQuery'],
      ['$filter=displayName eq 1', 'Request_UnsupportedQuery'],
      ["$filter=accountEnabled eq 'true'", 'Request_UnsupportedQuery'],
      ['$filter=displayName gt null', 'BadRequest'],
      ['$orderby=otherMails', 'Request_UnsupportedQuery'],
      ['$orderby=nothing', 'BadRequest'],
      ['$select=nothing', 'BadRequest'],
      ['$expand=nothing', 'BadRequest'],
      ['$expand=manager($levels=max)', 'Request_UnsupportedQuery'],
      ['$search="displayName:x"', 'Request_UnsupportedQuery'],
      ['$skiptoken=abc', 'Directory_ExpiredPageToken'],
      ['$nothing=1', 'Request_UnsupportedQuery'],
    ] as const) {
      const answer = await api.call(admin, `GET /users?${query}`);
      assert.deepEqual([answer.status, answer.body.error.code], [400, code], query);
    }
  });

  test('ids of other tenants are not there', async () => {
    const [mine, other] = [await api.makeTenant(), await api.makeTenant()];
    const group = { displayName: 'x', mailNickname: 'x', mailEnabled: false, securityEnabled: true };
    const { id } = (await api.call(mine.admin, 'POST /groups', group)).body;
    const foreign = (await api.call(other.admin, 'POST /groups', group)).body.id;
    for (const [request, body] of [
      [`GET /users/${other.admin.id}`],
      [`GET /users/admin@${other.domain}`],
      [`PATCH /users/${other.admin.id}`, { jobTitle: 'x' }],
      [`DELETE /users/${other.admin.id}`],
      [`GET /groups/${foreign}`],
      [`GET /groups/${foreign}/members`],
      [`DELETE /groups/${foreign}`],
      [`POST /groups/${id}/members/$ref`, { '@odata.id': `https://hub.test/v1.0/users/${other.admin.id}` }],
      [`GET /directoryObjects/${foreign}`],
      [`GET /organization/${other.tenantId}`],
      [`GET /domains/${other.domain}`],
    ] as const) {
      const answer = await api.call(mine.admin, request, body);
      assert.deepEqual([answer.status, answer.body.error.code], [404, 'Request_ResourceNotFound'], request);
    }
    const byIds = await api.call(mine.admin, 'POST /directoryObjects/getByIds', { ids: [foreign, other.admin.id] });
    assert.deepEqual(byIds.body.value, []);
    const check = await api.call(mine.admin, `POST /users/${mine.admin.id}/checkMemberGroups`, { groupIds: [foreign] });
    assert.deepEqual(check.body.value, []);
  });

  test('RFC 6750 3: without a valid token there is a challenge, and nothing else', async () => {
    const { admin, tenantId } = await api.makeTenant();
    for (const [authorization, hasError] of [
      ['', false],
      ['Basic YTpi', false],
      ['Bearer', false],
      ['Bearer !!!', false],
      ['Bearer abc', true],
    ] as const) {
      const answer = await api.call(authorization, 'GET /users');
      assert.deepEqual([answer.status, answer.body.error.code], [401, 'InvalidAuthenticationToken'], authorization);
      const challenge = answer.headers['www-authenticate'] ?? '';
      assert.match(challenge, /^Bearer .*authorization_uri="https:\/\/hub\.test\/common\/oauth2\/v2\.0\/authorize"/);
      assert.equal(challenge.includes('error="invalid_token"'), hasError);
    }
    for (const who of [
      { ...admin, tenantId: randomUUID() },
      { ...admin, id: randomUUID() },
      { ...admin, kind: 'application' as const },
    ]) {
      assert.equal((await api.call(who, 'GET /users')).status, 401, 'a token for somebody who is not there');
    }
    const body = { userPrincipalName: `x@t${tenantId.slice(0, 8)}.example`, displayName: 'x', accountEnabled: false };
    const disabled = (await api.call(admin, 'POST /users', body)).body.id;
    assert.equal((await api.call({ ...admin, id: disabled }, 'GET /me')).status, 401, 'a token of a disabled user');
  });

  test('references that lead nowhere are refused', async () => {
    const { admin } = await api.makeTenant();
    const group = { displayName: 'x', mailNickname: 'x', mailEnabled: false, securityEnabled: true };
    const { id } = (await api.call(admin, 'POST /groups', group)).body;
    for (const reference of [
      '',
      'x',
      admin.id,
      'https://hub.test/v1.0/users/',
      `https://hub.test/v1.0/users/${admin.id}/x`,
    ]) {
      const answer = await api.call(admin, `POST /groups/${id}/members/$ref`, { '@odata.id': reference });
      assert.deepEqual([answer.status, answer.body.error.code], [400, 'BadRequest'], reference);
    }
    assert.equal((await api.call(admin, `POST /groups/${id}/members/$ref`, {})).status, 400);
  });

  test('the answer repeats the ids by which a request is found', async () => {
    const { admin } = await api.makeTenant();
    const clientRequestId = randomUUID();
    const answer = await api.call(admin, 'GET /users/nobody', undefined, { 'client-request-id': clientRequestId });
    assert.equal(answer.headers['client-request-id'], clientRequestId);
    const { innerError } = answer.body.error;
    assert.equal(innerError['client-request-id'], clientRequestId);
    assert.equal(innerError['request-id'], answer.headers['request-id']);
    const injected = await api.call(admin, 'GET /users', undefined, { 'client-request-id': 'x\r\nset-cookie: a=b' });
    assert.equal(injected.headers['client-request-id'], injected.headers['request-id']);
  });

  test('nothing of all this was a bug', () => assert.deepEqual(api.bugs, []));
});
