import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { tokenTypes, trustVersions } from '@countersign/ws-federation';
import { parseXml } from '@countersign/xml';
import { textAttacks, wrappingAttacks } from '../../../../protocols/saml/test/corpus.ts';
import { updateUser } from '../../../src/directory/index.ts';
import { customerFlow, saveFlow, staffFlow } from '../../../src/user-flows/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { password } from '../../sign-in/journey.ts';
import { realm, WsFederationHub } from '../ws-federation/ws-federation-hub.ts';
import { faultIn, Program, paths, tokenPaths } from './program.ts';

onEachDatabase((database) => {
  const start = async (change = {}) => {
    const hub = await new WsFederationHub(database).begin();
    const userId = await hub.staff('marge', { mail: 'marge@x.example' });
    await hub.application({ isPasswordRequestAllowed: true, ...change });
    return { hub, program: new Program(hub), userId };
  };
  const signIns = (hub: WsFederationHub) => hub.storage.read.signInEvents.list(hub.tenant.id, {}, 10);

  for (const version of ['trust13', 'trust2005'] as const) {
    test(`WS-Trust 1.3 4.4: a program gets a token for a password, in ${version}`, async () => {
      const { hub, program } = await start();
      const { status, headers, text } = await program.ask({ version });
      assert.deepEqual([status, headers['content-type']], [200, 'application/soap+xml; charset=utf-8'], text);
      assert.match(text, /<wsa:RelatesTo[^>]*>urn:uuid:the-message</);
      assert.ok(text.includes(trustVersions[version].namespace));
      assert.equal(text.includes('RequestSecurityTokenResponseCollection'), version === 'trust13');
      // Interop: MSAL for Python cuts the token out by its text.
      const [, type, cut = ''] =
        /<t:RequestedSecurityToken>(?=.*<t:TokenType[^>]*>([^<]*)<)(.*)<\/t:RequestedSecurityToken>/s.exec(text) ?? [];
      assert.equal(type, tokenTypes.saml11[0]);
      const document = parseXml(cut);
      const token = await hub.verified({ document, token: document });
      assert.deepEqual([token.kind, token.subject?.value], ['saml11', 'marge@x.example']);
      const [event] = await signIns(hub);
      assert.deepEqual(
        [event?.outcome, event?.isInteractive, event?.applicationName],
        ['success', false, 'Claims app'],
      );
      assert.equal(event?.userName, program.name);
    });
  }

  test('Interop: adal-node posts either version to either address, and asks for the kind of token by its URI', async () => {
    const { hub, program } = await start();
    const change = (text: string) =>
      text
        .replace('<wst:KeyType>', `<wst:TokenType>${tokenTypes.saml20[1]}</wst:TokenType><wst:KeyType>`)
        .replaceAll('MessageID', 'messageID');
    const { status, text } = await program.ask({
      version: 'trust2005',
      path: `/${hub.tenant.name}.onmicrosoft.com${paths.trust13}`,
      change,
    });
    assert.equal(status, 200, text);
    assert.ok(text.includes('urn:oasis:names:tc:SAML:2.0:assertion') && !text.includes('RelatesTo'));
  });

  test('AD FS’s address serves the tenant of the domain of the name', async () => {
    const { program } = await start();
    assert.equal((await program.ask({ path: `/adfs${paths.trust13}` })).status, 200);
    const other = await program.ask({ path: `/adfs${paths.trust13}`, username: 'marge@nowhere.example' });
    assert.equal(faultIn(other), 'DestinationUnreachable');
  });

  describe('whoever is wrong gets one answer, and no token:', () => {
    const wrong: [
      string,
      (given: Awaited<ReturnType<typeof start>>) => Promise<{ username?: string; password?: string }>,
    ][] = [
      ['the password', async () => ({ password: 'wrong' })],
      ['the name', async ({ hub }) => ({ username: `nobody@${hub.tenant.name}.onmicrosoft.com` })],
      [
        'the account is disabled',
        async ({ hub, userId }) => {
          await hub.storage.write((stores) => updateUser(stores, hub.act(), userId, { accountEnabled: false }));
          return {};
        },
      ],
      [
        'the flow asks for a second factor',
        async ({ hub }) => {
          const secondFactor = { ...customerFlow.secondFactor, when: 'always' } as const;
          await hub.storage.write((stores) => saveFlow(stores, hub.act(), { ...staffFlow, secondFactor }));
          return {};
        },
      ],
    ];
    for (const [what, change] of wrong) {
      test(what, async () => {
        const given = await start();
        const answer = await given.program.ask(await change(given));
        assert.equal(faultIn(answer), 'FailedAuthentication');
        assert.match(answer.text, />The user could not be authenticated\.</);
        const [event] = await signIns(given.hub);
        assert.deepEqual([event?.outcome, event?.steps, event?.failedStep], ['failure', [], 'password']);
      });
    }
  });

  test('passwords are limited as at the page: after too many wrong ones the right one is refused', async () => {
    const { program } = await start();
    for (let tries = 0; tries < 12; tries++)
      assert.equal(faultIn(await program.ask({ password: 'wrong' })), 'FailedAuthentication');
    assert.equal(faultIn(await program.ask()), 'FailedAuthentication');
  });

  test('a person whom the rules do not permit gets no token', async () => {
    const { program } = await start({ authorizationRules: '' });
    assert.equal(faultIn(await program.ask()), 'FailedAuthentication');
  });

  describe('a request is refused', () => {
    const elsewhere = (text: string) => text.replace(/(<wsa:To[^>]*>)[^<]*/, '$1https://evil.example/');
    const wrong: [string, Parameters<Program['ask']>[0], string][] = [
      ['for an application that is not there', { appliesTo: 'urn:nobody' }, 'InvalidScope'],
      ['for an application written otherwise', { appliesTo: 'URN:app' }, 'InvalidScope'],
      ['from yesterday', { createdAt: new Date('2026-02-28T10:00:00Z') }, 'MessageExpired'],
      ['from tomorrow', { createdAt: new Date('2026-03-02T10:00:00Z') }, 'MessageExpired'],
      [
        'without a timestamp',
        { change: (text) => text.replace(/<wsu:Timestamp.*<\/wsu:Timestamp>/, '') },
        'InvalidSecurity',
      ],
      [
        'without a credential',
        { change: (text) => text.replace(/<wsse:UsernameToken.*<\/wsse:UsernameToken>/, '') },
        'InvalidSecurity',
      ],
      [
        'with a digest of the password',
        {
          change: (text) =>
            text.replace(
              '<wsse:Password>',
              '<wsse:Password Type="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest">',
            ),
        },
        'UnsupportedSecurityToken',
      ],
      ['for a key', { change: (text) => text.replace('/Bearer<', '/SymmetricKey<') }, 'RequestFailed'],
      [
        'to renew a token',
        { change: (text) => text.replace('/Issue</wst:RequestType', '/Renew</wst:RequestType') },
        'InvalidRequest',
      ],
      ['to another address', { change: elsewhere }, 'DestinationUnreachable'],
      ['whose action by HTTP is another one', { httpAction: 'urn:other' }, 'ActionNotSupported'],
      [
        'with a header that must be understood and is not',
        { change: (text) => text.replace('<s:Header>', '<s:Header><x:y xmlns:x="urn:x" s:mustUnderstand="true"/>') },
        'InvalidRequest',
      ],
      [
        'in SOAP 1.1',
        {
          change: (text) =>
            text.replace('http://www.w3.org/2003/05/soap-envelope', 'http://schemas.xmlsoap.org/soap/envelope/'),
        },
        'InvalidRequest',
      ],
      [
        'on behalf of somebody, by a person',
        {
          change: (text) =>
            text.replace(
              '<wst:KeyType>',
              '<wst:OnBehalfOf><saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion"/></wst:OnBehalfOf><wst:KeyType>',
            ),
        },
        'FailedAuthentication',
      ],
      ['with a document type', { change: (text) => `<!DOCTYPE a [<!ENTITY x "y">]>${text}` }, 'InvalidRequest'],
      ['that is empty', { change: () => '' }, 'InvalidRequest'],
    ];
    for (const [what, asked, subcode] of wrong) {
      test(what, async () => {
        const { hub, program } = await start();
        const answer = await program.ask(asked);
        assert.equal(faultIn(answer), subcode);
        assert.ok(!answer.text.includes('evil.example'));
        assert.deepEqual(await signIns(hub), []);
      });
    }

    test('by an application that allows no requests with passwords, or that is disabled', async () => {
      const { hub, program } = await start({ isPasswordRequestAllowed: false });
      assert.equal(faultIn(await program.ask()), 'InvalidScope');
      const other = await start();
      assert.equal(
        faultIn(await new Program(hub).ask({ path: `/${other.hub.tenant.id}${paths.trust13}` })),
        'FailedAuthentication',
      );
    });
  });

  test('every hostile document of the corpus is answered by a fault', async () => {
    const { hub, program } = await start();
    const path = `/${hub.tenant.id}${paths.trust13}`;
    for (const { name, text } of [...(await wrappingAttacks()), ...(await textAttacks())]) {
      assert.equal(faultIn(await program.post(path, text)), 'InvalidRequest', name);
    }
    assert.deepEqual(await signIns(hub), []);
  });

  test('WS-MetadataExchange 1.1: the document names the addresses below the one that was asked', async () => {
    const { hub } = await start();
    const browser = hub.browser();
    for (const base of [`/${hub.tenant.id}`, '/adfs']) {
      await browser.open(`${base}/services/trust/mex`);
      const addresses = [...browser.page.text.matchAll(/<wsa10:Address>([^<]*)</g)].map(([, address]) => address);
      assert.deepEqual(
        addresses,
        [paths.trust13, paths.trust2005, tokenPaths.trust13, tokenPaths.trust2005].map(
          (path) => `https://hub.example${base}${path}`,
        ),
      );
    }
    await browser.open(`/${crypto.randomUUID()}/services/trust/mex`);
    assert.equal(browser.page.status, 404);
  });

  test('SAML Metadata 4.3.1: no token is issued for an application whose metadata has expired', async () => {
    const { program } = await start({ isMetadataExpired: true });
    assert.equal(faultIn(await program.ask()), 'InvalidScope');
  });

  test('SAML 2.0 applications have no requests with passwords', async () => {
    const { hub } = await start();
    const saving = hub.application({
      protocol: 'saml',
      tokenKind: 'saml20',
      identifier: `${realm}:saml`,
      isPasswordRequestAllowed: true,
    });
    await assert.rejects(saving, { code: 'applications.relying_party_invalid' });
  });

  test('a request leaves a trace of what was asked and told, or why not, and never the password', async () => {
    const { hub, program } = await start();
    const traceOf = async ({ requestId }: { requestId: string }) =>
      hub.storage.read.signInTraces.find(hub.tenant.id, requestId);
    const given = await traceOf(await program.ask());
    assert.deepEqual([given?.protocol, given?.trust?.['identifier']], ['wsTrust', realm]);
    assert.match(given?.request ?? '', /RequestSecurityToken/);
    assert.match(given?.token ?? '', /marge@x\.example/);
    const refused = await traceOf(await program.ask({ password: 'wrong, and secret' }));
    assert.equal(refused?.checks.at(-1)?.check, 'security.authentication');
    const unread = await traceOf(await program.post(`/${hub.tenant.id}${paths.trust13}`, '<a/>'));
    assert.equal(unread?.checks.at(-1)?.check, 'soap.version');
    for (const trace of [given, refused, unread]) {
      assert.doesNotMatch(JSON.stringify(trace), new RegExp(`secret|${password}`));
    }
  });
});
