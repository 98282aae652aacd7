import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEachDatabase } from '../../databases.ts';
import { apiName, type TestClient, TestHub } from './test-hub.ts';

const callback = 'https://app.example/callback';

onEachDatabase((database) => {
  async function begin() {
    const hub = await new TestHub(database).begin();
    await hub.api();
    const client = await hub.client({ web: { redirectUris: [callback] } });
    const ask = (form: Record<string, string>) =>
      hub.fetch(hub.path('token'), {
        form: { client_id: client.appId, client_secret: client.secret, ...form },
        headers: { 'user-agent': 'claims-batch/1.0' },
      });
    return { hub, client, ask };
  }

  const logged = async (hub: TestHub, { appId }: TestClient) => {
    await hub.tokenLog.flush();
    const events = await hub.storage.read.signInEvents.list(hub.tenant.id, { appId }, 100);
    return events.filter(({ type }) => type !== 'interactiveUser');
  };

  test('a client that asks for itself is in the sign-in log, with how often it asked', async () => {
    const { hub, client, ask } = await begin();
    const form = { grant_type: 'client_credentials', resource: apiName };
    for (let times = 0; times < 3; times++) assert.equal((await ask(form)).status, 200);
    await ask({ ...form, client_secret: 'wrong' });
    const events = await logged(hub, client);
    assert.deepEqual(events.map(({ type, failure, count }) => `${type} ${failure} ${count}`).toSorted(), [
      'servicePrincipal invalid_client 1',
      'servicePrincipal null 3',
    ]);
    assert.equal(events.find(({ failure }) => failure === null)?.resource?.displayName, 'Insurance API');
    const { applicationId, userId, userAgent, address } = events[0] ?? {};
    assert.deepEqual(
      [applicationId, userId, userAgent, address],
      [client.servicePrincipalId, null, 'claims-batch/1.0', '192.0.2.1'],
    );
  });

  test('a refresh is in the sign-in log as a sign-in of its user without a page', async () => {
    const { hub, client, ask } = await begin();
    const userId = await hub.staff('homer');
    const name = `homer@${hub.tenant.name}.onmicrosoft.com`;
    const { refresh_token } = await hub.tokens(client, callback, name, { scope: 'openid offline_access' });
    assert.equal((await ask({ grant_type: 'refresh_token', refresh_token: String(refresh_token) })).status, 200);
    await ask({ grant_type: 'refresh_token', refresh_token: 'unknown' });
    const events = await logged(hub, client);
    assert.deepEqual(
      events.map(({ type, userId: of, failure }) => [type, of, failure]).toSorted(),
      [
        ['nonInteractiveUser', null, 'invalid_grant'],
        ['nonInteractiveUser', userId, null],
      ].toSorted(),
    );
  });

  test('an API that acts for a person is in the sign-in log as who acted, apart from its own requests', async () => {
    const { hub, client } = await begin();
    const api = await hub.api({ identifierUris: ['https://contoso.example/orders'] });
    await hub.consent(client, api, 'Accounts.Read');
    const ledger = await hub.api({ identifierUris: ['https://contoso.example/ledger'] });
    await hub.consent(api, ledger, 'Accounts.Write');
    const userId = await hub.staff('homer');
    const { access_token } = await hub.tokens(client, callback, `homer@${hub.tenant.name}.onmicrosoft.com`, {
      scope: 'openid Accounts.Read',
      resource: 'https://contoso.example/orders',
    });
    const asApi = { client_id: api.appId, client_secret: api.secret };
    const wanted = { resource: 'https://contoso.example/ledger', scope: 'openid offline_access Accounts.Write' };
    const { json, text } = await hub.fetch(hub.path('token'), {
      form: {
        ...asApi,
        ...wanted,
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        requested_token_use: 'on_behalf_of',
        assertion: String(access_token),
      },
    });
    assert.ok(json['refresh_token'], text);
    const refresh = { grant_type: 'refresh_token', refresh_token: String(json['refresh_token']) };
    await hub.fetch(hub.path('token'), { form: { ...asApi, ...refresh } });
    const events = await logged(hub, api);
    const shown = events.map(({ userId: of, actor, resource, count }) =>
      [of, actor?.appId ?? '', resource?.appId, count].join(),
    );
    const asked = `${ledger.appId},1`;
    assert.deepEqual(shown.toSorted(), [`${userId},,${asked}`, `${userId},${api.appId},${asked}`].toSorted());
  });

  test('a client that nobody knows is not logged, whatever it calls itself', async () => {
    const { hub, client, ask } = await begin();
    const unknown = crypto.randomUUID();
    await ask({ grant_type: 'client_credentials', resource: apiName, client_id: unknown });
    assert.deepEqual(await logged(hub, { ...client, appId: unknown }), []);
  });
});
