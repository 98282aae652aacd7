import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seedFirstPartyApplications } from '../../../src/applications/index.ts';
import { accessTokenVerifier } from '../../../src/issuance/index.ts';
import { customerFlow, saveFlow } from '../../../src/user-flows/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { proofChecks } from '../../issuance/proof-checks.ts';
import { password } from '../../sign-in/journey.ts';
import { apiName, decode, origin, TestHub } from './test-hub.ts';

const callback = 'http://localhost:5000/getAToken';
const policy = 'B2C_1_signupsignin1';
const scope = `${apiName}/Accounts.Read ${apiName}/Accounts.Write offline_access openid profile`;

onEachDatabase((database) => {
  async function insurance() {
    const hub = new TestHub(database);
    await hub.begin({ name: policy, type: 'signUpOrSignIn', claims: ['displayName', 'givenName', 'emails'] });
    const api = await hub.api();
    const web = await hub.client({ web: { redirectUris: [callback] } });
    await hub.consent(web, api, 'Accounts.Read Accounts.Write');
    const userId = await hub.customer('marge@example.com', { givenName: 'Marge' });
    const path = (endpoint: string) => `/${hub.tenant.name}.onmicrosoft.com/${policy}/oauth2/v2.0/${endpoint}`;
    const redeem = (form: Record<string, string>) =>
      hub.fetch(path('token'), {
        form: { client_id: web.appId, client_secret: web.secret, client_info: '1', scope, ...form },
      });
    return { hub, api, web, userId, path, redeem };
  }

  async function signedIn() {
    const parts = await insurance();
    const { hub, web, path, redeem } = parts;
    const query = { client_id: web.appId, response_type: 'code', redirect_uri: callback, scope, state: 's' };
    const browser = hub.browser();
    await browser.open(`${path('authorize')}?${new URLSearchParams(query)}`);
    const back = await hub.signIn(browser, 'marge@example.com');
    assert.equal(back.searchParams.get('state'), 's');
    const code = back.searchParams.get('code') ?? '';
    const answer = await redeem({ grant_type: 'authorization_code', code, redirect_uri: callback });
    assert.equal(answer.status, 200, answer.text);
    return { ...parts, answer, code };
  }

  test('Interop: Azure AD B2C clients put the policy into the path, and all policies of a tenant share one issuer', async () => {
    const { hub } = await insurance();
    const address = `/${hub.tenant.name}.onmicrosoft.com/${policy.toLowerCase()}/v2.0/.well-known/openid-configuration`;
    const { status, json } = await hub.fetch(address);
    assert.equal(status, 200);
    assert.equal(json['issuer'], `${origin}/${hub.tenant.id}/v2.0/`);
    const below = `${origin}/${hub.tenant.name}.onmicrosoft.com/${policy.toLowerCase()}`;
    assert.equal(json['token_endpoint'], `${below}/oauth2/v2.0/token`);
    assert.equal(json['jwks_uri'], `${below}/discovery/v2.0/keys`);
  });

  test('Interop: Azure AD B2C tokens have scp, tfp, emails and the application id of the API as aud', async () => {
    const { hub, api, web, userId, answer } = await signedIn();
    const { claims } = decode(answer.json['access_token']);
    assert.equal(claims['iss'], `${origin}/${hub.tenant.id}/v2.0/`);
    assert.equal(claims['aud'], api.appId);
    assert.equal(claims['scp'], 'Accounts.Read Accounts.Write');
    assert.deepEqual(claims['emails'], ['marge@example.com']);
    assert.equal(claims['scope'], undefined);
    const id = decode(answer.json['id_token']).claims;
    assert.deepEqual(
      [id['aud'], id['given_name'], id['tfp'], id['oid'], id['ver'], id['at_hash']],
      [web.appId, 'Marge', policy, userId, '1.0', undefined],
    );
    assert.equal(id['auth_time'], Math.floor(Number(hub.now) / 1000));
    const info = JSON.parse(Buffer.from(String(answer.json['client_info']), 'base64url').toString());
    assert.deepEqual(info, { uid: `${userId}-${policy.toLowerCase()}`, utid: hub.tenant.id });
  });

  test('Interop: MSAL misses its cache unless scopes come back spelled as they were requested', async () => {
    const { answer } = await signedIn();
    assert.equal(answer.json['scope'], `${apiName}/Accounts.Read ${apiName}/Accounts.Write`);
  });

  test('Interop: several processes of the Azure CLI share one refresh token, and refresh with it at the same time', async () => {
    const { answer, redeem } = await signedIn();
    const form = { grant_type: 'refresh_token', refresh_token: String(answer.json['refresh_token']) };
    const answers = await Promise.all(Array.from({ length: 4 }, () => redeem(form)));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200, 200],
    );
  });

  test('Interop: MSAL reads the number of an error from its description, and shows trace and correlation id', async () => {
    const { code, redeem } = await signedIn();
    const wrong = await redeem({ grant_type: 'authorization_code', code, redirect_uri: callback, client_secret: 'no' });
    assert.equal(wrong.status, 401);
    assert.equal(wrong.json['error'], 'invalid_client');
    assert.match(String(wrong.json['error_description']), /^AADSTS7000215: /);
    assert.deepEqual(wrong.json['error_codes'], [7000215]);
  });

  test('RFC 6749 4.1.2: of 8 parallel redemptions of a code one succeeds, and its family is revoked', async () => {
    const { hub, web, path, redeem } = await insurance();
    const query = { client_id: web.appId, response_type: 'code', redirect_uri: callback, scope, state: 's' };
    const browser = hub.browser();
    await browser.open(`${path('authorize')}?${new URLSearchParams(query)}`);
    const code = (await hub.signIn(browser, 'marge@example.com')).searchParams.get('code') ?? '';
    const form = { grant_type: 'authorization_code', code, redirect_uri: callback };
    const answers = await Promise.all(Array.from({ length: 8 }, () => redeem(form)));
    const won = answers.filter(({ status }) => status === 200);
    assert.equal(won.length, 1);
    for (const { status, json } of answers.filter((each) => each !== won[0]))
      assert.deepEqual([status, json['error']], [400, 'invalid_grant']);
    const refresh = { grant_type: 'refresh_token', refresh_token: String(won[0]?.json['refresh_token']) };
    assert.equal((await redeem(refresh)).json['error'], 'invalid_grant');
  });

  test('Deviation: nobody is asked whether to sign out where id_token_hint is missing', async () => {
    const { hub, web, path } = await insurance();
    const query = { client_id: web.appId, response_type: 'code', redirect_uri: callback, scope, state: 's' };
    const authorize = `${path('authorize')}?${new URLSearchParams(query)}`;
    const browser = hub.browser();
    await browser.open(authorize);
    await hub.signIn(browser, 'marge@example.com');
    await browser.open(authorize);
    assert.equal(browser.page.status, 303, 'the session answers');
    await browser.open(`${path('logout')}?post_logout_redirect_uri=${callback}`);
    assert.equal(browser.page.headers['location'], callback);
    await browser.open(authorize);
    assert.equal(browser.page.status, 200, 'the session is gone');
  });

  test('OpenID Connect RP-Initiated Logout 3: an address that is not registered is never redirected to', async () => {
    const { hub, web, path } = await insurance();
    for (const address of [
      'https://evil.example/',
      `${callback}/../x`,
      `${callback}.evil.example`,
      'javascript:alert(1)',
    ]) {
      const query = new URLSearchParams({ client_id: web.appId, post_logout_redirect_uri: address });
      const { status, headers } = await hub.fetch(`${path('logout')}?${query}`);
      assert.deepEqual([status, headers['location']], [200, undefined], address);
    }
  });

  test('Interop: MSAL asks for <resource>/.default, and the management API takes the token', async () => {
    const { hub, web } = await insurance();
    await hub.storage.write((stores) => seedFirstPartyApplications(stores, hub.act()));
    const { status, json, text } = await hub.fetch(hub.path('token'), {
      form: {
        client_id: web.appId,
        client_secret: web.secret,
        grant_type: 'client_credentials',
        scope: 'https://graph.microsoft.com/.default',
        client_info: '1',
      },
    });
    assert.equal(status, 200, text);
    const verify = accessTokenVerifier(hub.keys, {
      publicUrl: new URL(origin),
      audiences: new Set(['https://graph.microsoft.com']),
      isHostOf: async () => false,
      proofs: proofChecks(),
      now: () => new Date(),
    });
    const token = await verify(String(json['access_token']));
    assert.deepEqual(token.subject, { kind: 'application', id: web.servicePrincipalId });
    assert.equal(token.tenantId, hub.tenant.id);
  });

  test('Interop: the Azure CLI and the SDKs of Microsoft Graph ask for the address of the API', async () => {
    const { hub, web } = await insurance();
    await hub.storage.write((stores) => seedFirstPartyApplications(stores, hub.act()));
    for (const resource of [origin, `${origin}/`]) {
      const { json, text } = await hub.fetch(hub.path('token'), {
        form: {
          client_id: web.appId,
          client_secret: web.secret,
          grant_type: 'client_credentials',
          scope: `${resource}/.default`,
        },
      });
      const [, claims = ''] = String(json['access_token']).split('.');
      assert.equal(JSON.parse(Buffer.from(claims, 'base64url').toString()).aud, resource, text);
    }
  });

  test('Interop: MSAL for Python redeems a refresh token of one policy at another', async () => {
    const { hub, web, answer } = await signedIn();
    const other = { ...customerFlow, name: 'B2C_1_other', type: 'signUpOrSignIn' } as const;
    await hub.storage.write((stores) => saveFlow(stores, hub.act(), other));
    const secret = { client_id: web.appId, client_secret: web.secret, client_info: '1', scope };
    const form = { ...secret, grant_type: 'refresh_token', refresh_token: String(answer.json['refresh_token']) };
    const { json, text } = await hub.fetch(`/${hub.tenant.id}/b2c_1_other/oauth2/v2.0/token`, {
      form,
      headers: { 'x-anchormailbox': 'Oid:somebody@somewhere' },
    });
    assert.equal(decode(json['access_token']).claims['tfp'], 'B2C_1_other', text);
    assert.ok(json['refresh_token']);
  });

  test('Interop: MSAL for Node takes codes from forms only, and client_info with them', async () => {
    const { hub, web, path } = await insurance();
    const query = { client_id: web.appId, response_type: 'code', redirect_uri: callback, scope, state: 's' };
    const browser = hub.browser();
    const asked = {
      ...query,
      client_info: '1',
      response_mode: 'form_post',
      clidata: '1',
      'x-client-SKU': 'msal.js.node',
    };
    await browser.open(`${path('authorize')}?${new URLSearchParams(asked)}`);
    await browser.submit({ name: 'marge@example.com', password }, 'submit');
    const back = browser.continuesTo();
    await browser.open(back.pathname + back.search);
    assert.equal(browser.page.status, 200);
    const { action, fields } = browser.form();
    assert.equal(action, callback);
    assert.deepEqual(Object.keys(fields).sort(), ['client_info', 'code', 'iss', 'state']);
  });

  test('Interop: pocd asks that pages leave the window reachable from which they were opened', async () => {
    const { hub, web, path } = await insurance();
    const query = { client_id: web.appId, response_type: 'code', redirect_uri: callback, scope, state: 's', pocd: '1' };
    const browser = hub.browser();
    const page = await browser.open(`${path('authorize')}?${new URLSearchParams(query)}`);
    assert.equal(page.headers['cross-origin-opener-policy'], undefined);
  });

  test('Interop: MSAL and the Azure CLI ask whether the host of an authority is one of Microsoft', async () => {
    const { hub } = await insurance();
    const ask = (authority: string) =>
      hub.fetch(`/common/discovery/instance?api-version=1.1&authorization_endpoint=${encodeURIComponent(authority)}`);
    const { json } = await ask(`${origin}/${hub.tenant.id}/oauth2/v2.0/authorize`);
    assert.equal(json['tenant_discovery_endpoint'], `${origin}/${hub.tenant.id}/v2.0/.well-known/openid-configuration`);
    assert.equal((await ask('https://evil.example/t/oauth2/v2.0/authorize')).json['error'], 'invalid_instance');
  });

  test('Interop: MSAL for Python compares account_type with regard to case', async () => {
    const { hub } = await insurance();
    const realm = (name: string) => hub.fetch(`/common/userrealm/${name}?api-version=1.0`);
    assert.equal((await realm(`marge@${hub.tenant.name}.onmicrosoft.com`)).json['account_type'], 'Managed');
    assert.equal((await realm('marge@nowhere.example')).json['account_type'], 'Unknown');
  });
});
