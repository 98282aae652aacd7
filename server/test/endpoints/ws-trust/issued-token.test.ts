import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseXml } from '@countersign/xml';
import { updateServicePrincipal } from '../../../src/applications/index.ts';
import { updateUser } from '../../../src/directory/index.ts';
import type { OpenedDatabase } from '../../../src/storage/conformance/database.ts';
import { changeProvider, createProvider, type ProviderInput } from '../../../src/upstream-providers/index.ts';
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
import { origin, realm, WsFederationHub } from '../ws-federation/ws-federation-hub.ts';
import { faultIn, Program, paths, tokenIn, tokenPaths } from './program.ts';

const transient = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient';

const partner = {
  id: 'Partner',
  displayName: 'Partner',
  issuer,
  createsUsers: true,
  protocol: 'wsFederation',
  wsFederation: { passiveEndpoint: 'https://idp.example/wsfed', signingCertificates: [certificateOf(providerKey)] },
} as const satisfies ProviderInput;

/** A JWT as programs put it into messages. */
const accessToken = parseXml(
  `<wsse:BinarySecurityToken xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd" ValueType="urn:ietf:params:oauth:token-type:jwt" EncodingType="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary">ZXlKLi4u</wsse:BinarySecurityToken>`,
);

async function start(database: OpenedDatabase, change: ProviderInput = {}, trust = {}) {
  const hub = await new WsFederationHub(database).begin();
  await hub.storage.write((stores) => createProvider(stores, hub.act(), { ...partner, ...change }));
  const application = await hub.registered({ isTokenRequestAllowed: true, ...trust });
  const program = new Program(hub);
  const token = async (wrong: WrongToken & { audience?: string } = {}) =>
    (await providerToken(wrong.audience ?? hub.entityId, hub.now, wrong)).element;
  const signIns = () => hub.storage.read.signInEvents.list(hub.tenant.id, {}, 10);
  return { hub, application, program, token, signIns };
}

