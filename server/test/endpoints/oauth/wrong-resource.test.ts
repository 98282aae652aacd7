import assert from 'node:assert/strict';
import { test } from 'node:test';
import { updateServicePrincipal } from '../../../src/applications/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { password } from '../../sign-in/journey.ts';
import { type Answer, apiName, decode, TestHub } from './test-hub.ts';

const callback = 'https://app.example/callback';
const otherName = 'https://contoso.example/other';
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

onEachDatabase((database) => {
  async function opened() {
    const hub = await new TestHub(database).begin();
    const api = await hub.api();
    const other = await hub.api({ displayName: 'Another API', identifierUris: [otherName] });
    const web = await hub.client({ web: { redirectUris: [callback] } });
    const tool = await hub.client({ displayName: 'Insurance Tool', isFallbackPublicClient: true });
    for (const client of [web, tool]) {
      for (const resource of [api, other]) await hub.consent(client, resource, 'Accounts.Read');
    }
    await hub.staff('marge');
    const name = `marge@${hub.tenant.name}.onmicrosoft.com`;
    const asked = { scope: 'openid offline_access Accounts.Read', resource: apiName };
    const redeem = (form: Record<string, string>, more: object) =>
      hub.fetch(hub.path('token'), { form: { ...form, ...more } });

    const byCode = async () => {
      const code = await hub.code(web, callback, name, asked);
      const { appId: client_id, secret: client_secret } = web;
      const form = { grant_type: 'authorization_code', code, redirect_uri: callback, client_id, client_secret };
      return (more = {}) => redeem(form, more);
    };
    const byDevice = async () => {
      const { json } = await hub.fetch(hub.path('devicecode'), { form: { client_id: tool.appId, ...asked } });
      const browser = hub.browser();
      const { pathname, search } = new URL(String(json['verification_uri_complete']));
      await browser.open(pathname + search);
      await browser.submit({}, 'continue');
      await browser.submit({}, 'confirm');
      await browser.submit({ name, password }, 'submit');
      const back = browser.continuesTo();
      await browser.open(back.pathname + back.search);
      const form = { grant_type: deviceGrant, client_id: tool.appId, device_code: String(json['device_code']) };
      return (more = {}) => redeem(form, more);
    };
    const enableApi = (accountEnabled: boolean) =>
      hub.storage.write((stores) =>
        updateServicePrincipal(stores, hub.act(), api.servicePrincipalId, { accountEnabled }),
      );
    const demandAssignment = (appRoleAssignmentRequired: boolean) =>
      hub.storage.write((stores) =>
        updateServicePrincipal(stores, hub.act(), api.servicePrincipalId, { appRoleAssignmentRequired }),
      );
    return { kinds: { 'authorization code': byCode, 'device code': byDevice }, enableApi, demandAssignment };
  }

  const refused = ({ status, json, text }: Answer) =>
    assert.deepEqual([status, json['error']], [400, 'invalid_target'], text);

  test('RFC 8707 2.2: a code that is redeemed for the wrong resource is refused, and is good as before', async () => {
    const { kinds, enableApi, demandAssignment } = await opened();
    for (const [kind, begin] of Object.entries(kinds)) {
      const redeem = await begin();
      for (const resource of ['https://unknown.example', otherName, 'no address']) refused(await redeem({ resource }));
      await enableApi(false);
      refused(await redeem());
      await enableApi(true);
      await demandAssignment(true);
      refused(await redeem());
      await demandAssignment(false);
      const { status, json, text } = await redeem({ resource: apiName });
      assert.equal(status, 200, `${kind}: ${text}`);
      assert.equal(decode(json['access_token']).claims['scope'], 'Accounts.Read');
      assert.equal((await redeem()).json['error'], 'invalid_grant', kind);
    }
  });

  test('RFC 6749 4.1.2: of 16 parallel redemptions among others for the wrong resource one succeeds', async () => {
    const { kinds } = await opened();
    for (const [kind, begin] of Object.entries(kinds)) {
      const redeem = await begin();
      const answers = await Promise.all(
        Array.from({ length: 32 }, (_, index) => redeem(index % 2 === 0 ? {} : { resource: otherName })),
      );
      const wrong = answers.filter((_, index) => index % 2 === 1);
      // Who comes after the second redemption finds the code revoked.
      assert.ok(
        wrong.every(({ json }) => ['invalid_target', 'invalid_grant'].includes(String(json['error']))),
        kind,
      );
      const asked = answers.filter((_, index) => index % 2 === 0);
      assert.equal(asked.filter(({ status }) => status === 200).length, 1, kind);
      assert.equal(asked.filter(({ json }) => json['error'] === 'invalid_grant').length, 15, kind);
    }
  });
});
