import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  changeAuthorizationPolicy,
  findServicePrincipal,
  getApplication,
  permissionsOf,
  updateApplication,
  updateServicePrincipal,
} from '../../../src/applications/index.ts';
import { assignDirectoryRole, directoryRoles } from '../../../src/directory/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { password } from '../../sign-in/journey.ts';
import type { TestBrowser } from '../../sign-in/test-browser.ts';
import { apiName, decode, origin, TestHub } from './test-hub.ts';

const callback = 'https://app.example/callback';

onEachDatabase((database) => {
  /** An application that is registered to need a scope and a role, an administrator and somebody else. */
  async function asking() {
    const hub = await new TestHub(database).begin();
    const roleId = crypto.randomUUID();
    const role = {
      id: roleId,
      value: 'Accounts.All',
      displayName: 'All accounts',
      description: 'All',
      isEnabled: true,
    };
    const api = await hub.api({ appRoles: [{ ...role, allowedMemberTypes: ['Application'] }] });
    const principal = await findServicePrincipal(hub.storage.read, hub.tenant.id, api.appId);
    assert.ok(principal);
    const scopeId = permissionsOf(principal).oauth2PermissionScopes[0]?.id ?? '';
    const web = await hub.client({
      web: { redirectUris: [callback] },
      requiredResourceAccess: [
        {
          resourceAppId: api.appId,
          resourceAccess: [
            { id: scopeId, type: 'Scope' },
            { id: roleId, type: 'Role' },
          ],
        },
      ],
    });
    const adminId = await hub.staff('lisa');
    await hub.staff('homer');
    const { id } = directoryRoles.cloudApplicationAdministrator;
    await hub.storage.write((stores) => assignDirectoryRole(stores, hub.act(), id, adminId));
    const path = (form: string, more: Record<string, string> = {}) =>
      `/${hub.tenant.id}${form}adminconsent?${new URLSearchParams({ client_id: web.appId, redirect_uri: callback, state: 's', ...more })}`;
    const open = async (who: string, address: string) => {
      const browser = hub.browser();
      await browser.open(address);
      await browser.submit({ name: `${who}@${hub.tenant.name}.onmicrosoft.com`, password }, 'submit');
      const back = browser.continuesTo();
      await browser.open(back.pathname + back.search);
      return browser;
    };
    // A form is answered by a page that leads on, anything else by a redirect.
    const answer = (browser: TestBrowser) => {
      const { location } = browser.page.headers;
      const url = location === undefined ? browser.continuesTo() : new URL(String(location));
      return Object.fromEntries(url.searchParams);
    };
    const grants = async () =>
      (
        await hub.storage.read.permissionGrants.list(
          hub.tenant.id,
          { clientId: web.servicePrincipalId, principalId: null },
          9,
        )
      ).map(({ scope }) => scope);
    const roles = async () =>
      (await hub.storage.read.appRoleAssignments.list(hub.tenant.id, { principalIds: [web.servicePrincipalId] }, 9))
        .length;
    return { hub, api, web, path, open, answer, grants, roles };
  }

  test('Interop: an administrator consents for everybody to what the application is registered to need', async () => {
    const { hub, path, open, answer, grants, roles } = await asking();
    const browser = await open('lisa', path('/'));
    assert.match(browser.page.text, /Insurance API[\s\S]*Accounts\.Read[\s\S]*All accounts/);
    await browser.submit({}, 'submit');
    assert.deepEqual(answer(browser), { admin_consent: 'True', tenant: hub.tenant.id, state: 's' });
    assert.deepEqual([await grants(), await roles()], [['Accounts.Read'], 1]);
    // Once more changes nothing: what is there is not taken away, nor given twice.
    await browser.open(path('/v2.0/', { scope: `${apiName}/Accounts.Write` }));
    await browser.submit({}, 'submit');
    assert.equal(answer(browser)['scope'], `${apiName}/Accounts.Write`);
    assert.deepEqual([await grants(), await roles()], [['Accounts.Read Accounts.Write'], 1]);
  });

  test('Interop: nobody but an administrator consents, who can also decline', async () => {
    const { path, open, answer, grants } = await asking();
    const other = answer(await open('homer', path('/v2.0/')));
    assert.equal(other['error'], 'permission_denied');
    assert.match(other['error_description'] ?? '', /^AADSTS90094: /);
    const browser = await open('lisa', path('/v2.0/'));
    await browser.submit({}, 'cancel');
    assert.match(answer(browser)['error_description'] ?? '', /^AADSTS65004: /);
    assert.deepEqual(await grants(), []);
  });

  test('another site’s page, or the form of another request, gives no consent', async () => {
    const { path, open, grants } = await asking();
    const browser = await open('lisa', path('/v2.0/', { scope: `${apiName}/Accounts.Read` }));
    const { fields } = browser.form();
    await browser.post(path('/v2.0/'), new URLSearchParams({ ...fields, action: 'submit' }));
    assert.equal(browser.page.status, 200, 'it is asked anew');
    await browser.post(path('/v2.0/'), new URLSearchParams({ csrf: 'guessed', action: 'submit' }));
    assert.deepEqual(await grants(), []);
  });

  test('a reply address or an application that nobody registered gets a page and no redirect', async () => {
    const { hub, path } = await asking();
    for (const [more, number] of [
      [{ redirect_uri: `${callback}/2` }, 50011],
      [{ client_id: crypto.randomUUID() }, 700016],
    ] as const) {
      const { status, text } = await hub.fetch(path('/v2.0/', more));
      assert.equal(status, 400);
      assert.match(text, new RegExp(`AADSTS${number}`));
    }
  });

  test('Interop: errors at the authorization endpoint have Microsoft’s numbers where its clients ask', async () => {
    const { hub, web, api } = await asking();
    const query = { client_id: web.appId, response_type: 'code', redirect_uri: callback, client_info: '1', state: 's' };
    const scope = `openid ${apiName}/Accounts.Read`;
    const ask = async (more: Record<string, string>) => {
      const browser = hub.browser();
      await browser.open(`${hub.path('authorize')}?${new URLSearchParams({ ...query, scope, ...more })}`);
      return browser;
    };
    const number = (browser: Awaited<ReturnType<typeof ask>>) => {
      const location = new URL(String(browser.page.headers['location']));
      const said = new URLSearchParams(location.search || location.hash.slice(1)).get('error_description');
      return /^AADSTS(\d+): /.exec(said ?? '')?.[1];
    };
    assert.equal(number(await ask({ prompt: 'none' })), '50058');
    assert.equal(number(await ask({ prompt: 'none', response_mode: 'fragment' })), '50058');
    assert.match((await ask({ redirect_uri: 'https://evil.example/' })).page.text, /AADSTS50011/);
    assert.match((await ask({ client_id: crypto.randomUUID() })).page.text, /AADSTS700016/);

    await hub.storage.write((stores) =>
      changeAuthorizationPolicy(stores, hub.act(), { permissionGrantPoliciesAssigned: [] }),
    );
    const unconsented = await ask({});
    await hub.signInAtPage(unconsented, `homer@${hub.tenant.name}.onmicrosoft.com`);
    assert.equal(number(unconsented), '65001', 'users consent to nothing in this tenant');
    await hub.consent(web, api, 'Accounts.Read');
    const change = { appRoleAssignmentRequired: true };
    await hub.storage.write((stores) => updateServicePrincipal(stores, hub.act(), web.servicePrincipalId, change));
    const unassigned = await ask({});
    await hub.signInAtPage(unassigned, `homer@${hub.tenant.name}.onmicrosoft.com`);
    assert.equal(number(unassigned), '50105');
  });

  test('Interop: an API gets tokens of the version that it is registered to take, wherever the client asks', async () => {
    const { hub, web, api } = await asking();
    await hub.consent(web, api, 'Accounts.Read Accounts.Write');
    const request = async (version: number | null, endpoint: string, more: Record<string, string>) => {
      await hub.storage.write(async (stores) => {
        const { attributes } = await getApplication(stores, hub.tenant.id, api.objectId);
        const changed = { api: { ...attributes.api, requestedAccessTokenVersion: version } };
        await updateApplication(stores, hub.act(), api.objectId, changed);
      });
      const form = { grant_type: 'client_credentials', client_id: web.appId, client_secret: web.secret, ...more };
      const { status, json, text } = await hub.fetch(`/${hub.tenant.id}/oauth2/${endpoint}token`, { form });
      assert.equal(status, 200, text);
      const { ver, iss, aud, appid } = decode(json['access_token']).claims;
      return [ver, iss, aud, appid];
    };
    const [first, second] = [`${origin}/${hub.tenant.id}/`, `${origin}/${hub.tenant.id}/v2.0`];
    const scope = { scope: `${apiName}/.default` };
    const resource = { resource: apiName };
    assert.deepEqual(await request(1, 'v2.0/', scope), ['1.0', first, apiName, web.appId]);
    assert.deepEqual(await request(2, '', resource), ['2.0', second, api.appId, undefined]);
    assert.deepEqual(await request(null, 'v2.0/', scope), ['2.0', second, apiName, undefined]);
    assert.deepEqual(await request(null, '', resource), ['1.0', first, apiName, web.appId]);
  });
});