onEachDatabase((database) => {
  for (const version of ['trust13', 'trust2005'] as const) {
    test(`WS-Trust 1.3 4: a program gets a token for one of a trusted provider, in ${version}`, async () => {
      const { hub, program, token, signIns } = await start(database);
      const answer = await program.ask({ version, token: await token() });
      const document = tokenIn(answer);
      const issued = await hub.verified({ document, token: document });
      const [event] = await signIns();
      assert.deepEqual([event?.outcome, event?.isInteractive, event?.methods], ['success', false, ['fed']]);
      const user = await hub.storage.read.objects.find(hub.tenant.id, event?.userId ?? '');
      assert.equal(user?.attributes['givenName'], 'Marge');
      assert.equal(issued.kind, 'saml11');
      const again = await program.ask({ version, token: await token() });
      assert.equal(again.status, 200);
      assert.equal((await signIns())[0]?.userId, event?.userId, 'the second time it is the same user');
    });
  }

  test('the provider’s tokens are of SAML 2.0 or 1.1, and made out to the hub or to the address', async () => {
    const { hub, program, token } = await start(database);
    const address = `${origin}/${hub.tenant.id}${tokenPaths.trust13}`;
    for (const wrong of [{ kind: 'saml20' as const }, { audience: address }]) {
      assert.equal((await program.ask({ token: await token(wrong) })).status, 200);
    }
  });

  test('what the provider said goes through acceptance rules into the rules of the application', async () => {
    const issuanceRules = `c:[Type == "urn:level", Issuer == "${issuer}"] => issue(Type = "http://app.example/level", Value = c.Value);`;
    const acceptanceRules = 'c:[Type == "http://idp.example/level"] => issue(Type = "urn:level", Value = c.Value);';
    const { hub, program, token } = await start(database, { acceptanceRules }, { issuanceRules });
    const document = tokenIn(
      await program.ask({ token: await token({ claims: { 'http://idp.example/level': '7' } }) }),
    );
    const { claims } = await hub.verified({ document, token: document });
    assert.deepEqual(claims, [{ type: 'http://app.example/level', values: ['7'], originalIssuer: undefined }]);
  });

  test('SAML Core 2.5.1.6: a token of a provider is passed on as far as the provider lets it', async () => {
    const { program, token } = await start(database, {}, { tokenKind: 'saml20' });
    const ask = async (...audiences: string[]) =>
      program.ask({ token: await token({ kind: 'saml20', proxyRestriction: { count: 1, audiences } }) });
    const { text } = await ask(realm, 'urn:other');
    assert.match(text, /<saml:ProxyRestriction Count="0"><saml:Audience>/);
    assert.equal(faultIn(await ask('urn:other')), 'FailedAuthentication');
  });

  describe('WS-Security 1.1 12: one answer for every token that does not count,', () => {
    const wrong: [string, WrongToken & { audience?: string }][] = [
      ['of a key that the trust does not name', { signer: strangerKey }],
      ['of an issuer that nobody trusts', { entityId: 'https://stranger.example' }],
      ['made out to somebody else', { audience: 'urn:somebody' }],
      ['whose name is another one each time', { nameId: { value: 'x', format: transient } }],
    ];
    for (const [what, change] of wrong) {
      test(what, async () => {
        const { program, token, signIns } = await start(database);
        const answer = await program.ask({ token: await token(change) });
        assert.equal(faultIn(answer), 'FailedAuthentication');
        assert.match(answer.text, />The security token was not accepted\.</);
        assert.equal((await signIns())[0]?.outcome, 'failure');
      });
    }

    test('that came before, or whose time is over', async () => {
      const { hub, program, token } = await start(database);
      const one = await token();
      assert.equal((await program.ask({ token: one })).status, 200);
      assert.equal(faultIn(await program.ask({ token: one })), 'FailedAuthentication');
      const old = await token();
      hub.pass(4_000);
      assert.equal(faultIn(await program.ask({ token: old })), 'FailedAuthentication');
    });

    test('of a provider that was disabled', async () => {
      const { hub, program, token } = await start(database);
      const disable = { isEnabled: false };
      await hub.storage.write((stores) => changeProvider(stores, hub.act(), partner.id, disable));
      assert.equal(faultIn(await program.ask({ token: await token() })), 'FailedAuthentication');
    });

    test('of people who have no account where the provider makes none, or a disabled one', async () => {
      const { program, token } = await start(database, { createsUsers: false });
      assert.equal(faultIn(await program.ask({ token: await token() })), 'FailedAuthentication');
      const other = await start(database);
      await other.program.ask({ token: await other.token() });
      const [event] = await other.signIns();
      const { hub } = other;
      const disabled = { accountEnabled: false };
      await hub.storage.write((stores) => updateUser(stores, hub.act(), event?.userId ?? '', disabled));
      assert.equal(faultIn(await other.program.ask({ token: await other.token() })), 'FailedAuthentication');
    });

    test('where a second factor is wanted that the provider did not ask, or is not believed to', async () => {
      const authenticationMethod = 'http://schemas.microsoft.com/claims/multipleauthn';
      for (const isMultiFactorTrusted of [false, true]) {
        const { hub, program, token } = await start(database, { isMultiFactorTrusted });
        const secondFactor = { ...customerFlow.secondFactor, when: 'always' } as const;
        await hub.storage.write((stores) => saveFlow(stores, hub.act(), { ...staffFlow, secondFactor }));
        assert.equal(faultIn(await program.ask({ token: await token() })), 'FailedAuthentication');
        const answer = await program.ask({ token: await token({ authenticationMethod }) });
        assert.equal(answer.status, isMultiFactorTrusted ? 200 : 500, answer.text);
      }
    });
  });

  test('an application takes people of its own identity providers only, also when somebody acts for them', async () => {
    for (const [provider, status] of [
      ['partner', 200],
      ['Another', 500],
    ] as const) {
      const { hub, application, program, token } = await start(database, {}, { isActingAllowed: true });
      const stock = await hub.registered({ identifier: 'urn:stock', actors: [realm] });
      const received = tokenIn(await program.ask({ token: await token() }));
      for (const { id } of [application, stock]) {
        const restriction = { identityProviders: [provider] };
        await hub.storage.write((stores) => updateServicePrincipal(stores, hub.act(), id, restriction));
      }
      assert.equal((await program.ask({ token: await token() })).status, status);
      const delegation = { as: 'ActAs', token: received } as const;
      const { appId: username, secret: password } = application;
      const acting = await program.ask({ username, password, delegation, appliesTo: 'urn:stock' });
      assert.equal(acting.status, status, acting.text);
    }
  });

  test('an application that allows no requests with tokens, or whose rules permit nobody, gives none', async () => {
    const { program, token } = await start(database, {}, { isTokenRequestAllowed: false });
    assert.equal(faultIn(await program.ask({ token: await token() })), 'InvalidScope');
    const other = await start(database, {}, { authorizationRules: '' });
    assert.equal(faultIn(await other.program.ask({ token: await other.token() })), 'FailedAuthentication');
  });

  test('SAML Core 2.5.1.4: a token of the hub itself was made out to an application, and is nothing here', async () => {
    for (const tokenKind of ['saml11', 'saml20'] as const) {
      const { hub, program, signIns } = await start(database, {}, { isPasswordRequestAllowed: true, tokenKind });
      await hub.staff('marge', { mail: 'marge@x.example' });
      const own = tokenIn(await program.ask());
      const answer = await program.ask({ token: own });
      assert.equal(faultIn(answer), 'InvalidSecurityToken');
      assert.match(answer.text, />A token of this issuer proves nothing here:/);
      const trace = await hub.storage.read.signInTraces.find(hub.tenant.id, answer.requestId);
      assert.equal(trace?.checks.at(-1)?.check, 'security.own_token');
      assert.equal((await signIns()).length, 1, 'nobody signed in but with the password');
    }
  });

  test('WS-Security 1.1 12: access tokens are made out to resources, and none is a credential here', async () => {
    const { program } = await start(database);
    assert.equal(faultIn(await program.ask({ token: accessToken })), 'UnsupportedSecurityToken');
  });

  test('a password is no token, and a token no password', async () => {
    const { hub, program, token } = await start(database);
    const path = (paths: { trust13: string }) => `/${hub.tenant.id}${paths.trust13}`;
    assert.equal(faultIn(await program.ask({ path: path(tokenPaths) })), 'UnsupportedSecurityToken');
    const answer = await program.ask({ path: path(paths), token: await token() });
    assert.equal(faultIn(answer), 'UnsupportedSecurityToken');
  });
});
