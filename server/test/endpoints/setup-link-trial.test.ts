// Trial sign-ins of whoever has a setup link.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildMetadata } from '@countersign/saml';
import { writeXml } from '@countersign/xml';
import { createSetupLink } from '../../src/federation-metadata/index.ts';
import { getProvider } from '../../src/upstream-providers/index.ts';
import { onEachDatabase } from '../databases.ts';
import { Journey, newSecret } from '../sign-in/journey.ts';
import {
  answerFor,
  certificateOf,
  issuer,
  location,
  providerKey,
  readRequest,
  strangerKey,
  type Wrong,
} from '../upstream/fake-saml-provider.ts';

const nothing = { encryptionKeys: [], singleLogoutServices: [], artifactResolutionServices: [], nameIdFormats: [] };
const identityProvider = {
  ...nothing,
  signingCertificates: [certificateOf(providerKey)],
  wantAuthnRequestsSigned: false,
  singleSignOnServices: [{ binding: 'redirect', location }],
  attributes: [],
} as const;
const metadata = writeXml(buildMetadata({ entityId: issuer, contacts: [], identityProvider }, { id: '_metadata' }));

onEachDatabase((database) => {
  /** A link whose provider has given its metadata. */
  async function filled() {
    const journey = await new Journey(database).begin();
    const { id } = journey.tenant;
    const secret = newSecret();
    const awaited = { id: 'Partner', displayName: 'Partner', protocol: 'saml', createsUsers: true } as const;
    const until = new Date(journey.now.getTime() + 86_400_000);
    await journey.storage.write((stores) => createSetupLink(stores, journey.act(), awaited, secret, until));
    const link = `/${id}/setup-link/${secret}`;
    const browser = journey.browser();
    await browser.open(link);
    await browser.submit({ metadata }, 'submit');
    const returnPath = `/${id}/federation/Partner`;
    /** Tries to sign in there. */
    const answerOf = async (wrong: Wrong = {}) => {
      await browser.submit({}, 'try');
      const certificate = certificateOf(await journey.upstreamKeys.signer(id));
      const { request, relayState } = await readRequest(browser.continuesTo(), certificate);
      return answerFor(request, relayState, `https://hub.example/${id}/`, journey.now, wrong);
    };
    const isEnabled = async () => (await getProvider(journey.storage.read, id, 'Partner')).isEnabled;
    return { journey, browser, link, returnPath, answerOf, isEnabled };
  }

  test('a trial shows what the provider said and what is believed of it, signs nobody in, and enables nothing', async () => {
    const { journey, browser, link, returnPath, answerOf, isEnabled } = await filled();
    const { status, text } = await browser.post(returnPath, await answerOf());
    assert.equal(status, 200);
    assert.match(text, /The answer is trusted/);
    const [, received = '', accepted = ''] = text.split('<h2>');
    assert.match(text, /<dd>marge<\/dd>/);
    assert.match(received, /memberOf: Network Operators/);
    assert.match(accepted, /claims\/givenname: Marge/);
    assert.doesNotMatch(accepted, /memberOf/);
    assert.ok(![...browser.cookies.keys()].some((name) => name.includes('session')));
    assert.equal(await isEnabled(), false);
    assert.deepEqual(await journey.storage.read.signInEvents.list(journey.tenant.id, {}, 1), []);

    await browser.open(link);
    await browser.submit({}, 'enable');
    assert.equal(await isEnabled(), true);
    assert.equal((await browser.open(link)).status, 404, 'the link has done its work');
  });

  test('what is wrong with the answer is said with the check that failed, and it may be tried again', async () => {
    const { browser, link, returnPath, answerOf } = await filled();
    const wrongs = [
      [{ signer: strangerKey }, 'signature.value'],
      [{ confirmation: { recipient: 'https://other.example/' } }, 'assertion.confirmation'],
    ] as const;
    for (const [wrong, check] of wrongs) {
      const { text } = await browser.post(returnPath, await answerOf(wrong));
      assert.ok(text.includes(`not trusted`) && text.includes(`(${check})`), text);
      await browser.open(link);
    }
  });

  test('an answer of a trial counts once, and none counts for a sign-in', async () => {
    const { journey, browser, link, returnPath, answerOf } = await filled();
    const answer = await answerOf();
    const forged = new URLSearchParams(answer);
    forged.set('RelayState', `${answer.get('RelayState')?.slice(0, 34)}${'A'.repeat(43)}`);
    assert.doesNotMatch((await journey.browser().post(returnPath, forged)).text, /marge/);
    await browser.open(link);
    const second = await answerOf();
    await browser.post(returnPath, second);
    assert.equal((await browser.post(returnPath, second)).status, 404);
  });
});
