import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { test } from 'node:test';
import { decryptionKey } from '../../../../protocols/xml/test/node-cryptography.ts';
import { createProvider } from '../../../src/upstream-providers/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { applicationCertificate, applicationKey } from '../saml/saml-hub.ts';
import { posted, replyAddress, WsFederationHub } from './ws-federation-hub.ts';

const claim = (name: string) => `http://schemas.xmlsoap.org/ws/2005/05/identity/claims/${name}`;
const passwordMethod = 'urn:oasis:names:tc:SAML:1.0:am:password';

onEachDatabase((database) => {
  const start = async () => new WsFederationHub(database).begin();
  const marge = (hub: WsFederationHub) => hub.staff('marge', { givenName: 'Marge', mail: 'marge@x.example' });
  const nameOf = (hub: WsFederationHub) => `marge@${hub.tenant.name}.onmicrosoft.com`;

  test('WS-Federation 1.2 13.2.3: a SAML 1.1 token is posted to the application, and its context comes back unaltered', async () => {
    const hub = await start();
    await marge(hub);
    await hub.application();
    const browser = hub.browser();
    const wctx = 'rm=0&id=<"passive">&ru=%2fdeep é';
    await hub.signOn(browser, nameOf(hub), { wctx });
    const { action, fields } = posted(browser);
    assert.deepEqual([action, fields['wa'], fields['wctx']], [replyAddress, 'wsignin1.0', wctx]);
    // Interop: passport-wsfed-saml2 takes the first node for the token.
    assert.match(fields['wresult'] ?? '', /<t:RequestedSecurityToken><saml:Assertion /);
    const token = await hub.token(browser);
    assert.deepEqual([token.kind, token.issuer, token.subject?.value], ['saml11', hub.entityId, 'marge@x.example']);
    assert.equal(token.authentication?.method, passwordMethod);
    const values = new Map(token.claims.map(({ type, values: [value] }) => [type, value]));
    assert.deepEqual([values.get(claim('name')), values.get(claim('givenname'))], [nameOf(hub), 'Marge']);
    assert.equal(values.has(claim('nameidentifier')), false);
  });

  test('a request by POST, with the registered reply address, is answered from the session without a question', async () => {
    const hub = await start();
    await marge(hub);
    await hub.application();
    const browser = hub.browser();
    await hub.signOn(browser, nameOf(hub));
    const parameters = { wa: 'wsignin1.0', wtrealm: 'urn:app', wreply: replyAddress };
    await browser.post(`/${hub.tenant.id}/wsfed`, new URLSearchParams(parameters));
    assert.equal((await hub.token(browser)).subject?.value, 'marge@x.example');
    assert.ok(!('wctx' in posted(browser).fields));
  });

  test('an application that wants SAML 2.0 tokens gets them, encrypted where it says so', async () => {
    const hub = await start();
    await marge(hub);
    const encryptionKeys = [{ certificate: applicationCertificate, methods: [] }];
    await hub.application({ tokenKind: 'saml20', encryptsTokens: true, encryptionKeys });
    const browser = hub.browser();
    await hub.signOn(browser, nameOf(hub));
    const wresult = posted(browser).fields['wresult'] ?? '';
    assert.ok(wresult.includes('EncryptedData') && !wresult.includes('marge@x.example'), wresult);
    const token = await hub.token(browser, {
      keys: [decryptionKey(createPrivateKey(applicationKey))],
      content: ['aes128-gcm', 'aes256-gcm'],
      keyTransport: ['rsa-oaep-sha256', 'rsa-oaep-mgf1p'],
    });
    assert.deepEqual([token.kind, token.subject?.value], ['saml20', 'marge@x.example']);
  });

  test('WS-Federation 1.2 13.2.2: wfresh asks again when the sign-in is older', async () => {
    const hub = await start();
    await marge(hub);
    await hub.application();
    const browser = hub.browser();
    await hub.signOn(browser, nameOf(hub));
    hub.pass(300);
    await browser.open(hub.passive({ wfresh: '6' }));
    posted(browser);
    for (const wfresh of ['4', '0']) {
      await browser.open(hub.passive({ wfresh }));
      assert.match(browser.page.text, /name="password"/);
    }
    const before = hub.now;
    await hub.signOn(browser, nameOf(hub), { wfresh: '0' });
    assert.deepEqual((await hub.token(browser)).authentication?.instant, before);
  });

  test('WS-Federation 1.2 13.2.2: the authentication of wauth is reached and stated, or there is no token', async () => {
    const hub = await start();
    await marge(hub);
    await hub.application();
    const browser = hub.browser();
    await hub.signOn(browser, nameOf(hub), { wauth: 'urn:oasis:names:tc:SAML:2.0:ac:classes:Password' });
    assert.equal((await hub.token(browser)).authentication?.method, 'urn:oasis:names:tc:SAML:2.0:ac:classes:Password');
    await browser.open(hub.passive({ wauth: 'http://schemas.microsoft.com/claims/multipleauthn' }));
    assert.ok(!browser.page.text.includes('wresult'), browser.page.text);
    await browser.open(hub.passive({ wauth: 'urn:unknown' }));
    assert.equal(browser.page.status, 400);
    assert.match(browser.page.text, /request\.authentication/);
  });

  test('Interop: Entra asks AD FS for a fresh sign-in, or one with a password, in words of theirs', async () => {
    const hub = await start();
    await marge(hub);
    await hub.application();
    const browser = hub.browser();
    await hub.signOn(browser, nameOf(hub));
    const wauth = 'http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password';
    await browser.open(hub.passive({ wauth }));
    assert.equal((await hub.token(browser)).authentication?.method, wauth);
    await browser.open(hub.passive({ prompt: 'login' }));
    assert.match(browser.page.text, /name="password"/);
    await browser.open(hub.passive({ prompt: 'none' }));
    posted(browser);
  });

  test('WS-Federation 1.2 13.2.2: whr that names nobody here leaves the choice to the person', async () => {
    const hub = await start();
    await marge(hub);
    await hub.application();
    const browser = hub.browser();
    await hub.signOn(browser, nameOf(hub), { whr: 'https://evil.example/adfs/services/trust' });
    assert.equal((await hub.token(browser)).subject?.value, 'marge@x.example');
  });

  test('bad-inputs 10: whr leads to no provider that is disabled, or whose metadata are past their validity', async () => {
    for (const [isUsable, change] of [
      [true, {}],
      [false, { isEnabled: false }],
      [false, { isMetadataExpired: true }],
    ] as const) {
      const hub = await start();
      await marge(hub);
      await hub.application();
      await hub.storage.write((stores) =>
        createProvider(stores, hub.act(), {
          id: 'Partner',
          displayName: 'Partner',
          issuer: 'urn:partner',
          protocol: 'wsFederation',
          wsFederation: {
            passiveEndpoint: 'https://partner.example/ls',
            signingCertificates: [applicationCertificate],
          },
          ...change,
        }),
      );
      const browser = hub.browser();
      await browser.open(hub.passive({ whr: 'urn:partner' }));
      assert.deepEqual(
        [/partner\.example/.test(browser.page.text), /name="password"/.test(browser.page.text)],
        [isUsable, !isUsable],
      );
    }
  });

  test('whom the rules do not permit gets no token', async () => {
    const hub = await start();
    await marge(hub);
    await hub.application({ authorizationRules: '' });
    const browser = hub.browser();
    await browser.open(hub.passive());
    await hub.enter(browser, nameOf(hub));
    assert.equal(browser.page.status, 400);
    assert.ok(/request\.denied/.test(browser.page.text) && !browser.page.text.includes('wresult'));
  });

  test('SAML 1.1 Core 2.4.4: a claim whose type is no URI is refused where the token cannot carry it', async () => {
    const hub = await start();
    await marge(hub);
    await hub.application({ issuanceRules: '=> issue(Type = "groups", Value = "x");' });
    const browser = hub.browser();
    await browser.open(hub.passive());
    await hub.enter(browser, nameOf(hub));
    assert.equal(browser.page.status, 400);
    assert.match(browser.page.text, /claim\.type/);
  });

  test('AD FS’s address serves the tenant of the domain that whr names', async () => {
    const hub = await start();
    await marge(hub);
    await hub.application();
    await new WsFederationHub(database).begin();
    for (const path of ['/adfs/ls', '/adfs/ls/']) {
      const browser = hub.browser();
      await browser.open(hub.passive({}, path));
      assert.equal(browser.page.status, 404);
      await browser.open(hub.passive({ whr: `${hub.tenant.name}.onmicrosoft.com` }, path));
      await hub.enter(browser, nameOf(hub));
      assert.equal((await hub.token(browser)).subject?.value, 'marge@x.example');
    }
  });

  test('a sign-in leaves a trace of what was asked, checked and told, found by the reference of its pages', async () => {
    const hub = await new WsFederationHub(database).begin();
    await hub.staff('marge', { mail: 'marge@x.example' });
    const applicationId = await hub.application();
    await hub.signOn(hub.browser(), `marge@${hub.tenant.name}.onmicrosoft.com`, { wctx: 'the context' });
    const [event] = await hub.storage.read.signInEvents.list(hub.tenant.id, {}, 1);
    const trace = await hub.storage.read.signInTraces.find(hub.tenant.id, event?.correlationId ?? '');
    assert.ok(trace);
    assert.deepEqual([trace.protocol, trace.applicationId], ['wsFederation', applicationId]);
    assert.match(trace.request ?? '', /wtrealm=urn%3Aapp&wctx=the\+context/);
    assert.deepEqual(
      trace.checks.map(({ check, hasPassed }) => [check, hasPassed]),
      ['request.action', 'request.parameter', 'request.realm', 'request.reply_address'].map((check) => [check, true]),
    );
    assert.match(JSON.stringify(trace.issuance), /firstStatedBy/);
    assert.match(trace.token ?? '', /marge@x\.example/);
    assert.doesNotMatch(trace.token ?? '', /Signature/);
  });
});
