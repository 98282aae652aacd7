// The end of a session that came of a SAML provider's word: told to the provider, and heard from it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  buildLogoutRequest,
  buildLogoutResponse,
  buildPost,
  buildRedirect,
  type LogoutRequest,
  parseLogoutRequest,
  parseLogoutResponse,
  parseRedirect,
  type Response,
  samlNamespace,
  signSaml,
  success,
  verifyRedirect,
} from '@countersign/saml';
import { defaultSignatureAlgorithms, encryptElement, isNamed, vocabulary, type XmlElement } from '@countersign/xml';
import {
  compression,
  type Signer,
  xmlContentCipher,
  xmlDigest,
  xmlSigner,
  xmlVerificationKey,
} from '../../src/issuance/index.ts';
import { xmlEncryptionKey } from '../../src/issuance/xml-cryptography.ts';
import { createProvider, type SamlTrust } from '../../src/upstream-providers/index.ts';
import { onEachDatabase } from '../databases.ts';
import { origin, profileOf, SamlHub } from '../endpoints/saml/saml-hub.ts';
import type { TestBrowser } from '../sign-in/test-browser.ts';
import {
  answerFor,
  certificateOf,
  issuer,
  location,
  providerKey,
  readRequest,
  strangerKey,
} from './fake-saml-provider.ts';

