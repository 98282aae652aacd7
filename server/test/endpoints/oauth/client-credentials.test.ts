import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import {
  assignAppRole,
  getApplication,
  removePassword,
  updateServicePrincipal,
} from '../../../src/applications/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { apiName, TestHub } from './test-hub.ts';

onEachDatabase((database) => {
  async function begin() {
    const hub = await new TestHub(database).begin();
    const role = {
      id: crypto.randomUUID(),
      value: 'Claims.Settle',
      displayName: 'Settles claims',
      description: 'Settles claims',
      allowedMemberTypes: ['Application'],
      isEnabled: true,
    };
    const api = await hub.api({ appRoles: [role] });
    const client = await hub.client({});
    const credentials = { client_id: client.appId, client_secret: client.secret };
    const form = { grant_type: 'client_credentials', ...credentials };
    return { hub, role, api, client, form };
  }

  /** What two tokens of the same kind have in common. */
  function lasting(token: unknown) {
    const { jti, iat, exp, nbf, ...claims } = decodeJwt(String(token));
    return { header: decodeProtectedHeader(String(token)), claims, seconds: Number(exp) - Number(iat) };
  }

  for (const [dialect, asked] of [
    ['of the standards', { resource: apiName }],
    ["in Microsoft's words", { scope: `${apiName}/.default` }],
  ] as const) {
    test(`RFC 6749 4.4: a request ${dialect} is answered as the provider answers it`, async () => {
      const { hub, role, api, client, form } = await begin();
      const { servicePrincipalId: principalId } = client;
      const { servicePrincipalId: resourceId } = api;
      await hub.storage.write((stores) =>
        assignAppRole(stores, hub.act(), { principalId, resourceId, appRoleId: role.id }),
      );
      const direct = await hub.fetch(hub.path('token'), { form: { ...form, ...asked } });
      // A client that proves itself in the header is the provider's.
      const basic = Buffer.from(`${client.appId}:${client.secret}`).toString('base64');
      const headers = { authorization: `Basic ${basic}` };
      const inHeader = { grant_type: 'client_credentials', client_id: client.appId, ...asked };
      const provided = await hub.fetch(hub.path('token'), { form: inHeader, headers });
      assert.equal(direct.status, 200, direct.text);
      assert.deepEqual(lasting(direct.json['access_token']), lasting(provided.json['access_token']));
      assert.deepEqual(decodeJwt(String(direct.json['access_token']))['roles'], ['Claims.Settle']);
      const withoutToken = ({ access_token, ...members }: Record<string, unknown>) => members;
      assert.deepEqual(withoutToken(direct.json), withoutToken(provided.json));
      for (const name of ['content-type', 'cache-control']) {
        assert.equal(direct.headers[name], provided.headers[name], name);
      }
    });
  }

  test('RFC 6749 3.2.1: from the moment on that it is taken away a secret, a client or a resource counts no more', async () => {
    const { hub, api, client, form } = await begin();
    const ask = () => hub.fetch(hub.path('token'), { form: { ...form, resource: apiName } });
    const error = async () => (await ask()).json['error'];
    const enable = (id: string, accountEnabled: boolean) =>
      hub.storage.write((stores) => updateServicePrincipal(stores, hub.act(), id, { accountEnabled }));
    assert.equal((await ask()).status, 200);
    await enable(client.servicePrincipalId, false);
    assert.equal(await error(), 'invalid_client');
    await enable(client.servicePrincipalId, true);
    await enable(api.servicePrincipalId, false);
    assert.equal(await error(), 'invalid_target');
    await enable(api.servicePrincipalId, true);
    assert.equal((await ask()).status, 200);
    await hub.storage.write(async (stores) => {
      const application = await getApplication(stores, hub.tenant.id, client.objectId);
      const [secret] = await stores.clientSecrets.list(hub.tenant.id, [client.objectId]);
      await removePassword(stores, hub.act(), application, secret?.id ?? '');
    });
    assert.equal(await error(), 'invalid_client');
  });

  test('RFC 6749 4.4.2: what a plain answer would not do is weighed by the provider', async () => {
    const { hub, form } = await begin();
    const asked = { ...form, resource: apiName };
    const error = async (changes: Record<string, string>) =>
      (await hub.fetch(hub.path('token'), { form: { ...asked, ...changes } })).json['error'];
    assert.equal(await error({ client_secret: `${form.client_secret}x` }), 'invalid_client');
    assert.equal(await error({ client_id: crypto.randomUUID() }), 'invalid_client');
    assert.equal(await error({ resource: `${apiName}#part` }), 'invalid_target');
    assert.equal(await error({ resource: 'https://unknown.example' }), 'invalid_target');
    assert.equal(await error({ client_assertion: 'x' }), 'invalid_request');
  });

  test('RFC 9449 5: a client that must bind its tokens gets none without a proof', async () => {
    const { hub } = await begin();
    const bound = await hub.client({ oauthClient: { dpopBoundAccessTokens: true } });
    const form = {
      grant_type: 'client_credentials',
      client_id: bound.appId,
      client_secret: bound.secret,
      resource: apiName,
    };
    assert.equal((await hub.fetch(hub.path('token'), { form })).status, 400);
  });
});
