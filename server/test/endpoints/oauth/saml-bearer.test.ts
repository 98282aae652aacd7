import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { writeXml } from '@countersign/xml';
import { textAttacks, wrappingAttacks } from '../../../../protocols/saml/test/corpus.ts';
import { updateServicePrincipal } from '../../../src/applications/index.ts';
import { addDomain, verifyDomain } from '../../../src/directory/index.ts';
import type { OpenedDatabase } from '../../../src/storage/conformance/database.ts';
import {
  changeProvider,
  createProvider,
  federateDomains,
  type ProviderInput,
} from '../../../src/upstream-providers/index.ts';
import { customerFlow, saveFlow, staffFlow } from '../../../src/user-flows/index.ts';
import { onEachDatabase } from '../../databases.ts';
import {
  certificateOf,
  issuer,
  providerKey,
  providerToken,
  strangerKey,
  type WrongToken,
} from '../../upstream/fake-saml-provider.ts';
import { apiName, decode, origin, TestHub } from './test-hub.ts';

const grants = {
  saml20: 'urn:ietf:params:oauth:grant-type:saml2-bearer',
  saml11: 'urn:ietf:params:oauth:grant-type:saml1_1-bearer',
} as const;
const upn = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn';

/** A tenant one of whose domains is federated with a provider, and a tool that brings its assertions. */
async function start(database: OpenedDatabase) {
  const hub = new TestHub(database);
  await hub.begin();
  const domain = `${hub.tenant.name}.example`;
  await hub.storage.write(async (stores) => {
    const act = hub.act();
    await addDomain(stores, act, domain);
    await verifyDomain(stores, act, domain, { by: 'operator' });
    const wsFederation = {
      passiveEndpoint: 'https://idp.example/wsfed',
      signingCertificates: [certificateOf(providerKey)],
    };
    const input = { id: 'AdFs', displayName: 'AD FS', issuer, createsUsers: true, protocol: 'wsFederation' } as const;
    const provider = await createProvider(stores, act, { ...input, wsFederation });
    await federateDomains(stores, act, provider, [domain], true);
  });
  const api = await hub.api();
  const tool = await hub.client({ isFallbackPublicClient: true, oauthClient: { allowSamlBearerGrant: true } });
  await hub.consent(tool, api, 'Accounts.Read');
  const entityId = `${origin}/${hub.tenant.id}/`;
  const name = `marge@${domain}`;
  const assertion = async (wrong: WrongToken & { audience?: string } = {}) => {
    const { element } = await providerToken(wrong.audience ?? entityId, hub.now, { claims: { [upn]: name }, ...wrong });
    return Buffer.from(writeXml(element));
  };
  const ask = (form: Record<string, string>, path = hub.path('token')) =>
    hub.fetch(path, {
      form: {
        grant_type: grants.saml11,
        client_id: tool.appId,
        scope: 'openid Accounts.Read',
        resource: apiName,
        ...form,
      },
    });
  return { hub, api, tool, name, domain, assertion, ask, entityId };
}