const providerSlo = 'https://idp.example/slo';
const toProvider = { binding: 'redirect', location: providerSlo, responseLocation: null } as const;
const applicationSlo = 'https://app.example/slo';
const nameId = { value: 'marge', format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent' };

onEachDatabase((database) => {
  /** Marge came from the provider, and is signed in at an application of SAML. */
  async function signedIn(singleLogout: SamlTrust['singleLogout'] = toProvider) {
    const hub = await new SamlHub(database).begin();
    const { id } = hub.tenant;
    const saml = {
      singleSignOn: { binding: 'redirect', location },
      singleLogout,
      signingCertificates: [certificateOf(providerKey)],
    } as const;
    const provider = { id: 'Home', displayName: 'Home', issuer, createsUsers: true, protocol: 'saml', saml } as const;
    await hub.storage.write((stores) => createProvider(stores, hub.act(), provider));
    await hub.application({ signOutAddresses: [{ binding: 'redirect', location: applicationSlo }] });
    const logoutUrl = `${origin}/${id}/saml2`;
    const app = await hub.provider({ logoutUrl, logoutCallbackUrl: applicationSlo, wantAuthnResponseSigned: false });

    /** Signs in by the provider. @returns the application's profile */
    const signIn = async (browser: TestBrowser, sessionIndex: string) => {
      const url = new URL(await app.getAuthorizeUrlAsync('', undefined, {}));
      await browser.open(`${url.pathname}${url.search}&whr=Home`);
      const { request, relayState } = await readRequest(
        browser.continuesTo(),
        certificateOf(await hub.keys.signer(id)),
      );
      const authnStatements = [{ authnInstant: hub.now, sessionIndex, authorities: [] }];
      const answer = await answerFor(request, relayState, hub.entityId, hub.now, { assertion: { authnStatements } });
      await browser.post(`/${id}/federation/Home`, answer);
      const back = browser.continuesTo();
      await browser.open(back.pathname + back.search);
      return profileOf(browser, app);
    };
    const browser = hub.browser();
    const profile = await signIn(browser, 'first');
    const logoutPath = `/${id}/federation/Home/logout`;
    const isIn = async (index: unknown) =>
      (await hub.storage.read.sessions.find(id, String(index), hub.now)) !== undefined;

    const requestOf = (change: Partial<LogoutRequest> = {}): LogoutRequest => ({
      id: '_asked',
      issueInstant: hub.now,
      issuer,
      destination: origin + logoutPath,
      nameId,
      sessionIndexes: [],
      ...change,
    });
    /** Sends a request of the provider by POST, without cookies. */
    const post = async (message: XmlElement, signer: Signer | null = providerKey, asking = hub.browser()) => {
      const sent = signer ? await signSaml(message, { signer: xmlSigner(signer), digest: xmlDigest }) : message;
      return asking.post(logoutPath, new URLSearchParams({ SAMLRequest: buildPost(sent), RelayState: 'kept' }));
    };
    return { hub, app, browser, profile, signIn, logoutPath, isIn, requestOf, post };
  }

  /** Goes to an address of the hub, which sends the browser elsewhere. */
  async function visit(browser: TestBrowser, address: string): Promise<URL> {
    const { pathname, search } = new URL(address);
    const { status, headers, text } = await browser.open(pathname + search);
    assert.equal(status, 303, text);
    return new URL(String(headers['location']));
  }

  /** A message of the hub by Redirect, with its signature proven. */
  async function received(hub: SamlHub, { search }: URL) {
    const message = await parseRedirect(search.slice(1), compression);
    const keys = [xmlVerificationKey(certificateOf(await hub.keys.signer(hub.tenant.id)))];
    assert.ok(await verifyRedirect(message, { keys, algorithms: defaultSignatureAlgorithms }, true));
    return message;
  }

  /** What the provider answers to the request that was sent to it. */
  async function answerOf(
    hub: SamlHub,
    at: URL,
    logoutPath: string,
    status: Response['status'] = success,
    signer = providerKey,
  ) {
    const { id } = parseLogoutRequest((await received(hub, at)).element);
    const destination = origin + logoutPath;
    const response = { id: '_answer', issueInstant: hub.now, issuer, destination, inResponseTo: id, status };
    const options = { parameter: 'SAMLResponse', location: destination, signer: xmlSigner(signer) } as const;
    return buildRedirect(buildLogoutResponse(response), options, compression);
  }

  /** The status that the application is told. */
  async function statusAt(hub: SamlHub, at: URL, whose: string) {
    assert.equal(at.origin + at.pathname, whose);
    const { code, secondLevelCode } = parseLogoutResponse((await received(hub, at)).element).status;
    return [code, secondLevelCode];
  }

  test('SAML Profiles 4.4.3.1: who signs out here is signed out at the provider, by the name and index that it gave', async () => {
    const { hub, app, browser, profile, logoutPath, isIn } = await signedIn();
    const at = await visit(browser, await app.getLogoutUrlAsync(profile, '', {}));
    assert.equal(at.origin + at.pathname, providerSlo);
    assert.equal(await isIn(profile.sessionIndex), false);
    const request = parseLogoutRequest((await received(hub, at)).element);
    assert.deepEqual(
      [request.issuer, request.destination, request.nameId.value, request.nameId.format, request.sessionIndexes],
      [hub.entityId, providerSlo, nameId.value, nameId.format, ['first']],
    );
    const answer = await answerOf(hub, at, logoutPath);
    assert.deepEqual(await statusAt(hub, await visit(browser, answer), applicationSlo), ['Success', undefined]);
    const [told] = await hub.storage.read.audit.list(hub.tenant.id, { verb: 'session.notify' }, 1);
    assert.deepEqual([told?.object.kind, told?.object.id], ['identityProvider', 'Home']);
    await browser.open(new URL(answer).pathname + new URL(answer).search);
    assert.equal(browser.page.status, 400, 'an answer counts once');
  });

  test('SAML Core 3.7.3.2: a provider that refuses, or whose answer is not its own, makes the sign-out partial', async () => {
    const refused = { code: 'Responder', secondLevelCode: 'RequestDenied' } as const;
    for (const [status, signer] of [
      [refused, providerKey],
      [success, strangerKey],
    ] as const) {
      const { hub, app, browser, profile, logoutPath } = await signedIn();
      const at = await visit(browser, await app.getLogoutUrlAsync(profile, '', {}));
      const back = await visit(browser, await answerOf(hub, at, logoutPath, status, signer));
      assert.deepEqual(await statusAt(hub, back, applicationSlo), ['Success', 'PartialLogout']);
    }
  });

  test('a provider without an address for sign-outs is not told', async () => {
    const { hub, app, browser, profile } = await signedIn(null);
    const at = await visit(browser, await app.getLogoutUrlAsync(profile, '', {}));
    assert.deepEqual(await statusAt(hub, at, applicationSlo), ['Success', undefined]);
  });

  test('SAML Profiles 4.4.3.3: the provider ends the sessions of a person, and the applications are told first', async () => {
    const { hub, app, browser, profile, signIn, isIn, requestOf, post } = await signedIn();
    const second = await signIn(hub.browser(), 'second');
    const { status, headers, text } = await post(buildLogoutRequest(requestOf()), providerKey, browser);
    assert.equal(status, 303, text);
    for (const { sessionIndex } of [profile, second]) assert.equal(await isIn(sessionIndex), false);
    let at = new URL(String(headers['location']));
    for (const _ of [profile, second]) {
      assert.equal(at.origin + at.pathname, applicationSlo);
      const { id, nameId: told } = parseLogoutRequest((await received(hub, at)).element);
      const answering = { ID: id, issuer: hub.entityId, nameID: told.value, nameIDFormat: told.format ?? '' };
      at = await visit(browser, await app.getLogoutResponseUrlAsync(answering, '', {}, true));
    }
    assert.deepEqual(await statusAt(hub, at, providerSlo), ['Success', undefined]);
    assert.equal((await received(hub, at)).relayState, 'kept');
  });

  test('SAML Core 3.7.1: an index that the provider names ends that session alone', async () => {
    const { hub, profile, signIn, isIn, requestOf, post } = await signedIn();
    const second = await signIn(hub.browser(), 'second');
    await post(buildLogoutRequest(requestOf({ sessionIndexes: ['second'] })));
    assert.deepEqual([await isIn(profile.sessionIndex), await isIn(second.sessionIndex)], [true, false]);
    const { headers } = await post(buildLogoutRequest(requestOf({ sessionIndexes: ['unknown'] })));
    assert.deepEqual(await statusAt(hub, new URL(String(headers['location'])), providerSlo), ['Success', undefined]);
    assert.equal(await isIn(profile.sessionIndex), true);
  });

  test('SAML Core 3.7.1: the name may be encrypted to us', async () => {
    const { hub, profile, isIn, requestOf, post } = await signedIn();
    const key = xmlEncryptionKey(
      (await hub.keys.encryptionCertificate(hub.tenant.id)).replace(/-----[^-]+-----|\s/g, ''),
    );
    const recipient = { key, content: 'aes256-gcm', keyTransport: 'rsa-oaep-mgf1p' } as const;
    const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
    const message = buildLogoutRequest(requestOf());
    const hidden = async (child: XmlElement) =>
      vocabulary({ saml: samlNamespace })(
        'saml:EncryptedID',
        {},
        await encryptElement(child, recipient, xmlContentCipher, random),
      );
    const children = message.children.map((child) =>
      typeof child !== 'string' && isNamed(child, samlNamespace, 'NameID') ? hidden(child) : child,
    );
    await post({ ...message, children: await Promise.all(children) });
    assert.equal(await isIn(profile.sessionIndex), false);
  });

  test('SAML Profiles 4.4.4.1: a request that is unsigned, of a stranger, for another address or too late ends nothing', async () => {
    const { hub, profile, isIn, requestOf, post } = await signedIn();
    const good = buildLogoutRequest(requestOf());
    const late = new Date(hub.now.getTime() - 400_000);
    const attempts = [
      [await post(good, null), 'message.unsigned'],
      [await post(good, strangerKey), 'signature.value'],
      [await post(buildLogoutRequest(requestOf({ destination: `${origin}/elsewhere` }))), 'message.destination'],
      [await post(buildLogoutRequest(requestOf({ issuer: 'urn:other' }))), 'message.issuer'],
      [await post(buildLogoutRequest(requestOf({ notOnOrAfter: late }))), 'logout.expired'],
    ] as const;
    for (const [{ status, text, headers }, reason] of attempts) {
      assert.deepEqual([status, headers['location']], [400, undefined]);
      const [, shown, reference = ''] = /<dd>([\w.]+)<\/dd>[\s\S]*Reference: ([^<]*)</.exec(text) ?? [];
      assert.equal(shown, reason);
      const trace = await hub.storage.read.signInTraces.find(hub.tenant.id, reference);
      assert.equal(trace?.checks[0]?.check, reason);
    }
    assert.equal(await isIn(profile.sessionIndex), true);
  });
});
