import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  createServicePrincipal,
  registerApplication,
  saveRelyingParty,
  updateServicePrincipal,
} from '../../../src/applications/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { realm, replyAddress, WsFederationHub } from './ws-federation-hub.ts';

onEachDatabase((database) => {
  const start = async () => {
    const hub = await new WsFederationHub(database).begin();
    await hub.application();
    return hub;
  };

  describe('nothing redirects, and nobody is signed in, when a request', () => {
    const hostile: [string, (hub: WsFederationHub) => string][] = [
      ['is empty', (hub) => `/${hub.tenant.id}/wsfed`],
      ['has an action that nobody knows', (hub) => hub.passive({ wa: 'wattr1.0' })],
      ['has two actions', (hub) => `${hub.passive()}&wa=wsignin1.0`],
      ['names no realm', (hub) => `/${hub.tenant.id}/wsfed?wa=wsignin1.0`],
      ['names a realm that is not there', (hub) => hub.passive({ wtrealm: 'urn:nobody' })],
      ['writes the realm otherwise', (hub) => hub.passive({ wtrealm: 'URN:app' })],
      ['names two realms', (hub) => `${hub.passive()}&wtrealm=urn:nobody`],
      ['names a reply address of somebody else', (hub) => hub.passive({ wreply: 'https://evil.example/' })],
      ['names more than the reply address', (hub) => hub.passive({ wreply: `${replyAddress}/evil.example` })],
      ['names a part of the reply address', (hub) => hub.passive({ wreply: 'https://app.example/' })],
      ['writes the reply address otherwise', (hub) => hub.passive({ wreply: 'https://APP.example/federation' })],
      ['encodes the reply address twice', (hub) => hub.passive({ wreply: encodeURIComponent(replyAddress) })],
      ['names an empty reply address', (hub) => hub.passive({ wreply: '' })],
      ['names a script as reply address', (hub) => hub.passive({ wreply: 'javascript:alert(1)' })],
      ['wants a freshness that is no number', (hub) => hub.passive({ wfresh: '-1' })],
      ['wants an authentication that nobody knows', (hub) => hub.passive({ wauth: 'urn:evil.example' })],
      ['has a context of 3,000 characters', (hub) => hub.passive({ wctx: 'evil.example'.repeat(250) })],
    ];
    for (const [what, make] of hostile) {
      test(what, async () => {
        const hub = await start();
        const browser = hub.browser();
        await browser.open(make(hub));
        const { status, headers, text } = browser.page;
        assert.deepEqual([status, headers['location']], [400, undefined], text);
        assert.ok(!text.includes('wresult') && !text.includes('evil.example'), text);
        const shown = /<dd>([\w.]+)<\/dd>[\s\S]*Reference: ([^<]*)</.exec(text) ?? [];
        const trace = await hub.storage.read.signInTraces.find(hub.tenant.id, shown[2] ?? '');
        const failed = trace?.checks.filter(({ hasPassed }) => !hasPassed);
        assert.deepEqual(
          failed?.map(({ check }) => check),
          [shown[1]],
          'the trace says why',
        );
      });
    }
  });

  test('SAML Metadata 4.3.1: an application whose metadata has expired gets nothing', async () => {
    const hub = await new WsFederationHub(database).begin();
    await hub.application({ isMetadataExpired: true });
    const browser = hub.browser();
    await browser.open(hub.passive());
    assert.deepEqual([browser.page.status, /request\.realm/.test(browser.page.text)], [400, true]);
  });

  test('a request for a tenant that does not exist is answered by 404', async () => {
    const hub = await start();
    const browser = hub.browser();
    await browser.open(hub.passive({}, `/${crypto.randomUUID()}/wsfed`));
    assert.equal(browser.page.status, 404);
  });

  test('an application of another tenant, by another protocol, or disabled, is none', async () => {
    await start();
    const other = await new WsFederationHub(database).begin();
    const saml = await new WsFederationHub(database).begin();
    await saml.application({ protocol: 'saml', tokenKind: 'saml20' });
    const disabled = await new WsFederationHub(database).begin();
    const id = await disabled.application();
    await disabled.storage.write((stores) =>
      updateServicePrincipal(stores, disabled.act(), id, { accountEnabled: false }),
    );
    for (const hub of [other, saml, disabled]) {
      const browser = hub.browser();
      await browser.open(hub.passive());
      assert.deepEqual([browser.page.status, browser.page.headers['location']], [400, undefined]);
    }
  });

  describe('a relying party is refused', () => {
    const wrong: [string, object][] = [
      ['whose requests must be signed', { mustSignRequests: true }],
      ['at which sign-ins begin here', { isUnsolicitedAllowed: true }],
      ['by SAML 2.0 with tokens of SAML 1.1', { protocol: 'saml', tokenKind: 'saml11' }],
    ];
    for (const [what, change] of wrong) {
      test(what, async () => {
        const hub = await start();
        const saving = hub.storage.write(async (stores) => {
          const { attributes } = await registerApplication(stores, hub.act(), { displayName: 'New' });
          const { id } = await createServicePrincipal(stores, hub.act(), attributes.appId);
          const replyAddresses = [{ binding: 'post', location: replyAddress, index: 0 }] as const;
          const input = { protocol: 'wsFederation', identifier: `${realm}:new`, replyAddresses } as const;
          return saveRelyingParty(stores, hub.act(), id, { ...input, ...change });
        });
        await assert.rejects(saving, { code: 'applications.relying_party_invalid' });
      });
    }
  });
});
