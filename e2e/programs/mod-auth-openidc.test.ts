// mod_auth_openidc (Debian package libapache2-mod-auth-openidc), unmodified, as an application and as an API.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Organization, password, type Registered } from '../peers/organization.ts';
import { type RunningHub, startHub } from '../peers/running-hub.ts';
import { walkSignIn } from '../peers/walk-sign-in.ts';
import { type Apache, type ApachePlace, findApachePlace, giveFile, startApache } from './apache.ts';

let hub: RunningHub;
let organization: Organization;
let place: ApachePlace;
let apache: Apache;
let application: Registered;
let name: string;

before(async () => {
  hub = await startHub();
  organization = await Organization.of(hub);
  name = await organization.person('Marge Simpson');
  place = await findApachePlace();
  const back = `${place.origin}/private/back`;
  application = await organization.register({
    web: { redirectUris: [back, `${place.origin}/public/page`] },
    oauthClient: { backchannelLogoutUri: `${back}?logout=backchannel` },
  });
  const api = await organization.register({ displayName: 'API' });
  apache = await startApache(
    place,
    'auth_openidc',
    `OIDCProviderMetadataURL ${hub.origin}/${organization.tenantId}/v2.0/.well-known/openid-configuration
    OIDCClientID ${application.appId}
    OIDCClientSecret ${application.secret}
    OIDCRedirectURI /private/back
    OIDCCryptoPassphrase "a passphrase of this test"
    OIDCCABundlePath ${giveFile(place, hub.authorityFile)}
    OIDCScope "openid profile offline_access"
    OIDCPKCEMethod S256
    OIDCRemoteUserClaim sub
    OIDCPassRefreshToken On
    OIDCInfoHook iat access_token id_token userinfo session
    OIDCOAuthClientID ${api.appId}
    OIDCOAuthClientSecret ${api.secret}
    OIDCOAuthIntrospectionEndpoint ${hub.origin}/${organization.tenantId}/oauth2/v2.0/introspect
    OIDCOAuthIntrospectionEndpointAuth client_secret_basic
    OIDCOAuthRemoteUserClaim sub
    <Location /private>
      AuthType openid-connect
      Require valid-user
      # It sees that this client is no browser.
      OIDCUnAuthAction auth true
      Header set x-user "expr=%{REMOTE_USER}"
      Header set x-name "%{OIDC_CLAIM_name}e"
      Header set x-access-token "%{OIDC_access_token}e"
    </Location>
    <Location /api>
      AuthType oauth20
      Require claim scope~profile
      Header set x-user "expr=%{REMOTE_USER}"
    </Location>`,
  );
});
after(async () => {
  await apache?.stop();
  await hub.stop();
});

/** A browser as far as Apache sees it. */
class Visitor {
  readonly #cookies = new Map<string, string>();
  readonly #origin: string;
  /** What it keeps for the hub. */
  readonly hub = new Map<string, string>();

  constructor(origin = place.origin) {
    this.#origin = origin;
  }

