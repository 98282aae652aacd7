import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authnContextClasses } from '@countersign/saml';
import { createRuleGroup } from '../../src/rule-groups/index.ts';
import type { OpenedDatabase } from '../../src/storage/conformance/database.ts';
import { changeProvider, createProvider, type ProviderInput } from '../../src/upstream-providers/index.ts';
import { onEachDatabase } from '../databases.ts';
import { Journey } from '../sign-in/journey.ts';
import type { TestBrowser } from '../sign-in/test-browser.ts';
import {
  answerFor,
  certificateOf,
  issuer,
  location,
  passiveAnswer,
  providerKey,
  readRequest,
  strangerKey,
  type Wrong,
} from './fake-saml-provider.ts';

const asked = { domainHint: 'MyCompany' };

async function open(database: OpenedDatabase, input: ProviderInput = {}) {
  const journey = await new Journey(database).begin();
  const trust = {
    id: 'MyCompany',
    displayName: 'My Company',
    issuer,
    createsUsers: true,
    protocol: 'saml',
    saml: { singleSignOn: { binding: 'redirect', location }, signingCertificates: [certificateOf(providerKey)] },
    ...input,
  } as const;
  await journey.storage.write((stores) => createProvider(stores, journey.act(), trust));
  const { id } = journey.tenant;
  const entityId = `https://hub.example/${id}/`;
  const returnPath = `/${id}/federation/MyCompany`;
  const signer = await journey.upstreamKeys.signer(id);

  /** Begins a sign-in and stands before the provider. */
  const leave = async (browser: TestBrowser, requested = {}) => {
    await journey.interact(browser, { ...asked, ...requested });
    return readRequest(browser.continuesTo(), certificateOf(signer));
  };
  const visit = async (browser: TestBrowser, wrong: Wrong = {}) => {
    const { request, relayState } = await leave(browser);
    return browser.post(returnPath, await answerFor(request, relayState, entityId, journey.now, wrong));
  };
  return { journey, entityId, returnPath, leave, visit };
}

