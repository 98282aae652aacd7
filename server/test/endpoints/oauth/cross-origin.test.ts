import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEachDatabase } from '../../databases.ts';
import { pkce, TestHub } from './test-hub.ts';

const page = 'https://spa.example';
const address = `${page}/signed-in`;

onEachDatabase((database) => {
  async function opened() {
    const hub = await new TestHub(database).begin();
    const spa = await hub.client({
      spa: { redirectUris: [address] },
      web: { redirectUris: ['https://web.example/cb'] },
    });
    await hub.staff('marge');
    const token = (origin: string, form: Record<string, string>) =>
      hub.fetch(hub.path('token'), { form: { client_id: spa.appId, ...form }, headers: { origin } });
    return { hub, spa, token };
  }

  const allowed = ({ headers }: { headers: Readonly<Record<string, unknown>> }) =>
    headers['access-control-allow-origin'];

  test('Fetch 3.2: scripts of the application’s own pages read answers of the token endpoint, and no others', async () => {
    const { hub, spa, token } = await opened();
    const { verifier, challenge } = pkce();
    const asked = { scope: 'openid', code_challenge: challenge, code_challenge_method: 'S256' };
    const redeem = async (origin: string) => {
      const code = await hub.code(spa, address, `marge@${hub.tenant.name}.onmicrosoft.com`, asked);
      const form = { grant_type: 'authorization_code', code, redirect_uri: address, code_verifier: verifier };
      return token(origin, form);
    };
    const own = await redeem(page);
    assert.deepEqual([own.status, allowed(own)], [200, page], own.text);
    assert.equal(own.headers['access-control-allow-credentials'], undefined);
    // Errors too: scripts would else see only that something failed.
    const failed = await token(page, { grant_type: 'authorization_code', code: 'wrong', redirect_uri: address });
    assert.deepEqual([failed.status, allowed(failed)], [400, page]);
    for (const origin of [`${page}.evil.example`, 'http://spa.example', `${page}:444`, 'https://web.example', 'null']) {
      assert.equal(allowed(await redeem(origin)), undefined, origin);
    }
  });

  test('Fetch 3.2.2: metadata and keys may be read by everybody, also after a preflight', async () => {
    const { hub } = await opened();
    const { id } = hub.tenant;
    const headers = { origin: page, 'access-control-request-method': 'GET' };
    const metadata = `/${id}/v2.0/.well-known/openid-configuration`;
    assert.ok(['*', page].includes(String(allowed(await hub.fetch(metadata, { headers })))));
    assert.equal(allowed(await hub.fetch(`/${id}/discovery/v2.0/keys`, { headers })), '*');
    const preflight = await hub.fetch(metadata, { method: 'OPTIONS', headers });
    assert.ok(preflight.status < 300, String(preflight.status));
    assert.ok(['*', page].includes(String(allowed(preflight))));
  });
});
