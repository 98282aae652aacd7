// The end of a session that came of a SAML provider's word, by SOAP: heard from the provider, and told to it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LogoutRequest, parseMetadata } from '@countersign/saml';
import { parseXml, type Signer } from '@countersign/xml';
import { saveRelyingParty } from '../../src/applications/index.ts';
import { xmlSigner } from '../../src/issuance/index.ts';
import { describeToUpstream } from '../../src/sign-in/index.ts';
import type { ProviderInput } from '../../src/upstream-providers/index.ts';
import { onEachDatabase } from '../databases.ts';
import { origin, replyAddress } from '../endpoints/saml/saml-hub.ts';
import { logoutAnswer, logoutEnvelope, postSoap, requestTo, soapPeer, type WrongPeer } from '../saml-soap.ts';
import {
  answerFor,
  certificateOf,
  issuer,
  location,
  providerKey,
  readRequest,
  strangerKey,
} from './fake-saml-provider.ts';
import { openPartnerSignOut, visit } from './partner-sign-out.ts';

const providerSoap = 'https://idp.example/soap';
const nameId = { value: 'marge', format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent' };
const provider = xmlSigner(providerKey);

onEachDatabase((database) => {
  /** Marge came from the provider, and is signed in at an application whose sign-out needs a browser. */
  async function signedIn(saml: ProviderInput['saml'] = {}) {
    const trust = {
      protocol: 'saml',
      issuer,
      saml: {
        singleSignOn: { binding: 'redirect', location },
        signingCertificates: [certificateOf(providerKey)],
        ...saml,
      },
    } as const;
    const open = await openPartnerSignOut(database, trust);
    const { hub } = open;
    const { id } = hub.tenant;
    const certificate = async () => certificateOf(await hub.keys.signer(id));
    const browser = hub.browser();
    const signIn = (sessionIndex: string) =>
      open.signIn(browser, async (at) => {
        const { request, relayState } = await readRequest(at, await certificate());
        const authnStatements = [{ authnInstant: hub.now, sessionIndex, authorities: [] }];
        const answer = await answerFor(request, relayState, hub.entityId, hub.now, { assertion: { authnStatements } });
        return browser.post(`/${id}/federation/Home`, answer);
      });
    const profile = await signIn('first');
    const address = `${origin}/${id}/federation/Home/logout/soap`;
    const requestOf = (change: Partial<LogoutRequest> = {}): LogoutRequest => ({
      id: `_${crypto.randomUUID()}`,
      issueInstant: hub.now,
      issuer,
      destination: address,
      nameId,
      sessionIndexes: ['first'],
      ...change,
    });
    const ask = async (request: LogoutRequest, signer: Signer | undefined = provider) =>
      (await logoutAnswer(await postSoap(hub.all, address, await logoutEnvelope(request, signer)), await certificate()))
        .codes;
    const heard: { at: string; request: LogoutRequest }[] = [];
    const listen = (wrong: WrongPeer = {}) => {
      hub.upstreamFetch = soapPeer({ issuer, certificate, now: () => hub.now }, heard, wrong);
    };
    listen();
    return { ...open, browser, profile, signIn, requestOf, ask, address, heard, listen, certificate };
  }

  /** The application takes no part in sign-outs. */
  async function forgetApplication({ hub }: Awaited<ReturnType<typeof signedIn>>, sessionId: unknown) {
    const [used] = await hub.storage.read.sessions.listApplications(hub.tenant.id, String(sessionId));
    assert.ok(used);
    await hub.storage.write((stores) =>
      saveRelyingParty(stores, hub.act(), used.applicationId, {
        protocol: 'saml',
        identifier: 'urn:app',
        replyAddresses: [{ binding: 'post', location: replyAddress, index: 0 }],
        signOutAddresses: [{ binding: 'soap', location: providerSoap }],
      }),
    );
  }

  test('SAML Metadata 2.4.3: our metadata for the provider name the address for its calls', async () => {
    const { hub, address } = await signedIn();
    const xml = await describeToUpstream(hub.storage, hub.upstream, hub.tenant.id, 'Home', origin, hub.now);
    const services = parseMetadata(parseXml(xml ?? ''))[0]?.serviceProvider?.singleLogoutServices ?? [];
    assert.equal(services.find(({ binding }) => binding === 'soap')?.location, address);
  });

  test('SAML Profiles 4.4.3.2: a provider ends the session by SOAP, and learns that the application needs a browser', async () => {
    const { ask, requestOf, isIn, profile } = await signedIn();
    assert.deepEqual(await ask(requestOf()), ['Success', 'PartialLogout']);
    assert.equal(await isIn(profile.sessionIndex), false);
    assert.deepEqual(await ask(requestOf()), ['Success', undefined], 'it has ended');
  });

  test('SAML Core 3.7.1: an index that the provider does not name is of a session that goes on', async () => {
    const { ask, requestOf, isIn, profile } = await signedIn();
    assert.deepEqual(await ask(requestOf({ sessionIndexes: ['second'] })), ['Success', undefined]);
    assert.equal(await isIn(profile.sessionIndex), true);
    await ask(requestOf({ sessionIndexes: [] }));
    assert.equal(await isIn(profile.sessionIndex), false);
  });

  test('bad-inputs 7: what a provider sends by SOAP counts once, signed by it, for us and of now', async () => {
    const { hub, ask, requestOf, isIn, profile, signIn, address } = await signedIn();
    const refused: Readonly<Record<string, () => Promise<unknown>>> = {
      'of a stranger': () => ask(requestOf(), xmlSigner(strangerKey)),
      'of another issuer': () => ask(requestOf({ issuer: 'urn:app' })),
      'for another address': () => ask(requestOf({ destination: address.replace(/\/soap$/, '') })),
      'for nobody in particular': () => ask(requestOf({ destination: undefined })),
      'whose time is over': () => ask(requestOf({ notOnOrAfter: new Date(hub.now.getTime() - 400_000) })),
      'of yesterday': () => ask(requestOf({ issueInstant: new Date(hub.now.getTime() - 86_400_000) })),
      unsigned: async () => (await postSoap(hub.all, address, await logoutEnvelope(requestOf()))).body,
    };
    for (const [name, send] of Object.entries(refused)) {
      const answer = JSON.stringify(await send());
      assert.ok(answer.includes('Requester') && !answer.includes('Success'), name);
      assert.equal(await isIn(profile.sessionIndex), true, name);
    }
    const request = requestOf({ sessionIndexes: [] });
    assert.deepEqual(await ask(request), ['Success', 'PartialLogout']);
    const { sessionIndex } = await signIn('third');
    assert.deepEqual(await ask(request), ['Requester', undefined]);
    assert.equal(await isIn(sessionIndex), true);
  });

  test('SAML Bindings 3.2.3.3: only providers of SAML call by SOAP', async () => {
    const { hub } = await signedIn();
    const path = `${origin}/${hub.tenant.id}/federation/Nobody/logout/soap`;
    assert.equal((await postSoap(hub.all, path, '<a/>')).status, 404);
  });

  test('SAML Profiles 4.4.3.4: a provider that takes calls only is told by SOAP of a sign-out in the browser', async () => {
    const open = await signedIn({ singleLogoutBySoap: providerSoap });
    const asked = await visit(open.browser, await open.app.getLogoutUrlAsync(open.profile, '', {}));
    assert.deepEqual(await open.statusAt(asked), ['Success', undefined]);
    assert.deepEqual(
      open.heard.map(({ at, request }) => [at, request.destination, request.nameId.value, request.sessionIndexes]),
      [[providerSoap, providerSoap, 'marge', ['first']]],
    );
  });

  test('SAML Core 3.7.3.2: a provider whose back channel fails does not stop the sign-out', async () => {
    const open = await signedIn({ singleLogoutBySoap: providerSoap });
    open.listen({ answer: () => new Response('', { status: 503 }) });
    const asked = await visit(open.browser, await open.app.getLogoutUrlAsync(open.profile, '', {}));
    assert.deepEqual(await open.statusAt(asked), ['Success', 'PartialLogout']);
    const events = await open.hub.storage.read.audit.list(open.hub.tenant.id, {}, 100);
    assert.ok(events.some(({ verb, object }) => verb === 'session.notifyFailed' && object.kind === 'identityProvider'));
  });

  test('SAML Profiles 4.4.3.3: where a browser can go to the provider it goes, and where there is none the hub calls', async () => {
    const singleLogout = { binding: 'redirect', location: 'https://idp.example/slo', responseLocation: null } as const;
    const browsing = await signedIn({ singleLogout, singleLogoutBySoap: providerSoap });
    const at = await visit(browsing.browser, await browsing.app.getLogoutUrlAsync(browsing.profile, '', {}));
    assert.deepEqual([at.origin + at.pathname, browsing.heard], [singleLogout.location, []]);

    const calling = await signedIn({ singleLogout, singleLogoutBySoap: providerSoap });
    const { hub, profile, heard } = calling;
    await forgetApplication(calling, profile.sessionIndex);
    const session = await hub.storage.read.sessions.find(hub.tenant.id, String(profile.sessionIndex), hub.now);
    assert.ok(session);
    const call = { request: requestTo(`${origin}/${hub.tenant.id}/saml2/soap`), tenant: hub.tenant, act: hub.act() };
    const untold = await hub.signOut.end(call, [session], { protocol: 'saml', applicationId: null });
    assert.deepEqual(heard.map(({ request }) => request.nameId.value).sort(), [profile.nameID, 'marge'].sort());
    // The application answers as the provider, which it is not.
    assert.deepEqual(
      untold.map(({ name }) => name),
      ['Claims app'],
    );
  });
});
