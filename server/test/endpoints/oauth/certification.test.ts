// What checkers of OpenID Connect and OAuth 2.0 ask for besides what applications do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { makeSigningKey, rotateSigningKey, signJwt } from '../../../src/issuance/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { apiName, decode, TestHub } from './test-hub.ts';

const callback = 'https://app.example/callback';
const mobilePhone = '+44 20 7946 0000';
const lives = { streetAddress: '742 Evergreen Terrace', city: 'Springfield', postalCode: '12345', country: 'US' };

onEachDatabase((database) => {
  async function signedIn(scope = 'openid offline_access') {
    const hub = await new TestHub(database).begin();
    const api = await hub.api();
    const client = await hub.client({ web: { redirectUris: [callback] } });
    await hub.consent(client, api, 'Accounts.Read');
    const userId = await hub.staff('marge', { mobilePhone, mail: 'marge@example.com', ...lives });
    const name = `marge@${hub.tenant.name}.onmicrosoft.com`;
    const query = { client_id: client.appId, response_type: 'code', redirect_uri: callback, scope };
    const browser = hub.browser();
    const authorize = async (more: Readonly<Record<string, string>> | [string, string][] = {}) => {
      const parameters = Array.isArray(more) ? [...Object.entries(query), ...more] : { ...query, ...more };
      await browser.open(`${hub.path('authorize')}?${new URLSearchParams(parameters)}`);
      return browser.page;
    };
    await authorize();
    const code = (await hub.signIn(browser, name)).searchParams.get('code') ?? '';
    const asClient = { client_id: client.appId, client_secret: client.secret };
    const redeem = (of = code) =>
      hub.fetch(hub.path('token'), {
        form: { ...asClient, grant_type: 'authorization_code', code: of, redirect_uri: callback },
      });
    const userinfo = `/${hub.tenant.id}/openid/v2.0/userinfo`;
    const about = (token: unknown) => hub.fetch(userinfo, { headers: { authorization: `Bearer ${token}` } });
    const inspect = async (token: unknown) =>
      (await hub.fetch(hub.path('introspect'), { form: { ...asClient, token: String(token) } })).json;
    return { hub, client, userId, name, authorize, redeem, asClient, userinfo, about, inspect };
  }

  const answerOf = (location: unknown) => {
    const { search, hash } = new URL(String(location));
    return new URLSearchParams(hash === '' ? search : hash.slice(1));
  };

  test('OIDC Core 3.1.2.1: what only says how to ask is taken, understood or not', async () => {
    const { authorize, redeem } = await signedIn();
    const { json } = await redeem();
    for (const more of [
      ...['page', 'popup', 'touch', 'wap'].map((display) => ({ display })),
      { claims_locales: 'de fr-CA', ui_locales: 'xx-unknown' },
      { acr_values: 'urn:unknown 1' },
      { id_token_hint: String(json['id_token']), prompt: 'none' },
      { unknown_parameter: 'x'.repeat(100) },
      { max_age: '3600' },
    ]) {
      const { headers, status, text } = await authorize(more as Record<string, string>);
      assert.equal(status, 303, text);
      assert.ok(answerOf(headers['location']).has('code'), JSON.stringify(more));
    }
  });

  test('OIDC Core 3.1.2.1: the authorization endpoint takes its parameters by POST, too', async () => {
    const { hub, client, name } = await signedIn();
    const browser = hub.browser();
    const query = {
      client_id: client.appId,
      response_type: 'code',
      redirect_uri: callback,
      scope: 'openid',
      state: 's',
    };
    await browser.post(hub.path('authorize'), new URLSearchParams(query));
    const back = await hub.signIn(browser, name);
    assert.deepEqual([back.searchParams.get('state'), back.searchParams.has('code')], ['s', true]);
  });

  test('OIDC Core 5.5.1: the parameter claims demands who answers and how strongly, or only wishes it', async () => {
    const { hub, userId, authorize } = await signedIn();
    const other = await hub.staff('lisa');
    const ask = async (claims: object) =>
      answerOf((await authorize({ prompt: 'none', claims: JSON.stringify({ id_token: claims }) })).headers['location']);
    const unknown = ['urn:unknown'];
    for (const met of [
      { sub: { value: userId } },
      { acr: { values: unknown } },
      { acr: null, unknown_claim: { essential: true } },
    ]) {
      assert.ok((await ask(met)).has('code'), JSON.stringify(met));
    }
    assert.equal((await ask({ sub: { value: other } })).get('error'), 'login_required');
    const sfa = 'https://refeds.org/profile/sfa';
    assert.ok((await ask({ acr: { essential: true, value: sfa } })).has('code'));
    assert.ok((await ask({ acr: { essential: true } })).has('code'));
    const unmet = { acr: { essential: true, values: unknown } };
    const { headers } = await authorize({ claims: JSON.stringify({ id_token: unmet }) });
    assert.equal(answerOf(headers['location']).get('error'), 'unmet_authentication_requirements');
  });

  test('OIDC Core 2: auth_time is there when max_age was asked for, and has not changed with a session', async () => {
    const { hub, authorize, redeem } = await signedIn();
    hub.pass(30);
    const { headers } = await authorize({ max_age: '3600' });
    const { json } = await redeem(answerOf(headers['location']).get('code') ?? '');
    const { claims } = decode(json['id_token']);
    assert.equal(claims['auth_time'], Math.floor(hub.now.getTime() / 1000) - 30);
  });

  test('RFC 6749 3.1: parameters that come twice are refused, and nothing is sent to either address', async () => {
    const { authorize } = await signedIn();
    for (const twice of [
      ['redirect_uri', 'https://evil.example/'],
      ['redirect_uri', callback],
      ['client_id', 'other'],
    ] as [string, string][]) {
      const { status, headers } = await authorize([twice]);
      assert.deepEqual([status, headers['location']], [400, undefined], twice.join());
    }
    for (const name of ['scope', 'state', 'response_type', 'nonce', 'code_challenge']) {
      const { headers, status } = await authorize([
        [name, 'x'],
        [name, 'x'],
      ]);
      const location = String(headers['location'] ?? '');
      assert.ok(status === 400 || answerOf(location).get('error') === 'invalid_request', name);
    }
  });

  test('OAuth 2.0 Multiple Response Types 3: ID tokens and codes with them never come in a query', async () => {
    const { authorize } = await signedIn();
    for (const response_type of ['code id_token', 'id_token']) {
      const { headers } = await authorize({ response_type, nonce: 'n', response_mode: 'query' });
      const { search, hash } = new URL(String(headers['location']));
      assert.ok(!`${search}${hash}`.includes('code='), response_type);
      assert.match(`${search}${hash}`, /error=/);
    }
    const { headers } = await authorize({ response_mode: 'fragment' });
    assert.match(new URL(String(headers['location'])).hash, /^#(.*&)?code=/);
  });

  test('OIDC Core 5.4: scopes ask for claims about profile, e-mail, phone and address', async () => {
    const { hub, redeem, userinfo, about, name } = await signedIn('openid profile email phone address');
    const { json } = await redeem();
    const { json: claims, headers } = await about(json['access_token']);
    assert.match(String(headers['content-type']), /^application\/json/);
    assert.equal(claims['preferred_username'], name);
    assert.deepEqual([claims['email'], claims['email_verified']], ['marge@example.com', false]);
    assert.deepEqual([claims['phone_number'], claims['phone_number_verified']], [mobilePhone, false]);
    assert.deepEqual(claims['address'], {
      street_address: lives.streetAddress,
      locality: lives.city,
      postal_code: lives.postalCode,
      country: lives.country,
    });
    // 5.3.1: by GET and POST, with the token in the header or in the form (RFC 6750 2.2).
    const authorization = `Bearer ${json['access_token']}`;
    const posted = await hub.fetch(userinfo, { method: 'POST', headers: { authorization } });
    const inForm = await hub.fetch(userinfo, { form: { access_token: String(json['access_token']) } });
    for (const answer of [posted, inForm]) assert.deepEqual(answer.json, claims);
    const narrow = await signedIn('openid');
    const { json: tokens } = await narrow.redeem();
    assert.deepEqual((await narrow.about(tokens['access_token'])).json, { sub: narrow.userId });
  });

  test('RFC 6750 3.1: userinfo says to whoever brings a wrong token, or none, how to prove themselves', async () => {
    const { hub, userinfo, about } = await signedIn();
    const wrong = await about('wrong');
    assert.equal(wrong.status, 401);
    assert.match(String(wrong.headers['www-authenticate']), /^Bearer .*error="invalid_token"/);
    const none = await hub.fetch(userinfo);
    assert.ok(none.status === 400 || none.status === 401, none.text);
    assert.match(String(none.headers['www-authenticate']), /^Bearer/);
  });

  test('RFC 6749 4.1.2: a code that comes again is refused, and the tokens that it gave end', async () => {
    const { redeem, about, inspect } = await signedIn();
    const { json } = await redeem();
    assert.equal((await about(json['access_token'])).status, 200);
    assert.equal((await redeem()).json['error'], 'invalid_grant');
    assert.equal((await about(json['access_token'])).status, 401);
    for (const kind of ['access_token', 'refresh_token'])
      assert.deepEqual(await inspect(json[kind]), { active: false });
  });

  test('RFC 7662 2.2, RFC 7009 2.2: clients ask about their tokens and give them back; unknown ones are none', async () => {
    const { hub, client, userId, redeem, inspect, asClient } = await signedIn();
    const { json } = await redeem();
    const said = await inspect(json['access_token']);
    const { active, client_id, sub, scope, exp } = said;
    assert.deepEqual([active, client_id, sub], [true, client.appId, userId]);
    assert.ok(String(scope).split(' ').includes('openid'));
    assert.ok(Number(exp) > hub.now.getTime() / 1000);
    assert.deepEqual(await inspect('unknown'), { active: false });

    const revoke = (token: unknown, as = asClient) =>
      hub.fetch(hub.path('revoke'), { form: { ...as, token: String(token) } });
    assert.equal((await revoke('unknown')).status, 200);
    const other = await hub.client({ web: { redirectUris: [callback] } });
    await revoke(json['refresh_token'], { client_id: other.appId, client_secret: other.secret });
    assert.equal((await inspect(json['refresh_token']))['active'], true, 'the token of another client');
    assert.equal((await revoke(json['refresh_token'])).status, 200);
    for (const kind of ['refresh_token', 'access_token'])
      assert.deepEqual(await inspect(json[kind]), { active: false });
    const nobody = await hub.fetch(hub.path('introspect'), { form: { token: String(json['access_token']) } });
    assert.ok(nobody.status >= 400, nobody.text);
  });

  test('RFC 6749 2.3.1: name and secret are form-encoded inside the header', async () => {
    const { hub, client } = await signedIn();
    const ask = (name: string, secret: string) => {
      const authorization = `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`;
      const form = { grant_type: 'client_credentials', resource: apiName };
      return hub.fetch(hub.path('token'), { form, headers: { authorization } });
    };
    const everything = (text: string) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16)}`).join('');
    const { appId, secret } = client;
    assert.equal((await ask(everything(appId), everything(secret))).status, 200);
    for (const [name, proof] of [
      [`${appId}%3A${secret}`, ''],
      [appId, `${secret}:`],
      [appId, `${secret}%00`],
      [appId, '%zz'],
      [`${appId}%3A`, secret],
    ] as const) {
      const { status, json } = await ask(name, proof);
      assert.ok(status === 400 || status === 401, `${name}:${proof}`);
      assert.equal(json['access_token'], undefined);
    }
  });

  test('OIDC Core 10.1.1: after a rotation the new key signs, and what the old one signed still counts', async () => {
    const { hub, client, name } = await signedIn();
    const asked = { client_id: client.appId, response_type: 'code', redirect_uri: callback, scope: 'openid' };
    const before = await hub.tokens(client, callback, name, asked);
    const made = await makeSigningKey('RS256', hub.tenant.id, hub.now);
    const atOnce = { publishedAhead: 0, signs: 86_400_000, publishedAfter: 86_400_000 };
    await hub.storage.write((stores) => rotateSigningKey(stores, hub.act(), made, atOnce));
    // Another process, which has read no keys yet.
    const other = new TestHub(database);
    Object.defineProperty(other, 'tenant', { value: hub.tenant });
    other.now = new Date();
    const after = await other.tokens(client, callback, name, { ...asked, id_token_hint: String(before['id_token']) });
    const [old, next] = [before, after].map(({ id_token: token }) => decode(token).header['kid']);
    assert.deepEqual([next, next === old], [made.id, false]);
    const { json: keys } = await other.fetch(`/${hub.tenant.id}/discovery/v2.0/keys`);
    const keySet = createLocalJWKSet(keys as unknown as JSONWebKeySet);
    for (const { id_token: token } of [before, after]) {
      await jwtVerify(String(token), keySet, { issuer: hub.issuer, audience: client.appId });
    }
  });

  test('bad-inputs 15: a token of another kind is no hint', async () => {
    const { hub, client, userId, authorize, redeem } = await signedIn();
    const { json } = await redeem();
    const isAnswered = async (id_token_hint: string) =>
      answerOf((await authorize({ prompt: 'none', id_token_hint })).headers['location']).has('code');
    assert.ok(await isAnswered(String(json['id_token'])));
    const iat = Math.floor(hub.now.getTime() / 1000);
    const claims = { iss: hub.issuer, aud: client.appId, sub: userId, iat, exp: iat + 120 };
    const signer = await hub.keys.signer(hub.tenant.id, 'RS256');
    assert.ok(await isAnswered(await signJwt(signer, undefined, claims)));
    for (const typ of ['logout+jwt', 'at+jwt', 'oauth-authz-req+jwt']) {
      assert.equal(await isAnswered(await signJwt(signer, typ, claims)), false, typ);
    }
  });

  test('bad-inputs 15: a token of a program by itself lets nobody act for a person', async () => {
    const { hub, asClient } = await signedIn();
    const { json } = await hub.fetch(hub.path('token'), {
      form: { ...asClient, grant_type: 'client_credentials', resource: apiName },
    });
    const api = await hub.api({ displayName: 'Other', identifierUris: ['https://contoso.example/other'] });
    for (const [grant, named] of [
      [
        'urn:ietf:params:oauth:grant-type:jwt-bearer',
        { assertion: String(json['access_token']), requested_token_use: 'on_behalf_of' },
      ],
      [
        'urn:ietf:params:oauth:grant-type:token-exchange',
        {
          subject_token: String(json['access_token']),
          subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        },
      ],
    ] as const) {
      const form = { grant_type: grant, client_id: api.appId, client_secret: api.secret, scope: 'openid', ...named };
      const refused = await hub.fetch(hub.path('token'), { form });
      assert.deepEqual([refused.status, refused.json['access_token']], [400, undefined], refused.text);
    }
  });
});
