import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { onEachDatabase } from '../../databases.ts';
import { apiName, decode, origin, pkce, TestHub } from './test-hub.ts';

const callback = 'https://app.example/callback';

onEachDatabase((database) => {
  async function hubWithWeb() {
    const hub = new TestHub(database);
    await hub.begin();
    const api = await hub.api();
    const web = await hub.client({ web: { redirectUris: [callback] } });
    await hub.consent(web, api, 'Accounts.Read Accounts.Write');
    await hub.staff('marge');
    return { hub, api, web, name: `marge@${hub.tenant.name}.onmicrosoft.com` };
  }

  test('OIDC Discovery 4.3: the metadata names the issuer that it was asked for, and endpoints below the same tenant', async () => {
    const hub = await new TestHub(database).begin();
    const { status, json } = await hub.fetch(`/${hub.tenant.id}/v2.0/.well-known/openid-configuration`);
    assert.equal(status, 200);
    assert.equal(json['issuer'], hub.issuer);
    assert.equal(json['token_endpoint'], origin + hub.path('token'));
    assert.equal(json['authorization_endpoint'], origin + hub.path('authorize'));
    assert.equal(json['jwks_uri'], `${origin}/${hub.tenant.id}/discovery/v2.0/keys`);
    assert.deepEqual(json['code_challenge_methods_supported'], ['S256']);
    assert.equal(json['authorization_response_iss_parameter_supported'], true);
  });

  test('OIDC Core 3.1: a code with PKCE becomes tokens, which verify with the published keys', async () => {
    const { hub, web, name } = await hubWithWeb();
    const { verifier, challenge } = pkce();
    const query = new URLSearchParams({
      client_id: web.appId,
      response_type: 'code',
      redirect_uri: callback,
      scope: 'openid profile offline_access Accounts.Read',
      resource: apiName,
      prompt: 'consent',
      state: 'kept',
      nonce: 'n-1',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    });
    const browser = hub.browser();
    await browser.open(`${hub.path('authorize')}?${query}`);
    const back = await hub.signIn(browser, name);
    assert.equal(back.origin + back.pathname, callback);
    assert.equal(back.searchParams.get('state'), 'kept');
    assert.equal(back.searchParams.get('iss'), hub.issuer);
    const answer = await hub.fetch(hub.path('token'), {
      form: {
        grant_type: 'authorization_code',
        client_id: web.appId,
        client_secret: web.secret,
        code: back.searchParams.get('code') ?? '',
        redirect_uri: callback,
        code_verifier: verifier,
      },
    });
    assert.equal(answer.status, 200, answer.text);
    const { json: keys } = await hub.fetch(`/${hub.tenant.id}/discovery/v2.0/keys`);
    const keySet = createLocalJWKSet(keys as unknown as Parameters<typeof createLocalJWKSet>[0]);
    const id = await jwtVerify(String(answer.json['id_token']), keySet, { issuer: hub.issuer, audience: web.appId });
    assert.equal(id.payload['nonce'], 'n-1');
    const access = await jwtVerify(String(answer.json['access_token']), keySet, {
      issuer: hub.issuer,
      audience: apiName,
      typ: 'at+jwt',
    });
    assert.equal(access.payload['scope'], 'Accounts.Read');
    assert.equal(access.payload['client_id'], web.appId);
    assert.equal(access.payload.sub, id.payload.sub);

    const refreshed = await hub.fetch(hub.path('token'), {
      form: {
        grant_type: 'refresh_token',
        client_id: web.appId,
        client_secret: web.secret,
        refresh_token: String(answer.json['refresh_token']),
      },
    });
    assert.equal(refreshed.status, 200, refreshed.text);
    assert.equal(decode(refreshed.json['access_token']).claims['scope'], 'Accounts.Read');
  });
});