  async open(address: string | URL, form?: URLSearchParams): Promise<Response> {
    const response = await fetch(new URL(address, this.#origin), {
      redirect: 'manual',
      headers: { cookie: [...this.#cookies].map((pair) => pair.join('=')).join('; ') },
      ...(form && { method: 'POST', body: form }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [key = '', value = ''] = cookie.split(';')[0]?.split('=') ?? [];
      this.#cookies.set(key, value);
    }
    return response;
  }

  /** Signs in on the way to the page, and gives the page. */
  async signIn(page: string): Promise<Response> {
    const back = await walkSignIn(locationOf(await this.open(page)), name, password, this.hub);
    const { pathname, search } = locationOf(await this.open(back));
    return this.open(pathname + search);
  }

  /** What Apache knows of the session. */
  async info(): Promise<{
    access_token: string;
    id_token: Record<string, unknown>;
    userinfo: Record<string, unknown>;
  }> {
    return (await (await this.open('/private/back?info=json')).json()) as never;
  }
}

function locationOf(response: Response): URL {
  const location = response.headers.get('location');
  assert.ok(location, `${response.status} without a location; the log says:\n${apache.log()}`);
  return new URL(location, place.origin);
}

test('mod_auth_openidc signs people in by a code with PKCE, and knows them from ID token and userinfo', async () => {
  const visitor = new Visitor();
  const asked = locationOf(await visitor.open('/private/page'));
  assert.equal(asked.searchParams.get('code_challenge_method'), 'S256');
  const page = await visitor.signIn('/private/page');
  assert.equal(await page.text(), 'private', apache.log());
  const { id_token, userinfo } = await visitor.info();
  assert.equal(id_token['iss'], `${hub.origin}/${organization.tenantId}/v2.0`);
  assert.equal(userinfo['name'], 'Marge Simpson');
  assert.equal(page.headers.get('x-user'), id_token['sub']);
  assert.equal(page.headers.get('x-name'), 'Marge Simpson');
});

test('mod_auth_openidc refreshes its access token', async () => {
  const visitor = new Visitor();
  const before = (await visitor.signIn('/private/page')).headers.get('x-access-token') ?? '';
  const refresh = `/private/back?refresh=${encodeURIComponent(`${place.origin}/private/page`)}&access_token=${before}`;
  const back = locationOf(await visitor.open(refresh));
  assert.equal(back.searchParams.get('error_code'), null, apache.log());
  const page = await visitor.open(back);
  const after = page.headers.get('x-access-token');
  assert.ok(after && after !== before, 'the token is another one');
});

test('mod_auth_openidc signs out at the hub, and the session is gone on both sides', async () => {
  const visitor = new Visitor();
  await visitor.signIn('/private/page');
  const goodbye = `${place.origin}/public/page`;
  const leave = locationOf(await visitor.open(`/private/back?logout=${encodeURIComponent(goodbye)}`));
  assert.equal(leave.searchParams.get('post_logout_redirect_uri'), goodbye);
  assert.ok(leave.searchParams.has('id_token_hint'));
  assert.equal((await walkSignIn(leave, name, password, visitor.hub)).href, goodbye);
  const again = locationOf(await visitor.open('/private/page'));
  again.searchParams.set('prompt', 'none');
  const refused = await walkSignIn(again, name, password, visitor.hub);
  assert.equal(refused.searchParams.get('error'), 'login_required');
});

test('mod_auth_openidc is told of a sign-out elsewhere, and ends its own session', async () => {
  const visitor = new Visitor();
  await visitor.signIn('/private/page');
  // Another application of the same browser signs out.
  const other = await organization.register({ web: { redirectUris: ['https://other.example/back'] } });
  const leave = new URL(`${hub.origin}/${organization.tenantId}/oauth2/v2.0/logout`);
  leave.search = new URLSearchParams({
    client_id: other.appId,
    post_logout_redirect_uri: 'https://other.example/back',
  }).toString();
  await walkSignIn(leave, name, password, visitor.hub);
  for (let tries = 0; tries < 300; tries++) {
    const { status } = await visitor.open('/private/page');
    if (status === 302) return;
    await pause(100);
  }
  assert.fail(`the session lives on; the log says:\n${apache.log()}`);
});

test('mod_auth_openidc lets callers in whose tokens the hub knows, and nobody else', async () => {
  const visitor = new Visitor();
  await visitor.signIn('/private/page');
  const { access_token: token, id_token } = await visitor.info();
  const call = (authorization: string) => fetch(`${place.origin}/api/page`, { headers: { authorization } });
  const answer = await call(`Bearer ${token}`);
  assert.equal(await answer.text(), 'api', apache.log());
  assert.equal(answer.headers.get('x-user'), id_token['sub']);
  assert.equal((await call(`Bearer ${token}x`)).status, 401);
});

test('mod_auth_openidc verifies ID tokens by its secret, where it has registered HS256', async () => {
  const other = await findApachePlace();
  const { appId, secret } = await organization.register({
    web: { redirectUris: [`${other.origin}/private/back`] },
    oauthClient: { idTokenSignedResponseAlg: 'HS256' },
  });
  const server = await startApache(
    other,
    'auth_openidc',
    `OIDCProviderMetadataURL ${hub.origin}/${organization.tenantId}/v2.0/.well-known/openid-configuration
    OIDCClientID ${appId}
    OIDCClientSecret ${secret}
    OIDCIDTokenSignedResponseAlg HS256
    OIDCRedirectURI /private/back
    OIDCCryptoPassphrase "a passphrase of this test"
    OIDCCABundlePath ${giveFile(other, hub.authorityFile)}
    OIDCRemoteUserClaim sub
    <Location /private>
      AuthType openid-connect
      Require valid-user
      OIDCUnAuthAction auth true
    </Location>`,
  );
  try {
    const page = await new Visitor(other.origin).signIn('/private/page');
    assert.equal(await page.text(), 'private', server.log());
  } finally {
    await server.stop();
  }
});
