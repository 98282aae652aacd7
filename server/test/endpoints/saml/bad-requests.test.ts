import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { buildRedirect, parseMetadata } from '@countersign/saml';
import { parseXml } from '@countersign/xml';
import { createServicePrincipal, registerApplication, saveRelyingParty } from '../../../src/applications/index.ts';
import { compression } from '../../../src/issuance/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { applicationCertificate, applicationSigner, origin, replyAddress, SamlHub, strangerKey } from './saml-hub.ts';

onEachDatabase((database) => {
  const start = async () => {
    const hub = await new SamlHub(database).begin();
    await hub.application();
    return hub;
  };
  const request = (hub: SamlHub, change = '', children = '') =>
    `<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"
      ID="_1" Version="2.0" IssueInstant="${hub.now.toISOString()}" ${change}><saml:Issuer>urn:app</saml:Issuer>${children}</samlp:AuthnRequest>`;
  const redirect = (hub: SamlHub, xml: string) =>
    `/${hub.tenant.id}/saml2?SAMLRequest=${encodeURIComponent(deflateRawSync(xml).toString('base64'))}`;

  /** The path of a request that the application has signed. */
  const signed = async (hub: SamlHub, change = '') => {
    const location = `${origin}/${hub.tenant.id}/saml2`;
    const element = parseXml(request(hub, `Destination="${location}" ${change}`));
    const sent = { parameter: 'SAMLRequest', location, signer: applicationSigner } as const;
    return (await buildRedirect(element, sent, compression)).replace(origin, '');
  };

  test('the request that the hostile ones are made of is good', async () => {
    const hub = await start();
    const browser = hub.browser();
    await browser.open(await signed(hub));
    assert.match(browser.page.text, /name="password"/);
  });

  describe('nothing redirects, and nobody is signed in, when a request', () => {
    const hostile: [string, (hub: SamlHub) => string | Promise<string>][] = [
      ['is not there', (hub) => `/${hub.tenant.id}/saml2`],
      ['is no base64', (hub) => `/${hub.tenant.id}/saml2?SAMLRequest=%25%25`],
      [
        'is not compressed',
        (hub) => `/${hub.tenant.id}/saml2?SAMLRequest=${Buffer.from(request(hub)).toString('base64url')}`,
      ],
      ['is a compressed bomb', (hub) => redirect(hub, request(hub, '', ' '.repeat(20_000_000)))],
      ['has a document type', (hub) => redirect(hub, `<!DOCTYPE a [<!ENTITY x "y">]>${request(hub)}`)],
      ['is 10,000 elements deep', (hub) => redirect(hub, '<a>'.repeat(10_000))],
      ['carries no signature although it must', (hub) => redirect(hub, request(hub))],
      ['names an application that is not there', (hub) => redirect(hub, request(hub).replace('urn:app', 'urn:nobody'))],
      ['is there twice', (hub) => `${redirect(hub, request(hub))}&SAMLRequest=x`],
      [
        'is signed by a key that is not the application’s',
        async (hub) => {
          const url = new URL(
            await (await hub.provider({ privateKey: strangerKey })).getAuthorizeUrlAsync('', undefined, {}),
          );
          return url.pathname + url.search;
        },
      ],
      [
        'names an address for the answer that is not registered',
        async (hub) => {
          const provider = await hub.provider({ callbackUrl: 'https://evil.example/acs' });
          const url = new URL(await provider.getAuthorizeUrlAsync('', undefined, {}));
          return url.pathname + url.search;
        },
      ],
      ['names an index that no address has', async (hub) => signed(hub, 'AssertionConsumerServiceIndex="7"')],
      ['has a signature and no algorithm', async (hub) => (await signed(hub)).replace(/&SigAlg=[^&]*/, '')],
      ['has an algorithm and no signature', async (hub) => (await signed(hub)).replace(/&Signature=[^&]*/, '')],
      ['was encoded twice after it was signed', async (hub) => (await signed(hub)).replaceAll('%', '%25')],
      [
        'got another relay state after it was signed',
        async (hub) => `${await signed(hub)}&RelayState=https%3A%2F%2Fevil.example`,
      ],
      [
        'was meant for another tenant',
        async (hub) => {
          const provider = await hub.provider({ entryPoint: `${origin}/another/saml2` });
          const url = new URL(await provider.getAuthorizeUrlAsync('', undefined, {}));
          return `/${hub.tenant.id}/saml2${url.search}`;
        },
      ],
    ];
    for (const [what, make] of hostile) {
      test(what, async () => {
        const hub = await start();
        const browser = hub.browser();
        await browser.open(await make(hub));
        const { status, headers, text } = browser.page;
        assert.deepEqual([status, headers['location']], [400, undefined], text);
        assert.ok(!text.includes('SAMLResponse') && !text.includes('evil.example'), text);
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

  test('a request for a tenant that does not exist is answered by 404', async () => {
    const hub = await start();
    const browser = hub.browser();
    await browser.open(`/${crypto.randomUUID()}/saml2`);
    assert.equal(browser.page.status, 404);
  });

  test('an application of one tenant is none in another', async () => {
    const hub = await start();
    const other = await new SamlHub(database).begin();
    const url = new URL(
      await (await hub.provider({ entryPoint: `${origin}/${other.tenant.id}/saml2` })).getAuthorizeUrlAsync(
        '',
        undefined,
        {},
      ),
    );
    const browser = other.browser();
    await browser.open(url.pathname + url.search);
    assert.equal(browser.page.status, 400);
  });

  test('SAML Metadata 2.4.3: the metadata names the key that signs first, and where requests go', async () => {
    const hub = await start();
    const browser = hub.browser();
    await browser.open(`/${hub.tenant.id}/saml2/metadata`);
    const [entity] = parseMetadata(parseXml(browser.page.text));
    assert.equal(entity?.entityId, hub.entityId);
    const { certificate } = await hub.keys.signer(hub.tenant.id);
    assert.equal(entity?.identityProvider?.signingCertificates[0], certificate.replace(/-----[^-]+-----|\s/g, ''));
    assert.deepEqual(
      entity?.identityProvider?.singleSignOnServices.map(({ binding, location }) => [binding, location]),
      ['redirect', 'post'].map((binding) => [binding, `${origin}/${hub.tenant.id}/saml2`]),
    );
  });

  describe('a relying party is refused', () => {
    const good = {
      protocol: 'saml',
      identifier: 'urn:new',
      replyAddresses: [{ binding: 'post', location: replyAddress, index: 0 }],
    } as const;
    const wrong: [string, object, string][] = [
      ['without an address for answers', { replyAddresses: [] }, 'invalid'],
      [
        'with an address that is http',
        { replyAddresses: [{ binding: 'post', location: 'http://app.example/', index: 0 }] },
        'invalid',
      ],
      [
        'with an address that runs a script',
        { replyAddresses: [{ binding: 'post', location: 'javascript:alert(1)', index: 0 }] },
        'invalid',
      ],
      ['with a certificate that is none', { signingCertificates: ['AAAA'] }, 'invalid'],
      ['that must sign and has no certificate', { mustSignRequests: true }, 'invalid'],
      ['with tokens for a year', { tokenLifetimeSeconds: 31_536_000 }, 'invalid'],
      ['with an identifier that another has', { identifier: 'urn:app' }, 'taken'],
    ];
    for (const [what, change, code] of wrong) {
      test(what, async () => {
        const hub = await start();
        const saving = hub.storage.write(async (stores) => {
          const { attributes } = await registerApplication(stores, hub.act(), { displayName: 'New' });
          const { id } = await createServicePrincipal(stores, hub.act(), attributes.appId);
          return saveRelyingParty(stores, hub.act(), id, { ...good, ...change });
        });
        await assert.rejects(saving, { code: `applications.relying_party_${code}` });
      });
    }

    test('with rules that are none, and the place is told', async () => {
      const hub = await start();
      const id = await hub.application({ identifier: 'urn:rules', signingCertificates: [applicationCertificate] });
      const saving = hub.storage.write((stores) =>
        saveRelyingParty(stores, hub.act(), id, { ...good, issuanceRules: 'c:[Type == "a"] = issue(claim = c);' }),
      );
      await assert.rejects(saving, { code: 'applications.rules_invalid', message: /line 1, column \d+/ });
    });
  });
});
