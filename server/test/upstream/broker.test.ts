// Applications of SAML whose people come from a SAML provider.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildAuthnRequest, buildPost, signSaml } from '@countersign/saml';
import { xmlDigest } from '../../src/issuance/index.ts';
import { createProvider } from '../../src/upstream-providers/index.ts';
import { onEachDatabase } from '../databases.ts';
import { applicationSigner, origin, profileOf, SamlHub } from '../endpoints/saml/saml-hub.ts';
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
    await hub.application({ issuanceRules: `c:[Issuer == "${issuer}"] => issue(claim = c);` });
    const application = await hub.provider();
    const atProvider = async (browser: TestBrowser) =>
      readRequest(browser.continuesTo(), certificateOf(await hub.keys.signer(hub.tenant.id)));
    return { hub, application, atProvider };
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
    const { hub, application, atProvider } = await open();
    const { id } = hub.tenant;
    const request = buildAuthnRequest({
      id: '_request',
      issueInstant: hub.now,
      issuer: 'urn:app',
      destination: `${origin}/${id}/saml2`,
      identityProviders: [issuer],
    });
    const message = await signSaml(request, { signer: applicationSigner, digest: xmlDigest });
    const browser = hub.browser();
    await browser.post(`/${id}/saml2`, new URLSearchParams({ SAMLRequest: buildPost(message) }));
    const asked = await atProvider(browser);
    const answer = await answerFor(asked.request, asked.relayState, hub.entityId, hub.now);
    await browser.post(`/${id}/federation/Home`, answer);
    const back = browser.continuesTo();
    await browser.open(back.pathname + back.search);
    const text = (await profileOf(browser, application)).getAssertionXml?.() ?? '';
    const [givenName = ''] = /<saml:Attribute [^>]*claims\/givenname"[^>]*>/.exec(text) ?? [];
    assert.ok(givenName.includes(`a:OriginalIssuer="${issuer}"`), text);
    assert.ok(givenName.includes('xmlns:a="http://schemas.xmlsoap.org/ws/2009/09/identity/claims"'), givenName);
  });
});