onEachDatabase((database) => {
  test('SAML Profiles 4.1: a person who signed in at the provider is signed in here', async () => {
    const { journey, visit, leave, entityId } = await open(database);
    const browser = journey.browser();
    const { request } = await leave(journey.browser());
    assert.equal(request.issuer, entityId);
    await visit(browser);
    const signIn = await journey.completed(browser);
    const user = await journey.storage.read.objects.find(journey.tenant.id, signIn.userId);
    const { displayName, identities } = user?.attributes ?? {};
    assert.equal(displayName, 'Marge Simpson');
    assert.deepEqual(identities, [{ signInType: 'federated', issuer, issuerAssignedId: 'marge' }]);
    assert.deepEqual(
      signIn.accepted.map(({ value, issuer: who }) => [value, who]),
      [
        ['Marge', issuer],
        ['Simpson', issuer],
      ],
      'nothing about rights without a rule',
    );
  });

  test('acceptance rules say what becomes of the claims, and never in another’s name', async () => {
    const acceptanceRules =
      'c:[Type == "memberOf"] => issue(Type = "http://schemas.xmlsoap.org/claims/Group", Value = ToUpper(c.Value), Issuer = "AD AUTHORITY");';
    const { journey, visit } = await open(database, { acceptanceRules });
    const browser = journey.browser();
    await visit(browser);
    const { accepted } = await journey.completed(browser);
    assert.deepEqual(
      accepted.map(({ value, issuer: who }) => [value, who]),
      [
        ['NETWORK OPERATORS', issuer],
        ['SECURITY ADMINS', issuer],
      ],
    );
  });

  for (const [peer, prefix] of [
    ['SimpleSAMLphp and LemonLDAP::NG send LDAP’s names', ''],
    ['pysaml2 sends names of MACE-Dir', 'urn:mace:dir:attribute-def:'],
  ] as const) {
    test(`Interop: ${peer}, which need no rules`, async () => {
      const { journey, visit } = await open(database);
      const browser = journey.browser();
      const named = { displayName: 'Marge Simpson', givenName: 'Marge', sn: 'Simpson', mail: 'marge@x.example' };
      const attributes = Object.entries({ ...named, memberOf: 'Admins' }).map(([friendlyName, value]) => ({
        name: `${prefix}${friendlyName}`,
        nameFormat: 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic',
        friendlyName,
        values: [value],
      }));
      await visit(browser, { assertion: { attributes } });
      const { accepted, userId } = await journey.completed(browser);
      const user = await journey.storage.read.objects.find(journey.tenant.id, userId);
      assert.equal(user?.attributes['displayName'], 'Marge Simpson');
      const said = accepted.map(({ type, value }) => [type.split('/').at(-1), value]);
      assert.ok(!said.some(([, value]) => value === 'Admins'));
      for (const one of [
        ['givenname', 'Marge'],
        ['surname', 'Simpson'],
      ]) {
        assert.ok(
          said.some((other) => other.join() === one.join()),
          String(said),
        );
      }
    });
  }

  test('SAML Core 2.7.3.1: rules may go by the friendly name and the format of an attribute’s name', async () => {
    const property = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claimproperties';
    const { journey, visit } = await open(database, {
      acceptanceRules: `c:[Properties["${property}/displayname"] == "memberOf", Properties["${property}/attributename"] =~ "uri$"] => issue(Type = "group", Value = c.Value);`,
    });
    const browser = journey.browser();
    const nameFormat = 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri';
    const group = { name: 'urn:oid:1.3.6.1.4.1.5923.1.5.1.1', nameFormat, friendlyName: 'memberOf', values: ['Staff'] };
    await visit(browser, { assertion: { attributes: [group, { name: 'memberOf', values: ['Admins'] }] } });
    const { accepted } = await journey.completed(browser);
    assert.deepEqual(
      accepted.map(({ type, value }) => [type, value]),
      [['group', 'Staff']],
    );
  });

  test('acceptance rules that providers share run before and after the own ones', async () => {
    const { journey, visit } = await open(database);
    const group = (id: string, rules: string) => ({ id, rules, description: null, purpose: 'acceptance' }) as const;
    await journey.storage.write(async (stores) => {
      const act = journey.act();
      await createRuleGroup(
        stores,
        act,
        group('groups', 'c:[Type == "memberOf"] => add(Type = "g", Value = c.Value);'),
      );
      await createRuleGroup(stores, act, group('one', 'EXISTS([Type == "G"]) => issue(Type = "one", Value = "1");'));
      await changeProvider(stores, act, 'MyCompany', {
        acceptanceRules: 'EXISTS([Type == "g", Value == "Security Admins"]) => add(Type = "G", Value = "yes");',
        acceptanceRuleGroups: { before: ['groups'], after: ['one'] },
      });
    });
    const browser = journey.browser();
    await visit(browser);
    const { accepted } = await journey.completed(browser);
    assert.deepEqual(
      accepted.map(({ type, value, issuer: who }) => [type, value, who]),
      [['one', '1', issuer]],
    );
  });

  test('SAML Core 3.4.1: forced sign-ins and strong contexts are asked of the provider', async () => {
    const { leave, journey } = await open(database, { isMultiFactorTrusted: true });
    const { request } = await leave(journey.browser(), { maxAgeSeconds: 0, contexts: ['multiFactor'] });
    assert.equal(request.forceAuthn, true);
    assert.deepEqual(request.requestedAuthnContext?.classes[0], 'https://refeds.org/profile/mfa');
  });

  const past = (journey: Journey, seconds: number) => new Date(journey.now.getTime() - seconds * 1000);
  const wrongs: [what: string, wrong: (journey: Journey) => Wrong][] = [
    ['SAML Core 5: a key that the trust does not have', () => ({ signer: strangerKey })],
    ['SAML Core 3.2.2: an answer to another request', () => ({ response: { inResponseTo: '_another' } })],
    ['SAML Profiles 4.1.5: an answer to no request', () => ({ response: { inResponseTo: undefined } })],
    [
      'SAML Profiles 4.1.4.2: a confirmation of another request',
      () => ({ confirmation: { inResponseTo: '_another' } }),
    ],
    ['SAML Profiles 4.1.4.2: another recipient', () => ({ confirmation: { recipient: 'https://other.example/acs' } })],
    ['SAML Bindings 3.5.5.2: another destination', () => ({ response: { destination: 'https://other.example/acs' } })],
    ...[
      'https://hub.example.evil.example/acs',
      'https://evil.example/https://hub.example/acs',
      'https://HUB.example/acs',
      'http://hub.example/acs',
      '',
    ].map((address): (typeof wrongs)[number] => [
      `SAML Core 3.2.1: a destination that only looks like ours, "${address}",`,
      () => ({ response: { destination: address } }),
    ]),
    [
      'SAML Profiles 4.1.4.2: a recipient with more than our address',
      (journey) => ({ confirmation: { recipient: `https://hub.example/${journey.tenant.id}/federation/MyCompany/` } }),
    ],
    [
      'SAML Core 2.5.1.4: an audience that is not ours in one of two restrictions',
      (journey) => ({
        assertion: {
          conditions: {
            notBefore: journey.now,
            audienceRestrictions: [[`https://hub.example/${journey.tenant.id}/`], ['urn:other']],
          },
        },
      }),
    ],
    [
      'SAML Profiles 4.1.4.2: an assertion for everybody',
      (journey) => ({ assertion: { conditions: { notBefore: journey.now, audienceRestrictions: [] } } }),
    ],
    [
      'SAML Core 2.5.1.2: an assertion of six minutes ahead',
      (journey) => ({
        assertion: {
          conditions: {
            notBefore: new Date(journey.now.getTime() + 360_000),
            audienceRestrictions: [[`https://hub.example/${journey.tenant.id}/`]],
          },
        },
      }),
    ],
    ['SAML Core 2.2.5: another issuer', () => ({ assertion: { issuer: 'https://attacker.example' } })],
    [
      'SAML Core 2.5.1.4: another audience',
      (journey) => ({ assertion: { conditions: { notBefore: journey.now, audienceRestrictions: [['urn:other']] } } }),
    ],
    [
      'SAML Core 2.5.1.2: an assertion that has ended',
      (journey) => ({ confirmation: { notOnOrAfter: past(journey, 600) } }),
    ],
    [
      'SAML Core 8.3.8: a name that is another one each time',
      () => ({ nameId: { value: '_1', format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' } }),
    ],
  ];
  for (const [what, wrong] of wrongs) {
    test(`${what} is refused (bad-inputs 7)`, async () => {
      const { journey, visit } = await open(database);
      const page = await visit(journey.browser(), wrong(journey));
      assert.match(page.text, /cannot be trusted/);
      const [event] = await journey.storage.read.signInEvents.list(journey.tenant.id, {}, 1);
      assert.equal(event?.failure, 'upstream_answer_wrong');
    });
  }

  test('SAML Core 3.2.2.2: a provider that refuses is said to have refused', async () => {
    const { journey, visit } = await open(database);
    const status = { code: 'Responder', secondLevelCode: 'AuthnFailed' } as const;
    assert.match((await visit(journey.browser(), { response: { status } })).text, /did not let you in/);
  });

  test('SAML Profiles 4.1.4.5: an assertion is taken once, also in another sign-in', async () => {
    const { journey, leave, entityId, returnPath } = await open(database);
    const browser = journey.browser();
    const { request, relayState } = await leave(browser);
    const answer = await answerFor(request, relayState, entityId, journey.now);
    await browser.post(returnPath, answer);
    await journey.completed(browser);
    const other = journey.browser();
    const again = await leave(other);
    answer.set('RelayState', again.relayState);
    assert.match((await other.post(returnPath, answer)).text, /cannot be trusted/);
  });

  test('bad-inputs 1-6: what is no SAML response is refused without a failure of ours', async () => {
    const { journey, leave, returnPath } = await open(database);
    for (const text of [
      '',
      'not base64 !',
      '<a/>',
      '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
      `<a>${'<b>'.repeat(1e4)}`,
    ]) {
      const browser = journey.browser();
      const { relayState } = await leave(browser);
      const SAMLResponse = Buffer.from(text).toString('base64');
      const page = await browser.post(returnPath, new URLSearchParams({ SAMLResponse, RelayState: relayState }));
      assert.match(page.text, /cannot be trusted/);
    }
  });

  test('SAML Metadata 2.4.4: our metadata tells the provider where to answer', async () => {
    const { journey, entityId, returnPath } = await open(database);
    const browser = journey.browser();
    const { status, text } = await browser.open(`${returnPath}/metadata`);
    assert.equal(status, 200);
    assert.ok(text.includes(`entityID="${entityId}"`) && text.includes(`https://hub.example${returnPath}"`), text);
    assert.equal((await browser.open(`/${journey.tenant.id}/federation/Nobody/metadata`)).status, 404);
  });

  const wsFederation = {
    protocol: 'wsFederation',
    wsFederation: { passiveEndpoint: location, signingCertificates: [certificateOf(providerKey)] },
  } as const;

  test('Interop: a provider is asked for a fresh sign-in as it understands it, and otherwise not', async () => {
    const adFsPassword = 'http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password';
    for (const [promptLoginBehavior, expected] of [
      ['translateToFreshPasswordAuthentication', ['0', adFsPassword, null]],
      ['nativeSupport', [null, null, 'login']],
      ['disabled', ['0', null, null]],
    ] as const) {
      const trust = { ...wsFederation.wsFederation, promptLoginBehavior };
      const { journey } = await open(database, { protocol: 'wsFederation', wsFederation: trust });
      const words = async (change: object) => {
        const browser = journey.browser();
        await journey.interact(browser, { ...asked, ...change });
        const { searchParams } = browser.continuesTo();
        return ['wfresh', 'wauth', 'prompt'].map((name) => searchParams.get(name));
      };
      assert.deepEqual(await words({ prompts: ['login'] }), expected);
      assert.deepEqual(await words({}), [null, null, null]);
    }
  });

  test('SAML Core 3.4.1: a fresh sign-in is forced, and with a password where the trust says so', async () => {
    for (const [promptLoginBehavior, classes] of [
      [
        'translateToFreshPasswordAuthentication',
        [authnContextClasses.passwordProtectedTransport, authnContextClasses.password],
      ],
      ['nativeSupport', undefined],
      ['disabled', undefined],
    ] as const) {
      const { journey, leave } = await open(database);
      const saml = { promptLoginBehavior };
      await journey.storage.write((stores) => changeProvider(stores, journey.act(), 'MyCompany', { saml }));
      const { request } = await leave(journey.browser(), { prompts: ['login'] });
      assert.deepEqual([request.forceAuthn, request.requestedAuthnContext?.classes], [true, classes]);
    }
  });

  test('WS-Federation 1.2 13.2: a person who signed in at the provider is signed in here', async () => {
    const { journey, entityId, returnPath } = await open(database, wsFederation);
    const browser = journey.browser();
    await journey.interact(browser, { ...asked, maxAgeSeconds: 0 });
    const url = browser.continuesTo();
    assert.deepEqual(
      ['wa', 'wtrealm', 'wreply', 'wfresh'].map((name) => url.searchParams.get(name)),
      ['wsignin1.0', entityId, `https://hub.example${returnPath}`, '0'],
    );
    const answer = await passiveAnswer(url, journey.now, entityId);
    await browser.post(returnPath, answer);
    const signIn = await journey.completed(browser);
    assert.deepEqual([signIn.isNewUser, signIn.accepted.map(({ value }) => value)], [true, ['Marge']]);

    const other = journey.browser();
    await journey.interact(other, asked);
    answer.set('wctx', other.continuesTo().searchParams.get('wctx') ?? '');
    assert.match((await other.post(returnPath, answer)).text, /cannot be trusted/, 'a token is taken once');
  });

  test('bad-inputs 10: a token of another key, for another realm, or none is refused', async () => {
    const { journey, entityId, returnPath } = await open(database, wsFederation);
    const attempts = [
      (url: URL) => passiveAnswer(url, journey.now, entityId, strangerKey),
      (url: URL) => passiveAnswer(url, journey.now, 'urn:other'),
      async (url: URL) => new URLSearchParams({ wctx: url.searchParams.get('wctx') ?? '' }),
    ];
    for (const attempt of attempts) {
      const browser = journey.browser();
      await journey.interact(browser, asked);
      const page = await browser.post(returnPath, await attempt(browser.continuesTo()));
      assert.match(page.text, /cannot be trusted/);
    }
  });
});
