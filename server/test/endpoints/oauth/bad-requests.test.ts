import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEachDatabase } from '../../databases.ts';
import { apiName, decode, pkce, TestHub } from './test-hub.ts';

const callback = 'https://app.example/callback';

onEachDatabase((database) => {
  async function hubWithWeb() {
    const hub = new TestHub(database);
    await hub.begin();
    const web = await hub.client({
      web: { redirectUris: [callback] },
      spa: { redirectUris: ['https://spa.example/'] },
    });
    const authorize = (parameters: Record<string, string>) => {
      const plain = { client_id: web.appId, response_type: 'code', redirect_uri: callback, scope: 'openid' };
      return hub.fetch(`${hub.path('authorize')}?${new URLSearchParams({ ...plain, ...parameters })}`);
    };
    return { hub, web, authorize };
  }

  test('RFC 6749 3.1.2.4: a reply address that is not registered exactly is never redirected to', async () => {
    const { authorize } = await hubWithWeb();
    const addresses = [
      `${callback}/`,
      `${callback}/more`,
      `${callback}?more=1`,
      `${callback}#fragment`,
      'https://app.example/callbac',
      'https://app.example.evil.example/callback',
      'https://app.example@evil.example/callback',
      'https://evil.example/https://app.example/callback',
      'https://app.example/x/../callback',
      'https://app.example/%63allback',
      'https://app.example:444/callback',
      'http://app.example/callback',
      'https://аpp.example/callback',
      'https://*.example/callback',
      'javascript:alert(1)',
      '//app.example/callback',
      '',
    ];
    for (const address of addresses) {
      const { status, headers } = await authorize({ redirect_uri: address });
      assert.deepEqual([status, headers['location']], [400, undefined], address);
    }
  });

  test('RFC 6749 4.1.2.1: an unknown client sees a page, and a known one gets its errors at its address', async () => {
    const { hub, authorize } = await hubWithWeb();
    const unknown = await authorize({ client_id: crypto.randomUUID() });
    assert.deepEqual([unknown.status, unknown.headers['location']], [400, undefined]);
    for (const [parameters, error] of [
      [{ response_type: 'token' }, 'unsupported_response_type'],
      [{ response_mode: 'nonsense' }, 'unsupported_response_mode'],
      [{ prompt: 'none login' }, 'invalid_request'],
      [{ max_age: '-1' }, 'invalid_request'],
      [{ claims: '{"id_token":' }, 'invalid_request'],
      [{ request_uri: 'http://169.254.169.254/latest' }, 'invalid_request_uri'],
      [{ resource: 'https://unknown.example/' }, 'invalid_target'],
      [{ prompt: 'none' }, 'login_required'],
      [{ code_challenge: pkce().challenge, code_challenge_method: 'plain' }, 'invalid_request'],
    ] as const) {
      const { status, headers } = await authorize({ ...parameters, state: 'kept' });
      const back = new URL(String(headers['location']));
      assert.equal(status, 303);
      assert.equal(back.origin + back.pathname, callback);
      const answer = new URLSearchParams(back.search || back.hash.slice(1));
      assert.deepEqual([answer.get('error'), answer.get('state')], [error, 'kept'], JSON.stringify(parameters));
      // RFC 9207 2: in errors as well.
      assert.equal(answer.get('iss'), hub.issuer);
    }
  });

  test('RFC 9700 2.1.1: a client that keeps no secret must use PKCE', async () => {
    const { authorize } = await hubWithWeb();
    const { headers } = await authorize({ redirect_uri: 'https://spa.example/' });
    assert.match(String(headers['location']), /^https:\/\/spa\.example\/\?error=invalid_request/);
  });

  test('RFC 6749 4.4: a client with a secret gets a token for itself, and nobody without the secret does', async () => {
    const { hub, web } = await hubWithWeb();
    await hub.api();
    const token = (form: Record<string, string>, headers = {}) =>
      hub.fetch(hub.path('token'), { form: { grant_type: 'client_credentials', resource: apiName, ...form }, headers });
    const { status, json } = await token({ client_id: web.appId, client_secret: web.secret });
    assert.equal(status, 200);
    assert.equal(json['refresh_token'], undefined);
    const { claims } = decode(json['access_token']);
    assert.deepEqual([claims['aud'], claims['sub'], claims['scope']], [apiName, web.appId, undefined]);

    const wrong = await token({ client_id: web.appId, client_secret: `${web.secret}x` });
    assert.deepEqual([wrong.status, wrong.json['error']], [401, 'invalid_client']);
    const none = await token({ client_id: web.appId });
    assert.ok(none.status >= 400 && none.json['access_token'] === undefined);
    const basic = Buffer.from(`${web.appId}:wrong`).toString('base64');
    const { headers, status: refused } = await token({}, { authorization: `Basic ${basic}` });
    assert.equal(refused, 401);
    assert.match(String(headers['www-authenticate']), /^Basic /);
    assert.equal(headers['cache-control'], 'no-store');
  });
});
