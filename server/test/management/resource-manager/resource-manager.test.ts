import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { resourceManagerOperations } from '@countersign/management-api';
import type { AccessToken } from '../../../src/issuance/index.ts';
import { resourceManagerMount } from '../../../src/management/index.ts';
import { Refusal } from '../../../src/refusal.ts';
import { onEachDatabase } from '../../databases.ts';
import { openGraphApi } from '../graph/graph-api.ts';

const publicUrl = new URL('https://hub.test');

onEachDatabase(({ storage }) => {
  const graph = openGraphApi(storage);

  /** Calls as a user of a tenant, who is named in place of a token. */
  async function call(request: string, who?: { tenantId: string; id: string }, host = publicUrl.host) {
    const [, method = '', address = ''] = /^(\w+) (.*)$/.exec(request) ?? [];
    const verifyToken = async (): Promise<AccessToken> => {
      if (!who)
        throw new Refusal('issuance.token_audience', { status: 401, text: 'It is for another API.', advice: '' });
      return {
        id: randomUUID(),
        tenantId: who.tenantId,
        audience: 'https://management.azure.com/',
        clientId: 'client',
        subject: { kind: 'user', id: who.id },
        name: null,
        userPrincipalName: null,
        scopes: ['user_impersonation'],
        roles: [],
        directoryRoleIds: [],
        issuedAt: new Date(),
        expiresAt: new Date(),
      };
    };
    const { routes } = resourceManagerMount({ storage, publicUrl, verifyToken });
    const url = new URL(address, `https://${host}`);
    const fits = ({ path }: { path: string }) =>
      path.endsWith('/*') ? url.pathname.startsWith(path.slice(0, -1)) : path === url.pathname;
    const route = routes.find((candidate) => candidate.method === method && fits(candidate));
    assert.ok(route);
    const authorization = who === undefined ? 'Bearer e30.e30.e30' : 'Bearer a.b.c';
    const { status, headers, body, operation } = await route.handle({
      method,
      url,
      headers: { authorization },
      body: undefined,
      requestId: randomUUID(),
      admitTenant: () => {},
    });
    const answer = JSON.parse(String(body));
    const declared = resourceManagerOperations[operation as keyof typeof resourceManagerOperations];
    if (status === 200) declared.response.parse(answer);
    return { status, headers: headers ?? {}, body: answer };
  }

  test('Interop: az reads a list of clouds since 2019, and other tools one object before', async () => {
    const { status, body } = await call('GET /metadata/endpoints?api-version=2019-05-01');
    assert.equal(status, 200);
    const [cloud] = body;
    assert.equal(cloud.authentication.loginEndpoint, 'https://hub.test');
    assert.equal(cloud.microsoftGraphResourceId, 'https://hub.test/');
    assert.equal(cloud.resourceManager, 'https://hub.test/');
    const older = await call('GET /metadata/endpoints?api-version=2015-01-01');
    assert.equal(older.body.authentication.loginEndpoint, 'https://hub.test');
    assert.deepEqual(older.body.authentication.audiences, cloud.authentication.audiences);
  });

  test('Interop: MSAL for Python asks Microsoft about no authority that the cloud names at the host of a tenant', async () => {
    const { tenantId } = await graph.makeTenant();
    const hosts = [`x${tenantId}.b2clogin.com`, `login.x${tenantId}.example`];
    for (const host of hosts) await storage.write(({ tenants }) => tenants.addHost(tenantId, host, new Date()));
    const endpoints = await Promise.all(
      hosts.map(async (host) => {
        const { body } = await call('GET /metadata/endpoints?api-version=2019-05-01', undefined, host);
        return body[0].authentication.loginEndpoint;
      }),
    );
    assert.deepEqual(endpoints, [`https://${hosts[0]}`, `https://${hosts[1]}/adfs`]);
  });

  test('whoever is signed in sees the own tenant, and no subscription', async () => {
    const { tenantId, domain, admin } = await graph.makeTenant();
    await graph.makeTenant();
    const { body } = await call('GET /tenants?api-version=2019-11-01', admin);
    assert.equal(body.value.length, 1);
    assert.equal(body.value[0].tenantId, tenantId);
    assert.equal(body.value[0].defaultDomain, domain);
    const subscriptions = await call('GET /subscriptions?api-version=2019-11-01', admin);
    assert.deepEqual(subscriptions.body, { value: [], count: { type: 'Total', value: 0 } });
    const resource = `/subscriptions/${randomUUID()}/resourcegroups/x?api-version=2021-04-01`;
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const missing = await call(`${method} ${resource}`, admin);
      assert.deepEqual([missing.status, missing.body.error.code], [404, 'SubscriptionNotFound']);
    }
  });

  test('RFC 6750 3: a token for another API is refused, and the answer says where to sign in', async () => {
    for (const address of ['/tenants', '/subscriptions', `/subscriptions/${randomUUID()}/providers`]) {
      const { status, headers, body } = await call(`GET ${address}?api-version=2019-11-01`);
      assert.deepEqual([status, body.error.code], [401, 'AuthenticationFailed']);
      assert.match(
        headers['www-authenticate'] ?? '',
        /^Bearer .*authorization_uri="https:\/\/hub.test\/common\/oauth2\/v2.0\/authorize"/,
      );
    }
  });

  test('a request without a version, or with one that is none, is refused', async () => {
    const { admin } = await graph.makeTenant();
    for (const [query, code] of [
      ['', 'MissingApiVersionParameter'],
      ['?api-version=latest', 'InvalidApiVersionParameter'],
    ]) {
      const { status, body } = await call(`GET /subscriptions${query}`, admin);
      assert.deepEqual([status, body.error.code], [400, code]);
    }
  });
});
