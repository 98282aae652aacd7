// Keys and issuers of OpenID providers that are not what they should be, and clocks that are not right.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JWK } from 'jose';
import { createProvider } from '../../src/upstream-providers/index.ts';
import { onEachDatabase } from '../databases.ts';
import { openSocialClub, socialButton } from './social-club.ts';

type Club = Awaited<ReturnType<typeof openSocialClub>>;

onEachDatabase((database) => {
  /** Goes to the provider and comes back, in a browser of its own. */
  async function visit({ journey, asked, comeBack }: Club) {
    const browser = journey.browser();
    await journey.interact(browser, asked);
    await browser.submit({}, socialButton);
    await comeBack(browser);
    return browser;
  }

  test('bad-inputs 18: a key set of a provider that is none, or does not say which key, lets nobody in', async () => {
    for (const [what, change] of [
      ['two keys of one id', ({ keys: [key] }) => ({ keys: [key, { ...key, n: `${key?.n?.slice(0, -2)}AQ` }] })],
      ['one key twice', ({ keys: [key] }) => ({ keys: [key, key] })],
      ['no list', () => ({ keys: null })],
      ['a list of something else', () => ({ keys: ['key'] })],
      [
        'a key of another kind under its id',
        ({ keys: [key] }) => ({ keys: [{ kty: 'oct', k: 'AQAB', kid: key?.kid }] }),
      ],
      ['a key for encryption', ({ keys: [key] }) => ({ keys: [{ ...key, use: 'enc' }] })],
      ['a list without its members', () => []],
    ] satisfies [string, (keySet: { keys: JWK[] }) => unknown][]) {
      const club = await openSocialClub(database);
      const { journey, provider } = club;
      journey.upstreamFetch = async (address, init) => {
        const answer = await provider.fetch(address, init);
        const isOfKeys = new URL(address).pathname === '/keys';
        return isOfKeys ? Response.json(change((await answer.json()) as { keys: JWK[] })) : answer;
      };
      assert.match((await visit(club)).page.text, /cannot be trusted/, what);
      journey.upstreamFetch = provider.fetch;
    }
  });

  test('bad-inputs 18: a storm of unknown key ids has the keys of a provider fetched once a minute', async () => {
    const club = await openSocialClub(database);
    const begun = Date.now();
    for (let index = 0; index < 8; index++) {
      club.provider.header = { kid: `unknown-${index}` };
      assert.match((await visit(club)).page.text, /cannot be trusted/);
    }
    const minutes = Math.ceil((Date.now() - begun) / 60_000);
    assert.ok((club.provider.asked.get('/keys') ?? 0) <= minutes + 1);
  });

  test('bad-inputs 18: a clock that jumps an hour lets no old token in, and nobody signs in in the future', async () => {
    const club = await openSocialClub(database);
    const { journey, provider } = club;
    await journey.completed(await visit(club));
    const inSeconds = (seconds: number) => Math.floor(Number(journey.now) / 1000) + seconds;
    const at = (seconds: number) => ({
      iat: inSeconds(seconds),
      auth_time: inSeconds(seconds),
      exp: inSeconds(seconds + 300),
    });
    provider.wrong = at(0);
    journey.pass(3600);
    assert.match((await visit(club)).page.text, /cannot be trusted/);
    journey.pass(-3600);
    await journey.completed(await visit(club));
    provider.wrong = at(3600);
    const { authenticatedAt } = await journey.completed(await visit(club));
    assert.ok(Number(authenticatedAt) <= Number(journey.now));
  });

  test('bad-inputs 15: a logout token of a provider is no ID token', async () => {
    const club = await openSocialClub(database);
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    club.provider.header = { typ: 'logout+jwt' };
    club.provider.wrong = { nonce: undefined, auth_time: undefined, jti: crypto.randomUUID(), events };
    assert.match((await visit(club)).page.text, /cannot be trusted/);
  });

  test('bad-inputs 16: an issuer that stands for many tenants is not trusted', async () => {
    const { journey } = await openSocialClub(database);
    for (const issuer of [
      'https://login.microsoftonline.com/{tenantid}/v2.0',
      'https://login.microsoftonline.com/%7Btenantid%7D/v2.0',
      'https://login.microsoftonline.com/common/v2.0',
      'https://login.microsoftonline.com/organizations/v2.0',
      'https://login.microsoftonline.us/Common',
      'https://login.partner.microsoftonline.cn/common/v2.0',
      'https://sts.windows.net/common/',
      'https://hub.elsewhere.example/{tenantid}/v2.0',
    ]) {
      const trust = { id: 'Entra', displayName: 'Entra ID', issuer, oidc: { clientId: 'hub' } };
      await assert.rejects(
        journey.storage.write((stores) => createProvider(stores, journey.act(), trust, 'secret')),
        { code: 'upstream-providers.invalid', message: /name one, by its id/ },
        issuer,
      );
    }
  });

  test('bad-inputs 16: metadata with a place for the tenant in its issuer are not believed', async () => {
    const club = await openSocialClub(database);
    const { journey, provider, browser, asked } = club;
    provider.more = { issuer: `${provider.issuer}/{tenantid}/v2.0` };
    await journey.interact(browser, asked);
    await browser.submit({}, socialButton);
    assert.match(browser.page.text, /cannot be trusted/);
    assert.equal(provider.asked.get('/keys'), undefined);
  });

  test('bad-inputs 16: one key for many tenants lets nobody of another tenant in, whatever tid says', async () => {
    const [tenant, other] = [crypto.randomUUID(), crypto.randomUUID()];
    const issuerOf = (id: string) => `https://idp.example/${id}/v2.0`;
    const addresses = { authorization: 'authorize', token: 'token', userInfo: 'userinfo', jwks: 'keys' };
    const endpoints = Object.fromEntries(
      Object.entries(addresses).map(([name, path]) => [name, `https://idp.example/${path}`]),
    ) as typeof addresses;
    const club = await openSocialClub(database, {}, { issuer: issuerOf(tenant), oidc: { clientId: 'hub', endpoints } });
    const { journey, provider, asked } = club;
    const arrive = async (iss: string, tid: string) => {
      provider.wrong = { iss, tid };
      const browser = journey.browser();
      await journey.interact(browser, asked);
      await browser.submit({}, socialButton);
      await browser.open(provider.authorize(browser.continuesTo(), { iss: '' }));
      return browser;
    };
    await journey.completed(await arrive(issuerOf(tenant), tenant));
    for (const [iss, tid] of [
      [issuerOf(other), other],
      [issuerOf(other), tenant],
      [issuerOf('{tenantid}'), tenant],
      [issuerOf('common'), tenant],
    ] as const) {
      assert.match((await arrive(iss, tid)).page.text, /cannot be trusted/, iss);
    }
  });
});
