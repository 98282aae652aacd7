import assert from 'node:assert/strict';
import { test } from 'node:test';
import { revokePermissionGrant } from '../../../src/applications/index.ts';
import { deleteObject, purgeObject, userKind } from '../../../src/directory/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { apiName, decode, type TestClient, TestHub } from './test-hub.ts';

const callback = 'https://app.example/callback';

onEachDatabase((database) => {
  async function begin() {
    const hub = await new TestHub(database).begin();
    const api = await hub.api();
    const web = await hub.client({ web: { redirectUris: [callback] } });
    const userId = await hub.staff('marge');
    const name = `marge@${hub.tenant.name}.onmicrosoft.com`;
    const token = (form: Record<string, string>, { appId, secret }: TestClient = web) =>
      hub.fetch(hub.path('token'), { form: { client_id: appId, client_secret: secret, ...form } });
    return { hub, api, web, userId, name, token };
  }

  test('bad-inputs 21: a client that acts for itself gets no scopes beside what is its own', async () => {
    const { hub, token } = await begin();
    await hub.client({ displayName: 'Other API', identifierUris: ['https://other.example'] });
    const form = { grant_type: 'client_credentials' };
    for (const scope of [
      `${apiName}/.default`,
      `${apiName}/.default ${apiName}/Accounts.Write`,
      `${apiName}/Accounts.Write`,
      `${apiName}/.default https://other.example/.default`,
    ]) {
      const { status, json } = await token({ ...form, scope });
      assert.equal(status, 200, scope);
      const { scp, roles, aud } = decode(json['access_token']).claims;
      assert.deepEqual([scp, roles, aud], [undefined, undefined, apiName], scope);
    }
  });

  test('bad-inputs 21: scopes to which nobody has consented, or does any more, are in no token', async () => {
    const { hub, api, web, name, token } = await begin();
    const granted = await hub.consent(web, api, 'Accounts.Read');
    const scope = `openid offline_access ${apiName}/Accounts.Read`;
    const tokens = await hub.tokens(web, callback, name, { scope });
    const refresh = (refresh_token: unknown, asked: string) =>
      token({ grant_type: 'refresh_token', refresh_token: String(refresh_token), scope: asked });
    const more = await refresh(tokens['refresh_token'], `${apiName}/Accounts.Write`);
    assert.notEqual(more.status, 200, 'a scope that was never asked for');
    const { json } = await refresh(tokens['refresh_token'], `${apiName}/Accounts.Read`);
    assert.equal(decode(json['access_token']).claims['scp'], 'Accounts.Read');
    await hub.storage.write((stores) => revokePermissionGrant(stores, hub.act(), granted.id));
    const after = await refresh(json['refresh_token'], `${apiName}/Accounts.Read`);
    assert.notEqual(after.status, 200, after.text);
  });

  test('OIDC Core 3.1.2.1: prompt=none goes with no other, and another person’s ID token is not answered', async () => {
    const { hub, web, name } = await begin();
    const browser = hub.browser();
    const ask = async (parameters: Record<string, string>) => {
      const query = { client_id: web.appId, response_type: 'code', redirect_uri: callback, scope: 'openid' };
      await browser.open(`${hub.path('authorize')}?${new URLSearchParams({ ...query, ...parameters })}`);
      return new URL(String(browser.page.headers['location'] ?? 'about:blank')).searchParams;
    };
    await ask({});
    await hub.signIn(browser, name);
    assert.ok((await ask({ prompt: 'none' })).get('code'));
    assert.equal((await ask({ prompt: 'none login' })).get('error'), 'invalid_request');
    await hub.staff('lisa');
    const lisa = await hub.tokens(web, callback, `lisa@${hub.tenant.name}.onmicrosoft.com`, { scope: 'openid' });
    const hint = await ask({ prompt: 'none', id_token_hint: String(lisa['id_token']) });
    assert.equal(hint.get('error'), 'login_required');
  });

  test('bad-inputs 17: whoever gets the name of a deleted person is somebody else, for applications as well', async () => {
    const { hub, web, userId, name, token } = await begin();
    const tokens = await hub.tokens(web, callback, name, { scope: 'openid offline_access' });
    await hub.storage.write(async (stores) => {
      await deleteObject(stores, hub.act(), userKind, userId);
      await purgeObject(stores, hub.act(), userKind, userId);
    });
    const successor = await hub.staff('marge');
    assert.notEqual(successor, userId);
    const refreshed = await token({ grant_type: 'refresh_token', refresh_token: String(tokens['refresh_token']) });
    assert.equal(refreshed.json['error'], 'invalid_grant');
    const userinfo = await hub.fetch(`/${hub.tenant.id}/openid/v2.0/userinfo`, {
      headers: { authorization: `Bearer ${tokens['access_token']}` },
    });
    assert.equal(userinfo.status, 401);
    const again = await hub.tokens(web, callback, name, { scope: 'openid' });
    assert.notEqual(decode(again['id_token']).claims['sub'], decode(tokens['id_token']).claims['sub']);
  });
});
