// The sign-in at AWS with the demo's rules. What it needs: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getEntity, parseMetadata } from '@countersign/saml';
import { parseXml } from '@countersign/xml';
import { type RelyingPartyInput, relyingPartyOfMetadata } from '../../../src/applications/index.ts';
import { addMember, createGroup } from '../../../src/directory/index.ts';
import { readDemoFile } from '../../../src/main/seed-demo.ts';
import { onEachDatabase } from '../../databases.ts';
import { posted, profileOf, SamlHub } from './saml-hub.ts';

const address = 'https://signin.aws.amazon.com/saml';
const attribute = (name: string) => `https://aws.amazon.com/SAML/Attributes/${name}`;
const role = (name: string) =>
  `arn:aws:iam::123456789012:role/${name},arn:aws:iam::123456789012:saml-provider/Jogcloud`;

/** The application of the demo tenant. */
function demoTrust(): RelyingPartyInput {
  const application = readDemoFile('jogcloud').applications?.find(({ displayName }) => displayName === 'AWS Sign-in');
  return application?.relyingParty as RelyingPartyInput;
}

/** The form of AWS's metadata: names, addresses and formats as published. */
const metadata = `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="urn:amazon:webservices">
  <SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol" WantAssertionsSigned="true">
    <NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:transient</NameIDFormat>
    <NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</NameIDFormat>
    <NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</NameIDFormat>
    <AssertionConsumerService index="1" isDefault="true" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${address}"/>
  </SPSSODescriptor>
</EntityDescriptor>`;

onEachDatabase((database) => {
  /** Somebody in these groups, who begins at the hub. */
  async function signIn(groups: readonly string[], trust = demoTrust()) {
    const hub = await new SamlHub(database).begin();
    const id = await hub.staff('barney', { mail: 'barney@jogcloud.com' });
    await hub.storage.write(async (stores) => {
      for (const displayName of groups) {
        const group = await createGroup(stores, hub.act(), {
          displayName,
          mailNickname: 'group',
          securityEnabled: true,
        });
        await addMember(stores, hub.act(), group.id, id);
      }
    });
    const principalId = await hub.application({ signingCertificates: [], mustSignRequests: false, ...trust });
    const browser = hub.browser();
    await browser.open(`/${hub.tenant.id}/saml2/start/${principalId}`);
    await hub.enter(browser, `barney@${hub.tenant.name}.onmicrosoft.com`);
    return { hub, browser };
  }

  test('an assertion has what AWS needs, and nothing else about the person', async () => {
    const { hub, browser } = await signIn(['Network Operators', 'Security Auditors', 'Bowling']);
    const { action, fields } = posted(browser);
    assert.equal(action, address);
    // Issuer, both signatures, audience and times: node-saml, as somebody else's reader.
    const { nameID, nameIDFormat, ...profile } = await profileOf(
      browser,
      await hub.provider({ issuer: address, audience: address, callbackUrl: address }),
    );
    assert.deepEqual(
      [nameID, nameIDFormat],
      ['barney@jogcloud.com', 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress'],
    );
    assert.deepEqual(profile['attributes'], {
      [attribute('Role')]: [role('NetworkOperator'), role('SecurityAuditor')],
      [attribute('RoleSessionName')]: 'barney@jogcloud.com',
      [attribute('SessionDuration')]: '3600',
    });
    const xml = Buffer.from(fields['SAMLResponse'] ?? '', 'base64').toString();
    assert.match(xml, new RegExp(`<samlp:Response [^>]*Destination="${address}"`));
    assert.match(xml, new RegExp(`<saml:SubjectConfirmationData [^>]*Recipient="${address}"`));
    assert.match(xml, /<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">/);
    assert.match(xml, /<saml:AuthnStatement [^>]*SessionIndex="/);
    assert.doesNotMatch(xml, /InResponseTo/);
  });

  test('whoever has no role gets no assertion', async () => {
    const { browser } = await signIn(['Bowling']);
    const xml = Buffer.from(browser.form().fields['SAMLResponse'] ?? '', 'base64').toString();
    assert.match(xml, /status:RequestDenied/);
    assert.ok(!xml.includes('Assertion'));
  });

  test('metadata go both ways: theirs makes the trust, ours names what AWS asks for', async () => {
    const theirs = relyingPartyOfMetadata(getEntity(parseMetadata(parseXml(metadata)), undefined, new Date()));
    const { issuanceRules = null, isUnsolicitedAllowed = false } = demoTrust();
    const { hub, browser } = await signIn(['Network Operators'], { ...theirs, issuanceRules, isUnsolicitedAllowed });
    assert.equal(posted(browser).action, address);
    const { attributes } = await profileOf(
      browser,
      await hub.provider({ issuer: theirs.identifier, audience: theirs.identifier, callbackUrl: address }),
    );
    assert.equal((attributes as Record<string, string>)[attribute('Role')], role('NetworkOperator'));

    await browser.open(`/${hub.tenant.id}/saml2/metadata`);
    const ours = getEntity(parseMetadata(parseXml(browser.page.text)), undefined, new Date());
    assert.equal(ours.entityId, hub.entityId);
    assert.ok(ours.identityProvider?.signingCertificates.length);
    assert.ok(ours.identityProvider?.singleSignOnServices.every(({ location }) => location.startsWith('https://')));
  });
});
