import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Explanation } from '@countersign/claims';
import { addMember, createGroup, updateUser } from '../../../src/directory/index.ts';
import { createRuleGroup } from '../../../src/rule-groups/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { applicationCertificate, applicationKey, posted, profileOf, replyAddress, SamlHub } from './saml-hub.ts';

const formats = {
  persistent: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
  transient: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
  emailAddress: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
};

const claim = (name: string) => `http://schemas.xmlsoap.org/ws/2005/05/identity/claims/${name}`;

onEachDatabase((database) => {
  const start = async () => new SamlHub(database).begin();
  const marge = (hub: SamlHub) =>
    hub.staff('marge', { givenName: 'Marge', surname: 'Simpson', mail: 'marge@x.example' });
  const nameOf = (hub: SamlHub) => `marge@${hub.tenant.name}.onmicrosoft.com`;

  test('SAML Profiles 4.1.4: node-saml signs somebody in, with both signatures, and gets the usual claims', async () => {
    const hub = await start();
    const id = await marge(hub);
    await hub.application();
    const provider = await hub.provider();
    const browser = hub.browser();
    await hub.signOn(browser, provider, nameOf(hub));
    const { action, fields } = posted(browser);
    assert.deepEqual([action, fields['RelayState']], [replyAddress, 'the-state']);
    const profile = await profileOf(browser, provider);
    assert.deepEqual(
      [profile.issuer, profile.nameID, profile.nameIDFormat],
      [hub.entityId, 'marge@x.example', formats.emailAddress],
    );
    assert.equal(profile[claim('name')], nameOf(hub));
    assert.equal(profile[claim('givenname')], 'Marge');
    assert.equal(profile['http://schemas.microsoft.com/identity/claims/objectidentifier'], id);
    assert.ok(profile.sessionIndex);
    // The session is there: nobody is asked again.
    await hub.signOn(browser, provider, nameOf(hub));
    assert.equal((await profileOf(browser, provider)).sessionIndex, profile.sessionIndex);
  });

  test('SAML Bindings 3.5: a signed request by POST is answered', async () => {
    const hub = await start();
    await marge(hub);
    await hub.application();
    const provider = await hub.provider({ authnRequestBinding: 'HTTP-POST', skipRequestCompression: true });
    const message = await provider.getAuthorizeMessageAsync('state', undefined);
    const request = String(message['SAMLRequest']);
    const browser = hub.browser();
    await browser.post(`/${hub.tenant.id}/saml2`, new URLSearchParams({ SAMLRequest: request, RelayState: 'state' }));
    await hub.enter(browser, nameOf(hub));
    assert.equal((await profileOf(browser, provider)).nameID, 'marge@x.example');
  });

  test('SAML Core 8.3.7: a persistent name stays, and is another one at every application', async () => {
    const hub = await start();
    await marge(hub);
    await hub.application({ nameIdFormat: formats.persistent });
    await hub.application({ identifier: 'urn:other', nameIdFormat: formats.persistent });
    const names: (string | undefined)[] = [];
    for (const issuer of ['urn:app', 'urn:app', 'urn:other']) {
      const provider = await hub.provider({ issuer, audience: issuer });
      const browser = hub.browser();
      await hub.signOn(browser, provider, nameOf(hub));
      const profile = await profileOf(browser, provider);
      assert.equal(profile.nameIDFormat, formats.persistent);
      assert.deepEqual([profile['nameQualifier'], profile['spNameQualifier']], [hub.entityId, issuer]);
      names.push(profile.nameID);
    }
    assert.equal(names[0], names[1]);
    assert.notEqual(names[0], names[2]);
  });

  test('SAML Core 3.4.1.1: the format that the request asks for is given', async () => {
    const hub = await start();
    await marge(hub);
    await hub.application();
    const provider = await hub.provider({ identifierFormat: formats.transient });
    const browser = hub.browser();
    await hub.signOn(browser, provider, nameOf(hub));
    const first = await profileOf(browser, provider);
    await hub.signOn(browser, provider, nameOf(hub));
    assert.equal(first.nameIDFormat, formats.transient);
    assert.notEqual((await profileOf(browser, provider)).nameID, first.nameID);
  });

  test('SAML Core 3.4.1: ForceAuthn asks for the credentials although there is a session, IsPassive never asks', async () => {
    const hub = await start();
    await marge(hub);
    await hub.application();
    const provider = await hub.provider();
    const browser = hub.browser();
    const passive = await hub.provider({ passive: true });
    await hub.signOn(browser, passive, nameOf(hub));
    assert.equal((await provider.validatePostResponseAsync(posted(browser).fields)).profile, null);
    const refused = Buffer.from(posted(browser).fields['SAMLResponse'] ?? '', 'base64').toString();
    assert.match(refused, /status:Responder"><[^>]*status:NoPassive/);
    assert.match(refused, /<ds:Signature/);

    await hub.signOn(browser, provider, nameOf(hub));
    const forced = new URL(await (await hub.provider({ forceAuthn: true })).getAuthorizeUrlAsync('', undefined, {}));
    await browser.open(forced.pathname + forced.search);
    assert.match(browser.page.text, /name="password"/);
    await hub.signOn(browser, passive, nameOf(hub));
    assert.equal((await profileOf(browser, provider)).nameID, 'marge@x.example');
  });

  test('SAML Core 3.3.2.2.1: an unknown authentication context is refused to the application, a known one is answered', async () => {
    const hub = await start();
    await marge(hub);
    await hub.application();
    const browser = hub.browser();
    const asking = (authnContext: string) =>
      hub.provider({ disableRequestedAuthnContext: false, authnContext: [authnContext] });
    const password = 'urn:oasis:names:tc:SAML:2.0:ac:classes:Password';
    await hub.signOn(browser, await asking(password), nameOf(hub));
    assert.match(
      Buffer.from(posted(browser).fields['SAMLResponse'] ?? '', 'base64').toString(),
      new RegExp(`>${password}<`),
    );
    await hub.signOn(browser, await asking('urn:unknown'), nameOf(hub));
    assert.match(
      Buffer.from(posted(browser).fields['SAMLResponse'] ?? '', 'base64').toString(),
      /status:NoAuthnContext/,
    );
  });

  test('SAML Core 6: an assertion that is encrypted to the application is read by it alone', async () => {
    const hub = await start();
    await marge(hub);
    const encryptionKeys = [{ certificate: applicationCertificate, methods: [] }];
    await hub.application({ encryptsTokens: true, encryptionKeys });
    const provider = await hub.provider({ decryptionPvk: applicationKey });
    const browser = hub.browser();
    await hub.signOn(browser, provider, nameOf(hub));
    const text = Buffer.from(posted(browser).fields['SAMLResponse'] ?? '', 'base64').toString();
    assert.ok(text.includes('EncryptedAssertion') && !text.includes('marge@x.example'));
    assert.equal((await profileOf(browser, provider)).nameID, 'marge@x.example');
  });

  test('rules make the claims, groups among them, and the name', async () => {
    const hub = await start();
    const id = await marge(hub);
    await hub.storage.write(async (stores) => {
      const group = await createGroup(stores, hub.act(), {
        displayName: 'Network Operators',
        mailNickname: 'operators',
        mailEnabled: false,
        securityEnabled: true,
      });
      await addMember(stores, hub.act(), group.id, id);
      await updateUser(stores, hub.act(), id, { department: 'Power' });
    });
    const issuanceRules = `
      c:[Type == "http://schemas.xmlsoap.org/claims/Group", Value =~ "Operators$"] => issue(Type = "groups", Value = c.Value);
      c:[Type == "${claim('upn')}"] => issue(store = "Active Directory", types = ("department", "mail"), query = ";department,mail;{0}", param = c.Value);
      => issue(Type = "${claim('nameidentifier')}", Value = "MARGE", Properties["http://schemas.xmlsoap.org/ws/2005/05/identity/claimproperties/format"] = "${formats.persistent}");`;
    await hub.application({ issuanceRules });
    const provider = await hub.provider();
    const browser = hub.browser();
    await hub.signOn(browser, provider, nameOf(hub));
    const profile = await profileOf(browser, provider);
    assert.deepEqual(
      [profile['groups'], profile['department'], profile['mail']],
      ['Network Operators', 'Power', 'marge@x.example'],
    );
    assert.deepEqual([profile.nameID, profile.nameIDFormat], ['MARGE', formats.persistent]);
  });

  test('a sign-in leaves a trace of what was asked, checked and told, found by the reference of its pages', async () => {
    const hub = await start();
    const id = await marge(hub);
    const applicationId = await hub.application();
    const browser = hub.browser();
    await hub.signOn(browser, await hub.provider(), nameOf(hub));
    const [event] = await hub.storage.read.signInEvents.list(hub.tenant.id, { userId: id }, 1);
    const trace = await hub.storage.read.signInTraces.find(hub.tenant.id, event?.correlationId ?? '');
    assert.ok(trace);
    assert.equal(trace.applicationId, applicationId);
    assert.match(trace.request ?? '', /<samlp:AuthnRequest /);
    assert.deepEqual(
      trace.checks.map(({ check, hasPassed }) => [check, hasPassed]),
      ['message.issuer', 'signature.value', 'message.destination', 'message.time', 'request.reply_address'].map(
        (check) => [check, true],
      ),
    );
    assert.match(JSON.stringify(trace.issuance), /firstStatedBy/);
    assert.match(trace.token ?? '', /marge@x\.example/);
    assert.doesNotMatch(trace.token ?? '', /Signature/);
    // From the session, without pages, the reference is that of the request.
    await hub.signOn(browser, await hub.provider(), nameOf(hub));
    const [next] = await hub.storage.read.signInEvents.list(hub.tenant.id, { userId: id }, 1);
    assert.ok(await hub.storage.read.signInTraces.find(hub.tenant.id, next?.correlationId ?? ''));
  });

  test('groups of rules run for an assertion, and its trace names them', async () => {
    const hub = await start();
    const id = await marge(hub);
    const rules = `c:[Type == "${claim('emailaddress')}"] => issue(claim = c);`;
    await hub.storage.write((stores) =>
      createRuleGroup(stores, hub.act(), { id: 'Mail', rules, description: null, purpose: 'issuance' }),
    );
    await hub.application({ issuanceRuleGroups: { after: ['mail'] } });
    const provider = await hub.provider();
    const browser = hub.browser();
    await hub.signOn(browser, provider, nameOf(hub));
    assert.equal((await profileOf(browser, provider))[claim('emailaddress')], 'marge@x.example');
    const [event] = await hub.storage.read.signInEvents.list(hub.tenant.id, { userId: id }, 1);
    const trace = await hub.storage.read.signInTraces.find(hub.tenant.id, event?.correlationId ?? '');
    const issuance = trace?.issuance as Explanation | undefined;
    assert.deepEqual(
      issuance?.rules.map(({ rule }) => rule),
      [{ group: 'Mail', number: 1 }],
    );
  });

  test('whom the rules do not permit gets no assertion, and the application is told', async () => {
    const hub = await start();
    await marge(hub);
    const permit = 'http://schemas.microsoft.com/authorization/claims/permit';
    const authorizationRules = `[Type == "http://schemas.xmlsoap.org/claims/Group", Value == "Admins"] => issue(Type = "${permit}", Value = "true");`;
    await hub.application({ authorizationRules });
    const browser = hub.browser();
    await hub.signOn(browser, await hub.provider(), nameOf(hub));
    const text = Buffer.from(posted(browser).fields['SAMLResponse'] ?? '', 'base64').toString();
    assert.match(text, /status:RequestDenied/);
    assert.ok(!text.includes('Assertion'));
  });

  test('SAML Profiles 4.1.5: a sign-in begins here only where the trust says so, and answers no request', async () => {
    const hub = await start();
    await marge(hub);
    const closed = await hub.application();
    const open = await hub.application({ identifier: 'urn:open', isUnsolicitedAllowed: true });
    const browser = hub.browser();
    await browser.open(`/${hub.tenant.id}/saml2/start/${closed}`);
    assert.equal(browser.page.status, 400);
    await browser.open(
      `/${hub.tenant.id}/saml2/start/${open}?RelayState=${encodeURIComponent('https://app.example/deep')}`,
    );
    await hub.enter(browser, nameOf(hub));
    const { fields } = posted(browser);
    assert.equal(fields['RelayState'], 'https://app.example/deep');
    assert.ok(
      !Buffer.from(fields['SAMLResponse'] ?? '', 'base64')
        .toString()
        .includes('InResponseTo'),
    );
    const provider = await hub.provider({ issuer: 'urn:open', audience: 'urn:open' });
    assert.equal((await profileOf(browser, provider)).nameID, 'marge@x.example');
  });
});
