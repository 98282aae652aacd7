// Tokens as the hub issues them, taken to APIs for which they are not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { azureManagementAppId, microsoftGraphAppId, seedFirstPartyApplications } from '../../src/applications/index.ts';
import { signJwt } from '../../src/issuance/jws.ts';
import { type ManagementParts, openManagement, openResourceManager } from '../../src/main/open-management.ts';
import { onEachDatabase, testSealing } from '../databases.ts';
import { apiName, decode, origin, pkce, TestHub } from '../endpoints/oauth/test-hub.ts';
import { hasher } from '../sign-in/journey.ts';

const az = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
const loopback = 'http://localhost:8400';
const callback = 'https://app.example/callback';
const policy = 'B2C_1_Customers';
const resources = { graph: 'https://graph.microsoft.com', arm: 'https://management.azure.com' };
const addresses = { graph: '/v1.0/me', arm: '/tenants?api-version=2022-12-01' };

type Api = keyof typeof resources;

onEachDatabase((database) => {
  /** A hub with both of its APIs, which are asked with a token. */
  async function open() {
    const hub = await new TestHub(database).begin({ name: policy, type: 'signUpOrSignIn' });
    await hub.storage.write((stores) => seedFirstPartyApplications(stores, hub.act()));
    const now = () => new Date();
    const parts: ManagementParts = {
      storage: hub.storage,
      sealing: testSealing,
      passwords: hasher,
      hubTenantId: crypto.randomUUID(),
      targetAccess: { allowedPrivateNetworks: [], authorities: [], now },
      now,
      reportBug: (error) => assert.fail(String(error)),
    };
    const apis = {
      graph: openManagement(parts, hub.keys, new URL(origin)),
      arm: openResourceManager(parts, hub.keys, new URL(origin)),
    };
    /** The status with which an API answers. */
    const statusOf = async (api: Api, token: unknown) => {
      const url = new URL(addresses[api], origin);
      const fits = ({ method, path }: { method: string; path: string }) =>
        method === 'GET' &&
        (path === url.pathname || (path.endsWith('/*') && url.pathname.startsWith(path.slice(0, -1))));
      const route = apis[api].routes.find(fits);
      assert.ok(route, `nothing serves ${url}`);
      const { status } = await route.handle({
        method: 'GET',
        url,
        headers: { authorization: `Bearer ${token}` },
        body: undefined,
        requestId: crypto.randomUUID(),
        admitTenant: () => {},
      });
      return status;
    };
    return { hub, statusOf };
  }

  /** An administrator's sign-in to the Azure CLI; gives tokens of either version for either API. */
  async function signedIn() {
    const parts = await open();
    const { hub } = parts;
    await hub.staff('homer');
    const { verifier, challenge } = pkce();
    const asked = { client_id: az, response_type: 'code', redirect_uri: loopback };
    const scope = `${resources.arm}//.default offline_access openid profile`;
    const proof = { code_challenge: challenge, code_challenge_method: 'S256' };
    const browser = hub.browser();
    await browser.open(`${hub.path('authorize')}?${new URLSearchParams({ ...asked, scope, ...proof })}`);
    const back = await hub.signIn(browser, `homer@${hub.tenant.name}.onmicrosoft.com`);
    const redeem = async (path: string, form: Record<string, string>) => {
      const { status, json, text } = await hub.fetch(path, { form: { client_id: az, ...form } });
      assert.equal(status, 200, text);
      return json;
    };
    const first = await redeem(hub.path('token'), {
      grant_type: 'authorization_code',
      code: back.searchParams.get('code') ?? '',
      redirect_uri: loopback,
      code_verifier: verifier,
      scope,
    });
    const refresh = { grant_type: 'refresh_token', refresh_token: String(first['refresh_token']) };
    const tokensFor = {
      '1.0': (api: Api) =>
        redeem(`/${hub.tenant.id}/oauth2/token`, { ...refresh, resource: `${resources[api]}/`, scope: 'openid' }),
      '2.0': (api: Api) => redeem(hub.path('token'), { ...refresh, scope: `${resources[api]}/.default openid` }),
    };
    return { ...parts, tokensFor };
  }

  test('bad-inputs 15: a token for Microsoft Graph is none for Azure Resource Manager, in either version, nor the other way', async () => {
    const { statusOf, tokensFor } = await signedIn();
    for (const version of ['1.0', '2.0'] as const) {
      for (const [api, other] of [
        ['graph', 'arm'],
        ['arm', 'graph'],
      ] as const) {
        const tokens = await tokensFor[version](api);
        assert.equal(decode(tokens['access_token']).claims['ver'], version);
        assert.equal(await statusOf(api, tokens['access_token']), 200, `${version} ${api}`);
        assert.equal(await statusOf(other, tokens['access_token']), 401, `${version} ${api} at ${other}`);
        for (const kind of ['id_token', 'refresh_token'] as const) {
          assert.equal(await statusOf(api, tokens[kind]), 401, `${version} ${kind}`);
        }
      }
    }
  });

  test('bad-inputs 15: what an access token of one version says is none with the issuer or the type of another', async () => {
    const { hub, statusOf, tokensFor } = await signedIn();
    const signer = await hub.keys.signer(hub.tenant.id);
    for (const version of ['1.0', '2.0'] as const) {
      const { claims } = decode((await tokensFor[version]('graph'))['access_token']);
      assert.equal(await statusOf('graph', await signJwt(signer, 'at+jwt', claims)), 200);
      for (const [typ, changed] of [
        ['at+jwt', { iss: `https://sts.windows.net/${hub.tenant.id}/` }],
        ['at+jwt', { iss: `https://login.microsoftonline.com/${hub.tenant.id}/v2.0` }],
        ['at+jwt', { iss: `${origin}/${hub.tenant.id}` }],
        ['JWT', {}],
        ['logout+jwt', {}],
        [undefined, {}],
      ] as const) {
        const status = await statusOf('graph', await signJwt(signer, typ, { ...claims, ...changed }));
        assert.equal(status, 401, `${version} ${typ} ${JSON.stringify(changed)}`);
      }
    }
  });

  test('bad-inputs 15: a token of a customer’s user flow opens none of the management APIs, whatever it is for', async () => {
    const { hub, statusOf } = await open();
    const api = await hub.api();
    const web = await hub.client({ web: { redirectUris: [callback] } });
    await hub.consent(web, api, 'Accounts.Read');
    await hub.customer('marge@example.com');
    const path = (endpoint: string) => `/${hub.tenant.name}.onmicrosoft.com/${policy}/oauth2/v2.0/${endpoint}`;
    const scope = `${apiName}/Accounts.Read openid offline_access`;
    const query = { client_id: web.appId, response_type: 'code', redirect_uri: callback, scope };
    const browser = hub.browser();
    await browser.open(`${path('authorize')}?${new URLSearchParams(query)}`);
    const code = (await hub.signIn(browser, 'marge@example.com')).searchParams.get('code') ?? '';
    const client = { client_id: web.appId, client_secret: web.secret };
    const form = { ...client, grant_type: 'authorization_code', code, redirect_uri: callback, scope };
    const { json, text } = await hub.fetch(path('token'), { form });
    const { header, claims } = decode(json['access_token']);
    assert.equal(claims['tfp'], policy, text);
    const signer = await hub.keys.signer(hub.tenant.id);
    const audiences = { graph: microsoftGraphAppId, arm: azureManagementAppId };
    for (const at of ['graph', 'arm'] as const) {
      for (const kind of ['access_token', 'id_token', 'refresh_token']) {
        assert.equal(await statusOf(at, json[kind]), 401, `${kind} at ${at}`);
      }
      for (const aud of [audiences[at], resources[at]]) {
        const readdressed = await signJwt(signer, String(header['typ']), { ...claims, aud });
        assert.equal(await statusOf(at, readdressed), 401, `for ${aud}`);
      }
    }
  });

  test('bad-inputs 15: a token of a program by itself is that of no person', async () => {
    const { hub, statusOf } = await open();
    const program = await hub.client({});
    const form = {
      client_id: program.appId,
      client_secret: program.secret,
      grant_type: 'client_credentials',
      scope: `${resources.graph}/.default`,
    };
    const { json, text } = await hub.fetch(hub.path('token'), { form });
    const { claims } = decode(json['access_token']);
    assert.equal(claims['idtyp'], 'app', text);
    const signer = await hub.keys.signer(hub.tenant.id);
    const delegated = await signJwt(signer, 'at+jwt', { ...claims, scp: 'User.Read Directory.AccessAsUser.All' });
    for (const token of [json['access_token'], delegated]) {
      const status = await statusOf('graph', token);
      assert.ok(status >= 400 && status < 500, String(status));
    }
  });
});
