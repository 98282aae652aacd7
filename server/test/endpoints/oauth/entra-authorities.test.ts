import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seedFirstPartyApplications } from '../../../src/applications/index.ts';
import { createTenant } from '../../../src/directory/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { apiName, decode, origin, TestHub } from './test-hub.ts';

const az = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
const loopback = 'http://localhost:8400';
const graph = 'https://graph.microsoft.com';
const arm = 'https://management.azure.com/';

onEachDatabase((database) => {
  /** A hub with two tenants, so that nothing but the request tells which one is meant. */
  async function company() {
    const hub = new TestHub(database);
    await hub.begin();
    await hub.storage.write(async (stores) => {
      await seedFirstPartyApplications(stores, hub.act());
      const name = `o${crypto.randomUUID().slice(0, 8)}`;
      await createTenant(stores, { ...hub.act(''), tenantId: '' }, { name, displayName: 'Other' });
    });
    const userId = await hub.staff('homer', { displayName: 'Homer Simpson' });
    return { hub, userId, upn: `homer@${hub.tenant.name}.onmicrosoft.com` };
  }

  /** Signs in to the Azure CLI at an authority that names no tenant. */
  async function signedIn(prefix = '/organizations/oauth2/v2.0', query: Record<string, string> = {}) {
    const parts = await company();
    const { hub, upn } = parts;
    const asked = {
      client_id: az,
      response_type: 'code',
      redirect_uri: loopback,
      scope: `${arm}/.default offline_access openid profile`,
      state: 's',
      client_info: '1',
      nonce: 'n'.repeat(64),
      'x-client-SKU': 'MSAL.Python',
      ...query,
    };
    const browser = hub.browser();
    const verifier = 'v'.repeat(43);
    const challenge = Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))).toString(
      'base64url',
    );
    const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };
    await browser.open(`${prefix}/authorize?${new URLSearchParams({ ...asked, ...pkce })}`);
    if (/home organization|Sign in/.test(browser.page.title) && /name="account"/.test(browser.page.text)) {
      await browser.submit({ account: upn }, 'submit');
    }
    const back = await hub.signIn(browser, upn);
    const code = back.searchParams.get('code') ?? '';
    const redeem = (form: Record<string, string>, at = prefix) =>
      hub.fetch(`${at}/token`, { form: { client_id: az, client_info: '1', ...form } });
    const answer = await redeem({
      grant_type: 'authorization_code',
      code,
      redirect_uri: loopback,
      code_verifier: verifier,
      ...(query['resource'] === undefined ? { scope: asked.scope } : { resource: query['resource'] }),
    });
    assert.equal(answer.status, 200, answer.text);
    return { ...parts, back, answer, redeem };
  }

  test('Interop: the Azure CLI signs in at /organizations, and the tenant is found from the name of the account', async () => {
    const { hub, userId, upn, answer } = await signedIn();
    const { claims } = decode(answer.json['access_token']);
    assert.equal(claims['iss'], hub.issuer);
    assert.equal(claims['aud'], arm, 'the slash at the end stays');
    assert.equal(claims['scp'], 'user_impersonation');
    const id = decode(answer.json['id_token']).claims;
    assert.deepEqual([id['tid'], id['preferred_username'], id['aud']], [hub.tenant.id, upn, az]);
    assert.equal(id['nonce'], 'n'.repeat(64), 'as it was sent');
    const info = JSON.parse(Buffer.from(String(answer.json['client_info']), 'base64url').toString());
    assert.deepEqual(info, { uid: userId, utid: hub.tenant.id });
  });

  test('Interop: client_info is also a parameter of the authorization answer when the request asked for it', async () => {
    const { back, answer } = await signedIn();
    assert.equal(back.searchParams.get('client_info'), answer.json['client_info']);
  });

  test('Interop: a refresh token is redeemed at another tenant segment, for another resource, by the same client only', async () => {
    const { hub, answer, redeem } = await signedIn();
    const form = { grant_type: 'refresh_token', refresh_token: String(answer.json['refresh_token']) };
    const stranger = await hub.client({ isFallbackPublicClient: true });
    const stolen = await redeem({ ...form, client_id: stranger.appId, scope: `${graph}/.default` });
    assert.equal(stolen.json['error'], 'invalid_grant');
    const atGraph = await redeem({ ...form, scope: `${graph}//.default` }, `/${hub.tenant.id}/oauth2/v2.0`);
    assert.equal(atGraph.status, 200, atGraph.text);
    const { claims } = decode(atGraph.json['access_token']);
    assert.equal(claims['aud'], `${graph}/`);
    assert.match(String(claims['scp']), /User\.Read\.All/);
    const again = { grant_type: 'refresh_token', refresh_token: String(atGraph.json['refresh_token']) };
    const atArm = await redeem({ ...again, scope: `${arm}/.default` }, `/${hub.tenant.name}/oauth2/v2.0`);
    assert.equal(decode(atArm.json['access_token']).claims['scp'], 'user_impersonation');
    const id = await redeem({ grant_type: 'refresh_token', refresh_token: String(atArm.json['refresh_token']) });
    assert.equal(decode(id.json['id_token']).claims['tid'], hub.tenant.id, 'openid stays granted');
  });

  test('Interop: MSAL shows people what consent_required names in error or suberror', async () => {
    const { hub, answer, redeem } = await signedIn();
    await hub.api();
    const form = { grant_type: 'refresh_token', refresh_token: String(answer.json['refresh_token']) };
    const { status, json } = await redeem({ ...form, scope: `${apiName}/Accounts.Read` });
    assert.deepEqual([status, json['error'], json['suberror']], [400, 'invalid_grant', 'consent_required']);
    assert.deepEqual(json['error_codes'], [65001]);
    assert.equal((await redeem({ ...form, scope: `${arm}/.default` })).status, 200, 'the token was not used up');
  });

  test('Interop: clients of the first version ask for a resource, and read numbers from strings', async () => {
    const { hub, upn, answer } = await signedIn('/common/oauth2', { scope: 'openid', resource: arm });
    const { json } = answer;
    for (const name of ['expires_in', 'expires_on', 'not_before']) assert.match(String(json[name]), /^"?\d+$/, name);
    assert.equal(typeof json['expires_in'], 'string');
    assert.equal(Number(json['expires_on']) - Number(json['not_before']), Number(json['expires_in']));
    assert.deepEqual([json['resource'], json['scope'], json['token_type']], [arm, 'user_impersonation', 'Bearer']);
    assert.ok(json['refresh_token'], 'always on v1');
    const { claims } = decode(json['access_token']);
    assert.deepEqual(
      [claims['iss'], claims['ver'], claims['appid'], claims['upn'], claims['aud']],
      [`${origin}/${hub.tenant.id}/`, '1.0', az, upn, arm],
    );
    assert.equal(decode(json['id_token']).claims['unique_name'], upn);
  });

  test('Interop: a refresh token of the first version is good for another resource', async () => {
    const { answer, redeem } = await signedIn('/common/oauth2', { scope: 'openid', resource: arm });
    const form = { grant_type: 'refresh_token', refresh_token: String(answer.json['refresh_token']) };
    const { json, text } = await redeem({ ...form, resource: graph });
    assert.equal(json['resource'], graph, text);
    assert.equal(decode(json['access_token']).claims['aud'], graph);
  });

  test('Interop: ADAL reads verification_url, and polls with the device code as code', async () => {
    const { hub } = await company();
    const at = (path: string) => `/${hub.tenant.name}/oauth2/${path}?api-version=1.0`;
    const { json, text } = await hub.fetch(at('devicecode'), { form: { client_id: az, resource: arm, mkt: 'en-us' } });
    for (const name of ['user_code', 'device_code', 'verification_url', 'expires_in', 'interval']) {
      assert.equal(typeof json[name], 'string', text);
    }
    assert.ok(String(json['message']).includes(String(json['user_code'])));
    const poll = { grant_type: 'device_code', client_id: az, resource: arm, code: String(json['device_code']) };
    const { json: waiting } = await hub.fetch(at('token'), { form: poll });
    assert.deepEqual([waiting['error'], waiting['error_codes']], ['authorization_pending', [70016]]);
  });

  test('OpenID Connect Discovery 4.3: metadata of the first version, of policies below /tfp and of tenants names its own issuer', async () => {
    const hub = await new TestHub(database).begin({ name: 'B2C_1_in', type: 'signUpOrSignIn' });
    for (const issuer of [`/${hub.tenant.id}`, `/tfp/${hub.tenant.id}/b2c_1_in/v2.0`, `/${hub.tenant.id}/v2.0`]) {
      const { json } = await hub.fetch(`${issuer}/.well-known/openid-configuration`);
      assert.equal(String(json['issuer']).replace(/\/$/, ''), origin + issuer);
    }
  });

  test('Interop: /common names a place for the tenant in its issuer, and the keys of all tenants', async () => {
    const { hub } = await company();
    for (const name of ['common', 'organizations']) {
      const { json } = await hub.fetch(`/${name}/v2.0/.well-known/openid-configuration`);
      assert.equal(json['issuer'], `${origin}/{tenantid}/v2.0`);
      for (const [member, path] of [
        ['authorization_endpoint', 'authorize'],
        ['token_endpoint', 'token'],
        ['device_authorization_endpoint', 'devicecode'],
        ['end_session_endpoint', 'logout'],
      ]) {
        assert.equal(json[member ?? ''], `${origin}/${name}/oauth2/v2.0/${path}`);
      }
    }
    const own = (await hub.fetch(`/${hub.tenant.id}/discovery/v2.0/keys`)).json['keys'] as { kid: string }[];
    const all = (await hub.fetch('/common/discovery/v2.0/keys')).json['keys'] as { kid: string }[];
    assert.ok(own.length > 0);
    assert.ok(own.every(({ kid }) => all.some((key) => key.kid === kid)));
  });

  test('Interop: MSAL for browsers replaces /token by /devicecode in the address of the token endpoint', async () => {
    const { hub } = await company();
    const { json } = await hub.fetch(`/${hub.tenant.id}/v2.0/.well-known/openid-configuration`);
    const expected = String(json['token_endpoint']).replace('/token', '/devicecode');
    assert.equal(json['device_authorization_endpoint'], expected);
  });

  test('Interop: an application is sent to the tenant in which alone it is registered', async () => {
    const { hub } = await company();
    const client = await hub.client({ web: { redirectUris: ['https://app.example/'] } });
    const query = new URLSearchParams({ client_id: client.appId, response_type: 'code', scope: 'openid' });
    const { status, headers } = await hub.fetch(`/common/oauth2/v2.0/authorize?${query}`);
    assert.equal(status, 303);
    assert.equal(headers['location'], `/${hub.tenant.id}/oauth2/v2.0/authorize?${query}`);
    const form = { client_id: client.appId, client_secret: client.secret, grant_type: 'client_credentials' };
    const answer = await hub.fetch('/common/oauth2/v2.0/token', { form: { ...form, scope: `${graph}/.default` } });
    assert.equal(decode(answer.json['access_token']).claims['tid'], hub.tenant.id, answer.text);
  });

  test('Interop: clients ask an authority whose path is adfs for no tenant; it is that of the host', async () => {
    const { hub } = await company();
    await hub.storage.write((stores) => stores.tenants.addHost(hub.tenant.id, `${hub.tenant.name}.example`, hub.now));
    const at = (path: string) => `https://${hub.tenant.name}.example/adfs${path}`;
    const { json } = await hub.fetch(at('/.well-known/openid-configuration'));
    assert.deepEqual([json['issuer'], json['token_endpoint']], [at(''), at('/oauth2/token')]);
    const client = await hub.client({});
    const form = { client_id: client.appId, client_secret: client.secret, grant_type: 'client_credentials' };
    const answer = await hub.fetch(at('/oauth2/token'), { form: { ...form, scope: `${graph}/.default` } });
    assert.equal(decode(answer.json['access_token']).claims['iss'], at(''), answer.text);
  });

  test('Interop: older clients for Azure AD B2C put the policy into the query, as p', async () => {
    const hub = await new TestHub(database).begin({ name: 'B2C_1_in', type: 'signUpOrSignIn' });
    const { name } = hub.tenant;
    const { json } = await hub.fetch(`/${name}/v2.0/.well-known/openid-configuration?p=b2c_1_in`);
    assert.equal(json['token_endpoint'], `${origin}/${name}/b2c_1_in/oauth2/v2.0/token`);
    const client = await hub.client({ web: { redirectUris: ['https://app.example/'] } });
    const query = { client_id: client.appId, response_type: 'code', redirect_uri: 'https://app.example/' };
    const browser = hub.browser();
    await browser.open(
      `/${name}/oauth2/v2.0/authorize?${new URLSearchParams({ p: 'B2C_1_in', scope: 'openid', ...query })}`,
    );
    assert.match(browser.page.text, /name="password"/);
    const form = {
      grant_type: 'authorization_code',
      code: 'x',
      redirect_uri: 'x',
      client_id: client.appId,
      client_secret: client.secret,
    };
    const wrong = await hub.fetch(`/${name}/oauth2/v2.0/token?p=B2C_1_in`, { form });
    assert.match(String(wrong.json['error_description']), /^AADSTS70008: /);
  });

  test('Interop: MSAL shows the description of errors, and reads them at any origin', async () => {
    const { hub } = await company();
    const form = { grant_type: 'refresh_token', refresh_token: 'x', client_id: az, client_info: '1' };
    const { status, json, headers } = await hub.fetch('/nowhere.example/oauth2/v2.0/token', { form });
    assert.deepEqual([status, json['error'], json['error_codes']], [400, 'invalid_tenant', [90002]]);
    assert.equal(headers['access-control-allow-origin'], '*');
    const wrong = await hub.fetch(hub.path('token'), { form });
    assert.deepEqual([wrong.json['error'], wrong.json['error_codes']], ['invalid_grant', [700082]]);
  });

  test('Interop: MSAL and the Azure CLI ask for claims that only Microsoft has', async () => {
    for (const claims of [
      '{"access_token":{"xms_cc":{"values":["CP1"]}}}',
      '{"id_token":{"signin_state":{"essential":false},"tenant_region_sub_scope":{"essential":false}}}',
      'no JSON',
    ]) {
      const { answer } = await signedIn('/organizations/oauth2/v2.0', { claims });
      assert.ok(answer.json['access_token']);
      assert.equal(decode(answer.json['id_token']).claims['nonce'], 'n'.repeat(64), claims);
    }
  });

  test('Interop: applications ask for User.Read and mean that of Microsoft Graph', async () => {
    const scope = 'User.Read.All openid offline_access';
    const { answer } = await signedIn('/organizations/oauth2/v2.0', { scope });
    assert.equal(answer.json['scope'], 'User.Read.All');
    assert.match(String(decode(answer.json['access_token']).claims['scp']), /User\.Read\.All/);
  });
});