onEachDatabase((database) => {
  for (const kind of ['saml20', 'saml11'] as const) {
    test(`RFC 7522 2.1: an assertion of a trusted provider becomes tokens, with ${grants[kind]}`, async () => {
      const { hub, name, assertion, ask } = await start(database);
      const text = (await assertion({ kind })).toString('base64url');
      const { status, json, text: said } = await ask({ grant_type: grants[kind], assertion: text });
      assert.equal(status, 200, said);
      const { claims } = decode(json['access_token']);
      const [event] = await hub.storage.read.signInEvents.list(hub.tenant.id, {}, 1);
      assert.deepEqual([claims['sub'], claims['scope'], claims['amr']], [event?.userId, 'Accounts.Read', ['fed']]);
      const user = await hub.storage.read.objects.find(hub.tenant.id, event?.userId ?? '');
      assert.equal(user?.attributes['userPrincipalName'], name);
      assert.deepEqual([event?.outcome, event?.isInteractive], ['success', false]);
    });
  }

  test('Interop: ADAL writes the assertion in base64, and gets a refresh token from the first version', async () => {
    const { api, assertion, ask, hub } = await start(database);
    const form = { assertion: (await assertion()).toString('base64'), resource: api.appId, scope: 'openid' };
    const { status, json, text } = await ask(form, `/${hub.tenant.id}/oauth2/token`);
    assert.equal(status, 200, text);
    assert.equal(typeof json['expires_in'], 'string');
    const refresh = { grant_type: 'refresh_token', refresh_token: String(json['refresh_token']) };
    assert.equal((await ask(refresh, `/${hub.tenant.id}/oauth2/token`)).status, 200);
  });

  test('RFC 7522 3: the audience is the token endpoint or the hub as the provider knows it', async () => {
    const { hub, assertion, ask } = await start(database);
    for (const audience of [origin + hub.path('token'), hub.issuer]) {
      const { status, text } = await ask({ assertion: (await assertion({ audience })).toString('base64url') });
      assert.equal(status, 200, `${audience} ${text}`);
    }
  });

  describe('RFC 7522 3.1: invalid_grant is the answer to an assertion', () => {
    const wrong: [string, (given: Awaited<ReturnType<typeof start>>) => Promise<string>, string?][] = [
      [
        'of a key that the trust does not name',
        async ({ assertion }) => encoded(await assertion({ signer: strangerKey })),
      ],
      [
        'of an issuer that nobody trusts',
        async ({ assertion }) => encoded(await assertion({ entityId: 'urn:nobody' })),
      ],
      ['for somebody else', async ({ assertion }) => encoded(await assertion({ audience: 'urn:somebody' }))],
      ['of another version than the grant', async ({ assertion }) => encoded(await assertion({ kind: 'saml20' }))],
      [
        'that was changed',
        async ({ assertion }) => encoded(Buffer.from(String(await assertion()).replace('marge', 'homer'))),
      ],
      [
        'whose signature was cut out',
        async ({ assertion }) =>
          encoded(Buffer.from(String(await assertion()).replace(/<ds:Signature.*<\/ds:Signature>/s, ''))),
      ],
      [
        'that came before',
        async ({ assertion, ask }) => {
          const text = encoded(await assertion());
          assert.equal((await ask({ assertion: text })).status, 200);
          return text;
        },
      ],
      [
        'whose time is over',
        async ({ hub, assertion }) => {
          const text = encoded(await assertion());
          hub.pass(4_000);
          return text;
        },
      ],
      [
        'that must not be passed on to the application (SAML Core 2.5.1.6)',
        async ({ assertion, ask, tool }) => {
          const of = async (audience: string) =>
            encoded(await assertion({ kind: 'saml20', proxyRestriction: { count: 1, audiences: [audience] } }));
          assert.equal((await ask({ grant_type: grants.saml20, assertion: await of(tool.appId) })).status, 200);
          return of('urn:other');
        },
        grants.saml20,
      ],
      ['that is no XML', async () => encoded(Buffer.from('<a>'))],
      ['that has a document type', async ({ assertion }) => encoded(Buffer.from(`<!DOCTYPE a>${await assertion()}`))],
      ['that is no base64', async () => '<saml:Assertion/>'],
    ];
    for (const [what, make, grant_type = grants.saml11] of wrong) {
      test(what, async () => {
        const given = await start(database);
        const { status, json } = await given.ask({ grant_type, assertion: await make(given) });
        assert.deepEqual([status, json['error']], [400, 'invalid_grant']);
      });
    }

    test('that is one of the hostile documents', async () => {
      const { ask } = await start(database);
      for (const { name, text } of [...(await wrappingAttacks()), ...(await textAttacks())]) {
        const { json } = await ask({ grant_type: grants.saml20, assertion: encoded(Buffer.from(text)) });
        // Some are longer than any parameter may be.
        assert.match(String(json['error']), /^invalid_(grant|request)$/, name);
      }
    });

    test('that names a person of a domain for which the provider does not speak, who becomes nobody there', async () => {
      const { hub, assertion, ask } = await start(database);
      const userId = await hub.staff('marge');
      const claims = { [upn]: `marge@${hub.tenant.name}.onmicrosoft.com` };
      const { json } = await ask({ assertion: encoded(await assertion({ claims })) });
      assert.notEqual(decode(json['access_token']).claims['sub'], userId);
    });
  });

  test('an application takes assertions of its own identity providers only, and APIs behind it their people', async () => {
    const { hub, api, tool, assertion, ask } = await start(database);
    const restrict = ({ servicePrincipalId: id }: typeof tool, identityProviders: string[]) =>
      hub.storage.write((stores) => updateServicePrincipal(stores, hub.act(), id, { identityProviders }));
    await restrict(tool, ['Another']);
    assert.equal((await ask({ assertion: encoded(await assertion()) })).json['error'], 'invalid_grant');
    await restrict(tool, ['adfs']);
    const { json } = await ask({ assertion: encoded(await assertion()) });
    const ledgerName = 'https://contoso.example/ledger';
    const ledger = await hub.api({ displayName: 'Ledger', identifierUris: [ledgerName] });
    await hub.consent(api, ledger, 'Accounts.Write');
    for (const [place, error] of [
      ['local', 'interaction_required'],
      ['AdFs', undefined],
    ] as const) {
      await restrict(ledger, [place]);
      const { json: answer } = await ask({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        requested_token_use: 'on_behalf_of',
        client_id: api.appId,
        client_secret: api.secret,
        assertion: String(json['access_token']),
        resource: ledgerName,
        scope: 'Accounts.Write',
      });
      assert.equal(answer['error'], error, place);
    }
  });

  test('where the flow wants a second factor the assertion alone gets nothing', async () => {
    const { hub, assertion, ask } = await start(database);
    const secondFactor = { ...customerFlow.secondFactor, when: 'always' } as const;
    await hub.storage.write((stores) => saveFlow(stores, hub.act(), { ...staffFlow, secondFactor }));
    const { status, json } = await ask({ assertion: encoded(await assertion()) });
    assert.deepEqual([status, json['error']], [400, 'interaction_required']);
  });

  test('Interop: MSAL for Python and adal-node learn where to bring the password of a federated name', async () => {
    const { hub, name, domain, entityId } = await start(database);
    const realm = async () => (await hub.fetch(`/common/userrealm/${name}?api-version=1.0`)).json;
    assert.equal((await realm())['account_type'], 'Managed', 'nowhere but here it could be sent');
    const addresses = {
      metadataExchangeAddress: 'https://idp.example/adfs/services/trust/mex',
      activeSignInAddress: 'https://idp.example/adfs/services/trust/13/usernamemixed',
    };
    const change = (input: ProviderInput) =>
      hub.storage.write((stores) => changeProvider(stores, hub.act(), 'AdFs', input));
    await change(addresses);
    assert.deepEqual(await realm(), {
      account_type: 'Federated',
      federation_protocol: 'WSTrust',
      federation_metadata_url: addresses.metadataExchangeAddress,
      federation_active_auth_url: addresses.activeSignInAddress,
      cloud_audience_urn: entityId,
      domain_name: domain,
      cloud_instance_name: 'countersign',
      ver: '1.0',
    });
    await change({ wsFederation: { realm: 'urn:federation:hub' } });
    assert.equal((await realm())['cloud_audience_urn'], 'urn:federation:hub');
    await change({ isEnabled: false });
    assert.equal((await realm())['account_type'], 'Managed');
    await assert.rejects(change({ activeSignInAddress: 'http://idp.example' }), { code: 'upstream-providers.invalid' });
  });

  test('an application for which it was not switched on brings no assertions', async () => {
    const { hub, assertion, ask } = await start(database);
    const other = await hub.client({ isFallbackPublicClient: true });
    const { status, json } = await ask({ client_id: other.appId, assertion: encoded(await assertion()) });
    assert.deepEqual([status, json['error']], [400, 'invalid_request']);
  });
});

function encoded(text: Buffer): string {
  return text.toString('base64url');
}
