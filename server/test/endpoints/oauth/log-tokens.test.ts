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

  test('a client that nobody knows is not logged, whatever it calls itself', async () => {
    const { hub, client, ask } = await begin();
    const unknown = crypto.randomUUID();
    await ask({ grant_type: 'client_credentials', resource: apiName, client_id: unknown });
    assert.deepEqual(await logged(hub, { ...client, appId: unknown }), []);
  });
});
