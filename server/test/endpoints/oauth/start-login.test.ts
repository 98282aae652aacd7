import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assignAppRole, updateServicePrincipal } from '../../../src/applications/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { origin, TestHub } from './test-hub.ts';

/** RFC 9562 5.9: what Graph calls an assignment without a role. */
const nobodysRole = '00000000-0000-0000-0000-000000000000';
const callback = 'https://app.example/callback';
const login = 'https://app.example/login?from=hub';

onEachDatabase((database) => {
  async function opened(oauthClient: Readonly<Record<string, string>> = { initiateLoginUri: login }) {
    const hub = await new TestHub(database).begin({ name: 'B2C_1_in', type: 'signUpOrSignIn' });
    const web = { redirectUris: [callback], homePageUrl: 'https://home.example/' };
    const client = await hub.client({ web, oauthClient });
    const start = (query = '', prefix = `/${hub.tenant.id}`) =>
      hub.fetch(`${prefix}/oauth2/v2.0/start/${client.servicePrincipalId}${query}`);
    return { hub, client, start };
  }

  const parametersOf = (location: unknown): Record<string, string> => {
    const { origin: at, pathname, searchParams } = new URL(String(location));
    return { at: at + pathname, ...Object.fromEntries(searchParams) };
  };

  test('OIDC Core 4: the browser is led to where the application begins sign-ins, with the issuer that it shall ask', async () => {
    const { hub, start } = await opened();
    const { status, headers } = await start();
    assert.deepEqual([status, headers['cache-control']], [303, 'no-store']);
    const at = 'https://app.example/login';
    assert.deepEqual(parametersOf(headers['location']), { at, from: 'hub', iss: hub.issuer });
    const byPolicy = await start('', `/${hub.tenant.id}/B2C_1_in`);
    assert.equal(parametersOf(byPolicy.headers['location'])['iss'], `${origin}/${hub.tenant.id}/v2.0/`);
    assert.equal((await start('', `/${hub.tenant.id}/B2C_1_other`)).status, 400);
  });

  test('OIDC Core 4: the application is told who is signed in, unless it shall not know people by their names', async () => {
    for (const [more, isTold] of [
      [{}, true],
      [{ subjectType: 'pairwise' }, false],
    ] as const) {
      const { hub, client } = await opened({ initiateLoginUri: login, ...more });
      await hub.staff('marge');
      const name = `marge@${hub.tenant.name}.onmicrosoft.com`;
      const browser = hub.browser();
      const query = { client_id: client.appId, response_type: 'code', redirect_uri: callback, scope: 'openid' };
      await browser.open(`${hub.path('authorize')}?${new URLSearchParams(query)}`);
      await hub.signIn(browser, name);
      await browser.open(hub.path(`start/${client.servicePrincipalId}`));
      assert.equal(parametersOf(browser.page.headers['location'])['login_hint'], isTold ? name : undefined);
    }
  });

  test('an application is not told who is led to it before it knows them', async () => {
    const { hub, client } = await opened();
    const other = await hub.client({ web: { redirectUris: [callback] }, oauthClient: { initiateLoginUri: login } });
    const principalId = await hub.staff('marge');
    const name = `marge@${hub.tenant.name}.onmicrosoft.com`;
    const browser = hub.browser();
    const query = { client_id: client.appId, response_type: 'code', redirect_uri: callback, scope: 'openid' };
    await browser.open(`${hub.path('authorize')}?${new URLSearchParams(query)}`);
    await hub.signIn(browser, name);
    const hint = async () => {
      await browser.open(hub.path(`start/${other.servicePrincipalId}`));
      return parametersOf(browser.page.headers['location'])['login_hint'];
    };
    assert.equal(await hint(), undefined, 'anybody may have led her there');
    const resourceId = other.servicePrincipalId;
    await hub.storage.write((stores) =>
      assignAppRole(stores, hub.act(), { principalId, resourceId, appRoleId: nobodysRole }),
    );
    assert.equal(await hint(), name);
  });

  test('OIDC Core 4: only pages of the application are asked for by target_link_uri', async () => {
    const { start } = await opened();
    const ask = (target: string) => start(`?${new URLSearchParams({ target_link_uri: target })}`);
    for (const target of ['https://app.example/claims/7?a=b#c', 'https://home.example/start']) {
      const { headers } = await ask(target);
      assert.equal(parametersOf(headers['location'])['target_link_uri'], target);
    }
    for (const target of [
      'https://evil.example/',
      'https://app.example.evil.example/',
      'https://app.example@evil.example/',
      'http://app.example/',
      'https://app.example:444/',
      '//app.example/',
      '/claims',
      'javascript:alert(1)//https://app.example/',
      '',
    ]) {
      const { status, headers } = await ask(target);
      assert.deepEqual([status, headers['location']], [400, undefined], target);
    }
  });

  test('sign-ins begin here only for applications that say where, and are there', async () => {
    const { hub, client, start } = await opened();
    const other = await opened({ subjectType: 'public' });
    assert.equal((await other.start()).status, 404);
    assert.equal((await start('', `/${other.hub.tenant.id}`)).status, 404, 'of another tenant');
    await hub.storage.write((stores) =>
      updateServicePrincipal(stores, hub.act(), client.servicePrincipalId, { accountEnabled: false }),
    );
    assert.equal((await start()).status, 404);
    for (const initiateLoginUri of [
      'http://app.example/login',
      'http://localhost.evil.example/',
      'https://app.example/#login',
      'javascript:alert(1)',
      'app.example',
    ]) {
      const refused = { name: 'Refusal', message: /oauthClient/ };
      await assert.rejects(hub.client({ oauthClient: { initiateLoginUri } }), refused, initiateLoginUri);
    }
    for (const host of ['localhost:3000', '127.0.0.1', '[::1]:8080']) {
      await hub.client({ oauthClient: { initiateLoginUri: `http://${host}/login` } });
    }
  });
});
