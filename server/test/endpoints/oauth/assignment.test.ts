import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assignAppRole, removeAppRoleAssignment, updateServicePrincipal } from '../../../src/applications/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { apiName, type TestClient, TestHub } from './test-hub.ts';

const callback = 'https://app.example/callback';
const nobodysRole = '00000000-0000-0000-0000-000000000000';

onEachDatabase((database) => {
  async function closed() {
    const hub = await new TestHub(database).begin();
    const web = await hub.client({ web: { redirectUris: [callback] } });
    const userId = await hub.staff('homer');
    const close = ({ servicePrincipalId }: TestClient) =>
      hub.storage.write((stores) =>
        updateServicePrincipal(stores, hub.act(), servicePrincipalId, { appRoleAssignmentRequired: true }),
      );
    const assign = (principalId: string, { servicePrincipalId: resourceId }: TestClient) =>
      hub.storage.write((stores) =>
        assignAppRole(stores, hub.act(), { principalId, resourceId, appRoleId: nobodysRole }),
      );
    const signIn = async () => {
      const browser = hub.browser();
      const query = {
        client_id: web.appId,
        response_type: 'code',
        redirect_uri: callback,
        scope: 'openid offline_access',
      };
      await browser.open(`${hub.path('authorize')}?${new URLSearchParams(query)}`);
      return (await hub.signIn(browser, `homer@${hub.tenant.name}.onmicrosoft.com`)).searchParams;
    };
    const redeem = (form: Record<string, string>) =>
      hub.fetch(hub.path('token'), { form: { client_id: web.appId, client_secret: web.secret, ...form } });
    return { hub, web, userId, close, assign, signIn, redeem };
  }

  test('an application that wants assignments lets nobody else in, from the moment on that it says so', async () => {
    const { hub, web, userId, close, assign, signIn, redeem } = await closed();
    await close(web);
    assert.equal((await signIn()).get('error'), 'access_denied');
    const { id } = await assign(userId, web);
    const code = (await signIn()).get('code') ?? '';
    const { json } = await redeem({ grant_type: 'authorization_code', code, redirect_uri: callback });
    const refresh = (token: unknown) => redeem({ grant_type: 'refresh_token', refresh_token: String(token) });
    const again = await refresh(json['refresh_token']);
    assert.equal(again.status, 200, again.text);
    await hub.storage.write((stores) => removeAppRoleAssignment(stores, hub.act(), id));
    assert.equal((await refresh(again.json['refresh_token'])).json['error'], 'invalid_grant');
  });

  test('a resource that wants assignments gives tokens to clients that have one', async () => {
    const { hub, web, close, assign, redeem } = await closed();
    const api = await hub.api();
    await close(api);
    const ask = () => redeem({ grant_type: 'client_credentials', scope: `${apiName}/.default` });
    assert.equal((await ask()).json['error'], 'invalid_target');
    await assign(web.servicePrincipalId, api);
    assert.equal((await ask()).status, 200);
  });
});
