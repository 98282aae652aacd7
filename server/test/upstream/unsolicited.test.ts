// Answers of a SAML provider that nobody asked for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AuthnRequest, parsePost } from '@countersign/saml';
import { createProvider } from '../../src/upstream-providers/index.ts';
import { onEachDatabase } from '../databases.ts';
import { origin, posted, replyAddress, SamlHub } from '../endpoints/saml/saml-hub.ts';
import { artifactResolution, artifactResponse, byArtifact, readArtifactResolve } from './fake-artifact-service.ts';
import {
  answerFor,
  certificateOf,
  issuer,
  location,
  providerKey,
  readRequest,
  strangerKey,
  type Wrong,
} from './fake-saml-provider.ts';

onEachDatabase((database) => {
  async function open(isTaken = true) {
    const hub = await new SamlHub(database).begin();
    const { id } = hub.tenant;
    const application = await hub.application({ isUnsolicitedAllowed: true });
    const saml = {
      singleSignOn: { binding: 'redirect', location },
      signingCertificates: [certificateOf(providerKey)],
      artifactResolution,
      unsolicitedFor: isTaken ? application : null,
    } as const;
    const provider = { id: 'Home', displayName: 'Home', issuer, createsUsers: true, protocol: 'saml', saml } as const;
    await hub.storage.write((stores) => createProvider(stores, hub.act(), provider));
    const path = `/${id}/federation/Home`;
    /** What the provider sends to our address by itself. */
    const unasked = (wrong: Wrong = {}) => {
      const nobody: AuthnRequest = {
        id: '',
        issueInstant: hub.now,
        issuer: '',
        assertionConsumerServiceUrl: origin + path,
      };
      const none = { confirmation: { inResponseTo: undefined }, response: { inResponseTo: undefined } };
      return answerFor(nobody, 'https://evil.example/', hub.entityId, hub.now, { ...none, ...wrong });
    };
    return { hub, path, unasked };
  }

  test('SAML Profiles 4.1.5: an answer that nobody asked for leads to the application of the trust, which asks anew', async () => {
    const { hub, path, unasked } = await open();
    const browser = hub.browser();
    await browser.post(path, await unasked());
    assert.deepEqual(
      [...browser.cookies.keys()].filter((name) => name.includes('session')),
      [],
      'nobody is signed in by it',
    );
    const signer = await hub.keys.signer(hub.tenant.id);
    const { request, relayState } = await readRequest(browser.continuesTo(), certificateOf(signer));
    await browser.post(path, await answerFor(request, relayState, hub.entityId, hub.now));
    const back = browser.continuesTo();
    await browser.open(back.pathname + back.search);
    const { action, fields } = posted(browser);
    assert.equal(action, replyAddress);
    assert.equal(fields['RelayState'], undefined);
    const { element } = parsePost({ SAMLRequest: [], SAMLResponse: [fields['SAMLResponse'] ?? ''], RelayState: [] });
    assert.equal(element.name, 'Response');
  });

  test('SAML Profiles 4.1.5: unless the trust takes them, answers that nobody asked for are refused', async () => {
    const { hub, path, unasked } = await open(false);
    const { status, headers } = await hub.browser().post(path, await unasked());
    assert.deepEqual([status, headers['location']], [403, undefined]);
  });

  test('SAML Profiles 4.1.5: such an answer may stand behind an artifact, which is asked for only where it is taken', async () => {
    for (const isTaken of [true, false]) {
      const { hub, path, unasked } = await open(isTaken);
      const answer = await unasked();
      const certificate = certificateOf(await hub.keys.signer(hub.tenant.id));
      let asked = 0;
      hub.upstreamFetch = async (_, { body } = {}) => {
        asked += 1;
        const { id } = await readArtifactResolve(String(body), certificate);
        return new Response(await artifactResponse(id, answer, hub.now));
      };
      const browser = hub.browser();
      const { status } = await browser.post(path, byArtifact(answer));
      assert.deepEqual([status, asked], isTaken ? [200, 1] : [403, 0]);
      if (!isTaken) continue;
      await readRequest(browser.continuesTo(), certificate);
      const { status: again } = await hub.browser().post(path, byArtifact(answer));
      assert.equal(again, 400, 'an assertion that came before, behind another artifact');
    }
  });

  const wrongs: [what: string, reason: string, wrong: Wrong][] = [
    [
      'SAML Profiles 4.1.5: one that answers a request',
      'response.in_response_to',
      { response: { inResponseTo: '_x' } },
    ],
    [
      'SAML Profiles 4.1.5: one whose confirmation answers a request',
      'response.in_response_to',
      { confirmation: { inResponseTo: '_x' } },
    ],
    ['SAML Core 5: one of a key that the trust does not have', 'signature.value', { signer: strangerKey }],
  ];
  for (const [what, reason, wrong] of wrongs) {
    test(`${what} is refused (bad-inputs 7)`, async () => {
      const { hub, path, unasked } = await open();
      const { status, text } = await hub.browser().post(path, await unasked(wrong));
      assert.equal(status, 400);
      const [, reference = ''] = /Reference: ([^<]*)</.exec(text) ?? [];
      const trace = await hub.storage.read.signInTraces.find(hub.tenant.id, reference);
      assert.equal(trace?.checks[0]?.check, reason);
    });
  }

  test('SAML Profiles 4.1.4.5: one that came before is refused (bad-inputs 7)', async () => {
    const { hub, path, unasked } = await open();
    const answer = await unasked();
    await hub.browser().post(path, answer);
    assert.equal((await hub.browser().post(path, answer)).status, 400);
  });
});
