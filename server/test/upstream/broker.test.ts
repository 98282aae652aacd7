// Applications of SAML whose people come from a SAML provider.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AuthnRequest, buildAuthnRequest, buildPost, type ProxyRestriction, signSaml } from '@countersign/saml';
import { updateServicePrincipal } from '../../src/applications/index.ts';
import { xmlDigest } from '../../src/issuance/index.ts';
import { createProvider } from '../../src/upstream-providers/index.ts';
import { onEachDatabase } from '../databases.ts';
import { applicationSigner, origin, posted, profileOf, SamlHub } from '../endpoints/saml/saml-hub.ts';
import type { TestBrowser } from '../sign-in/test-browser.ts';
import { answerFor, certificateOf, issuer, location, providerKey, readRequest } from './fake-saml-provider.ts';

onEachDatabase((database) => {
  async function open() {
    const hub = await new SamlHub(database).begin();
    const saml = {
      singleSignOn: { binding: 'redirect', location },
      signingCertificates: [certificateOf(providerKey)],
    } as const;
    const provider = {
      id: 'Home',
      displayName: 'Home',
      issuer,
      domains: ['home.example'],
      createsUsers: true,
    } as const;
    const trust = { ...provider, protocol: 'saml', saml } as const;
    await hub.storage.write((stores) => createProvider(stores, hub.act(), trust));
    const applicationId = await hub.application({ issuanceRules: `c:[Issuer == "${issuer}"] => issue(claim = c);` });
    const application = await hub.provider();
    const atProvider = async (browser: TestBrowser) =>
      readRequest(browser.continuesTo(), certificateOf(await hub.keys.signer(hub.tenant.id)));
    /** What comes of a request that says this. */
    const ask = async (scoping: Partial<AuthnRequest>, browser = hub.browser()) => {
      const address = `/${hub.tenant.id}/saml2`;
      const header = { id: '_request', issueInstant: hub.now, issuer: 'urn:app', destination: origin + address };
      const request = buildAuthnRequest({ ...header, ...scoping });
      const message = await signSaml(request, { signer: applicationSigner, digest: xmlDigest });
      await browser.post(address, new URLSearchParams({ SAMLRequest: buildPost(message) }));
      return browser;
    };
    /** The codes of the refusal that the browser carries to the application. */
    const refusedWith = (browser: TestBrowser) => {
      const text = Buffer.from(posted(browser).fields['SAMLResponse'] ?? '', 'base64').toString();
      return [...text.matchAll(/StatusCode Value="[^"]*:(\w+)"/g)].map(([, code]) => code);
    };
    return { hub, application, applicationId, atProvider, ask, refusedWith };
  }

  for (const hint of ['whr=Home', `whr=${encodeURIComponent(issuer)}`, 'domain_hint=home.example']) {
    test(`Interop: AD FS and Entra read ${hint} beside an AuthnRequest, and so the person is at home at once`, async () => {
      const { hub, application, atProvider } = await open();
      const browser = hub.browser();
      const { pathname, search } = new URL(await application.getAuthorizeUrlAsync('', undefined, {}));
      await browser.open(`${pathname}${search}&${hint}`);
      assert.equal((await atProvider(browser)).request.issuer, hub.entityId);
    });
  }

  test('SAML Core 3.4.1.3: the provider that the request names is asked; AD FS’s OriginalIssuer names it to the application', async () => {
    const { hub, application, atProvider, ask } = await open();
    const browser = await ask({ identityProviders: ['https://unknown.example', issuer] });
    const asked = await atProvider(browser);
    const answer = await answerFor(asked.request, asked.relayState, hub.entityId, hub.now);
    await browser.post(`/${hub.tenant.id}/federation/Home`, answer);
    const back = browser.continuesTo();
    await browser.open(back.pathname + back.search);
    const text = (await profileOf(browser, application)).getAssertionXml?.() ?? '';
    // SAML Core 3.4.1.5.1
    assert.ok(text.includes(`<saml:AuthenticatingAuthority>${issuer}</saml:AuthenticatingAuthority>`), text);
    const [givenName = ''] = /<saml:Attribute [^>]*claims\/givenname"[^>]*>/.exec(text) ?? [];
    assert.ok(givenName.includes(`a:OriginalIssuer="${issuer}"`), text);
    assert.ok(givenName.includes('xmlns:a="http://schemas.xmlsoap.org/ws/2009/09/identity/claims"'), givenName);
  });

  test('SAML Core 3.4.1.5.1: a request that must not be proxied is answered by ourselves, whatever hint there is', async () => {
    const { hub, application, ask } = await open();
    await hub.staff('marge', { mail: 'marge@x.example' });
    const browser = await ask({ proxyCount: 0, subject: { value: 'marge@home.example' } });
    assert.match(browser.page.text, /name="password"/);
    assert.doesNotMatch(browser.page.text, /Home</);
    await hub.enter(browser, `marge@${hub.tenant.name}.onmicrosoft.com`);
    const text = (await profileOf(browser, application)).getAssertionXml?.() ?? '';
    assert.doesNotMatch(text, /AuthenticatingAuthority/);
  });

  test('SAML Core 3.4.1.5.1: ProxyCountExceeded says that only others could sign the person in', async () => {
    const { hub, application, applicationId, atProvider, ask, refusedWith } = await open();
    assert.deepEqual(refusedWith(await ask({ proxyCount: 0, identityProviders: [issuer] })), [
      'Responder',
      'ProxyCountExceeded',
    ]);
    const restriction = { identityProviders: ['Home'] };
    await hub.storage.write((stores) => updateServicePrincipal(stores, hub.act(), applicationId, restriction));
    const browser = await ask({ proxyCount: 0 });
    assert.deepEqual(refusedWith(browser), ['Responder', 'ProxyCountExceeded']);
    await assert.rejects(profileOf(browser, application), /only be signed in by another identity provider/);
    assert.equal((await atProvider(await ask({ proxyCount: 1 }))).request.proxyCount, 0);
  });

  test('SAML Core 3.4.1.5: a session that a provider has proven does not answer a request that must not be proxied', async () => {
    const { hub, atProvider, ask } = await open();
    const browser = await ask({ identityProviders: [issuer] });
    const asked = await atProvider(browser);
    const answer = await answerFor(asked.request, asked.relayState, hub.entityId, hub.now);
    await browser.post(`/${hub.tenant.id}/federation/Home`, answer);
    const back = browser.continuesTo();
    await browser.open(back.pathname + back.search);
    await ask({ proxyCount: 1 }, browser);
    assert.ok(posted(browser).fields['SAMLResponse'], 'the session answers');
    await ask({ proxyCount: 0 }, browser);
    assert.match(browser.page.text, /name="password"/);
  });

  test('SAML Core 3.4.1.5.1: the provider is told of the whole list, one count less and for whom we ask', async () => {
    const { atProvider, ask } = await open();
    const identityProviders = ['https://unknown.example', issuer];
    const scoping = { proxyCount: 3, identityProviders, requesterIds: ['https://behind.example'] };
    const { request } = await atProvider(await ask(scoping));
    assert.deepEqual(
      [request.proxyCount, request.identityProviders, request.requesterIds],
      [2, identityProviders, ['https://behind.example', 'urn:app']],
    );
  });

  test('Deviation: where the application says nothing of proxies, the provider is told nothing of them', async () => {
    const { hub, application, atProvider } = await open();
    const browser = hub.browser();
    const { pathname, search } = new URL(await application.getAuthorizeUrlAsync('', undefined, {}));
    await browser.open(`${pathname}${search}&whr=Home`);
    const { request } = await atProvider(browser);
    assert.deepEqual(
      [request.proxyCount, request.identityProviders, request.requesterIds],
      [undefined, undefined, undefined],
    );
  });

  test('SAML Core 3.4.1.3: NoSupportedIDP says that nobody of the list is known, unless we are in it ourselves', async () => {
    const { hub, ask, refusedWith } = await open();
    assert.deepEqual(refusedWith(await ask({ identityProviders: ['https://unknown.example'] })), [
      'Responder',
      'NoSupportedIDP',
    ]);
    const browser = await ask({ identityProviders: ['https://unknown.example', hub.entityId] });
    assert.match(browser.page.text, /name="name"/);
  });

  test('SAML Core 2.5.1.6: an answer is passed on as far as its provider lets it, and says so itself', async () => {
    const { hub, atProvider, ask, refusedWith } = await open();
    const after = async (proxyRestriction: ProxyRestriction) => {
      const browser = await ask({ identityProviders: [issuer] });
      const asked = await atProvider(browser);
      const conditions = { audienceRestrictions: [[hub.entityId]], proxyRestriction };
      const answer = await answerFor(asked.request, asked.relayState, hub.entityId, hub.now, {
        assertion: { conditions },
      });
      await browser.post(`/${hub.tenant.id}/federation/Home`, answer);
      const back = browser.continuesTo();
      await browser.open(back.pathname + back.search);
      return browser;
    };
    const said = (browser: TestBrowser) => {
      const text = Buffer.from(posted(browser).fields['SAMLResponse'] ?? '', 'base64').toString();
      return /<saml:ProxyRestriction.*<\/saml:ProxyRestriction>/.exec(text)?.[0];
    };
    const limited = '<saml:ProxyRestriction Count="1"><saml:Audience>urn:app</saml:Audience></saml:ProxyRestriction>';
    const browser = await after({ count: 2, audiences: ['urn:app'] });
    assert.equal(said(browser), limited);
    await ask({}, browser);
    assert.equal(said(browser), limited, 'the session answers with the same limits');
    assert.equal(
      said(await after({ count: 1, audiences: [] })),
      '<saml:ProxyRestriction Count="0"></saml:ProxyRestriction>',
    );
    const refused = await after({ count: 2, audiences: ['urn:other'] });
    assert.deepEqual(refusedWith(refused), ['Responder', 'RequestDenied']);
  });
});
