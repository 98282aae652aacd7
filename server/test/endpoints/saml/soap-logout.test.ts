// Single logout without a browser: by applications that call the hub, and towards those that it calls.
import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { test } from 'node:test';
import { type LogoutRequest, parseLogoutResponse, parseMetadata, parseRedirect } from '@countersign/saml';
import { parseXml, type Signer } from '@countersign/xml';
import type { Profile } from '@node-saml/node-saml';
import {
  createServicePrincipal,
  type RelyingPartyInput,
  registerApplication,
} from '../../../src/applications/index.ts';
import { compression } from '../../../src/issuance/index.ts';
import { ForbiddenAddressError } from '../../../src/outbound/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { logoutAnswer, logoutEnvelope, postSoap, requestTo, soapPeer, type WrongPeer } from '../../saml-soap.ts';
import { applicationCertificate, applicationSigner, origin, profileOf, SamlHub, strangerKey } from './saml-hub.ts';

const soapAt = (name: string) => `https://${name}.example/soap`;
const bySoap = (name: string): RelyingPartyInput['signOutAddresses'] => [{ binding: 'soap', location: soapAt(name) }];
const byBrowser = (name: string) => [{ binding: 'redirect', location: `https://${name}.example/slo` }] as const;
const stranger: Signer = {
  algorithm: 'rsa-sha256',
  certificate: applicationCertificate,
  sign: (data) => new Uint8Array(sign('sha256', data, strangerKey)),
};

onEachDatabase((database) => {
  /** Marge is signed in at two applications, `app` and `other`. */
  async function signedIn(appChange: object, otherChange: object) {
    const hub = await new SamlHub(database).begin();
    await hub.staff('marge', { mail: 'marge@x.example' });
    await hub.application(appChange);
    await hub.application({
      identifier: 'urn:other',
      nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
      ...otherChange,
    });
    const slo = { logoutUrl: `${origin}/${hub.tenant.id}/saml2`, logoutCallbackUrl: 'https://app.example/slo' };
    const app = await hub.provider(slo);
    const other = await hub.provider({ issuer: 'urn:other', audience: 'urn:other' });
    const browser = hub.browser();
    const profiles: Profile[] = [];
    for (const provider of [app, other]) {
      await hub.signOn(browser, provider, `marge@${hub.tenant.name}.onmicrosoft.com`);
      profiles.push(await profileOf(browser, provider));
    }
    const [profile, otherProfile] = profiles;
    assert.ok(profile && otherProfile);
    const sessionId = String(profile.sessionIndex);
    const certificate = async () =>
      (await hub.keys.signer(hub.tenant.id)).certificate.replace(/-----[^-]+-----|\s/g, '');
    const heard: { at: string; request: LogoutRequest }[] = [];
    /** The back channel of `other` answers. */
    const listen = (wrong: WrongPeer = {}) => {
      hub.upstreamFetch = soapPeer({ issuer: 'urn:other', certificate, now: () => hub.now }, heard, wrong);
    };
    listen();
    const address = `${origin}/${hub.tenant.id}/saml2/soap`;
    const requestOf = (change: Partial<LogoutRequest> = {}): LogoutRequest => ({
      id: `_${crypto.randomUUID()}`,
      issueInstant: hub.now,
      issuer: 'urn:app',
      destination: address,
      nameId: { value: profile.nameID, format: profile.nameIDFormat },
      sessionIndexes: [sessionId],
      ...change,
    });
    const post = (envelope: string) => postSoap(hub.all, address, envelope);
    const ask = async (request: LogoutRequest, signer: Signer | undefined = applicationSigner) =>
      logoutAnswer(await post(await logoutEnvelope(request, signer)), await certificate());
    const isIn = async () => (await hub.storage.read.sessions.find(hub.tenant.id, sessionId, hub.now)) !== undefined;
    const audited = async (verb: string) =>
      (await hub.storage.read.audit.list(hub.tenant.id, {}, 100)).filter((event) => event.verb === verb);
    const found = { hub, app, browser, profile, otherProfile, sessionId, heard, listen, address };
    return { ...found, requestOf, post, ask, isIn, audited };
  }

  /** What `app` is told after a sign-out in the browser that it began. */
  async function signOutByBrowser({ app, browser, profile }: Awaited<ReturnType<typeof signedIn>>) {
    const { pathname, search } = new URL(await app.getLogoutUrlAsync(profile, '', {}));
    const { status, headers, text } = await browser.open(pathname + search);
    assert.equal(status, 303, text);
    const back = new URL(String(headers['location']));
    assert.equal(back.origin, 'https://app.example');
    const { element } = await parseRedirect(back.search.slice(1), compression);
    const told = parseLogoutResponse(element).status;
    return [told.code, told.secondLevelCode];
  }

  test('SAML Metadata 2.4.3: the hub’s metadata name its address for sign-outs by SOAP', async () => {
    const hub = await new SamlHub(database).begin();
    const { text } = await hub.browser().open(`/${hub.tenant.id}/saml2/metadata`);
    const services = parseMetadata(parseXml(text))[0]?.identityProvider?.singleLogoutServices ?? [];
    assert.equal(services.find(({ binding }) => binding === 'soap')?.location, `${origin}/${hub.tenant.id}/saml2/soap`);
  });

  test('SAML Profiles 4.4.3: an application ends the session by SOAP, and the other is told so by the name it knows', async () => {
    const open = await signedIn({}, { signOutAddresses: bySoap('other') });
    const { ask, requestOf, isIn, heard, otherProfile, sessionId, audited } = open;
    const request = requestOf();
    const { inResponseTo, codes } = await ask(request);
    assert.deepEqual([inResponseTo, ...codes], [request.id, 'Success', undefined]);
    assert.equal(await isIn(), false);
    const [{ at, request: told } = { at: '', request: undefined }, ...more] = heard;
    assert.deepEqual(more, []);
    assert.deepEqual(
      [at, told?.destination, told?.nameId.value, told?.sessionIndexes],
      [soapAt('other'), soapAt('other'), otherProfile.nameID, [sessionId]],
    );
    assert.equal((await audited('session.notify')).length, 1);
  });

  test('SAML Core 3.7.3.2: who can only be told by a browser makes a sign-out by SOAP partial', async () => {
    const { ask, requestOf, isIn } = await signedIn({}, { signOutAddresses: byBrowser('other') });
    assert.deepEqual((await ask(requestOf())).codes, ['Success', 'PartialLogout']);
    assert.equal(await isIn(), false);
  });

  for (const [name, web, oauthClient, codes] of [
    ['by the back channel', {}, { backchannelLogoutUri: 'https://web.example/back' }, ['Success', undefined]],
    [
      'by both',
      { logoutUrl: 'https://web.example/out' },
      { backchannelLogoutUri: 'https://web.example/back' },
      ['Success', undefined],
    ],
    ['in a frame only', { logoutUrl: 'https://web.example/out' }, {}, ['Success', 'PartialLogout']],
  ] as const) {
    test(`SAML Profiles 4.4.3.4: an application of OpenID Connect that hears ${name} of a sign-out by SOAP`, async () => {
      const { hub, ask, requestOf, sessionId } = await signedIn({}, { signOutAddresses: bySoap('other') });
      await hub.storage.write(async (stores) => {
        const input = { displayName: 'Web', web: { redirectUris: [], ...web }, oauthClient };
        const { attributes } = await registerApplication(stores, hub.act(), input);
        const { id } = await createServicePrincipal(stores, hub.act(), attributes.appId);
        const used = { applicationId: id, flow: null, issuer: `${origin}/issuer`, lastAt: hub.now };
        await stores.sessions.addApplication(hub.tenant.id, sessionId, used);
      });
      assert.deepEqual((await ask(requestOf())).codes, codes);
      const notices = await hub.storage.read.logoutNotices.listDue(hub.now, 100);
      assert.ok(notices.some((notice) => notice.sessionId === sessionId));
    });
  }

  test('SAML Core 3.7.1: without an index all sessions of the name end, in whichever browser', async () => {
    const { hub, app, ask, requestOf } = await signedIn({}, { signOutAddresses: bySoap('other') });
    await hub.signOn(hub.browser(), app, `marge@${hub.tenant.name}.onmicrosoft.com`);
    const { nameId } = requestOf();
    const user = await hub.storage.read.sessions.find(hub.tenant.id, String(requestOf().sessionIndexes[0]), hub.now);
    const left = async () =>
      (await hub.storage.read.sessions.listOfUser(hub.tenant.id, user?.userId ?? '', hub.now)).length;
    assert.equal(await left(), 2);
    assert.deepEqual((await ask(requestOf({ nameId, sessionIndexes: [] }))).codes, ['Success', undefined]);
    assert.equal(await left(), 0);
  });

  test('SAML Core 3.7.3: the session of somebody else stays, and one that is not there has ended', async () => {
    const { ask, requestOf, isIn, profile } = await signedIn({}, { signOutAddresses: bySoap('other') });
    const nameId = { value: 'homer@x.example', format: profile.nameIDFormat };
    assert.deepEqual((await ask(requestOf({ nameId }))).codes, ['Requester', 'UnknownPrincipal']);
    assert.equal(await isIn(), true);
    assert.deepEqual((await ask(requestOf({ nameId, sessionIndexes: ['gone'] }))).codes, ['Success', undefined]);
    assert.equal(await isIn(), true);
  });

  test('bad-inputs 7: requests by SOAP that are not proven to be of the application, for us and of now end nothing', async () => {
    const open = await signedIn({}, { signOutAddresses: bySoap('other') });
    const { hub, ask, requestOf, isIn, post, heard, address } = open;
    const late = new Date(hub.now.getTime() - 400_000);
    const refused: Readonly<Record<string, () => Promise<unknown>>> = {
      unsigned: async () => post(await logoutEnvelope(requestOf())),
      'of a stranger': () => ask(requestOf(), stranger),
      'of nobody': () => ask(requestOf({ issuer: 'urn:nobody' })),
      'for another address': () => ask(requestOf({ destination: 'https://hub.example/elsewhere' })),
      'for the address of the browser': () => ask(requestOf({ destination: address.replace(/\/soap$/, '') })),
      'for nobody in particular': () => ask(requestOf({ destination: undefined })),
      'whose time is over': () => ask(requestOf({ notOnOrAfter: late })),
      'of yesterday': () => ask(requestOf({ issueInstant: new Date(hub.now.getTime() - 86_400_000) })),
      'of tomorrow': () => ask(requestOf({ issueInstant: new Date(hub.now.getTime() + 86_400_000) })),
    };
    for (const [name, send] of Object.entries(refused)) {
      const answer = await send();
      assert.ok(!JSON.stringify(answer).includes('Success'), name);
      assert.equal(await isIn(), true, name);
    }
    assert.deepEqual(heard, []);
  });

  test('bad-inputs 7: a request by SOAP counts once', async () => {
    const { hub, app, ask, requestOf, profile } = await signedIn({}, { signOutAddresses: bySoap('other') });
    const request = requestOf({ sessionIndexes: [] });
    assert.equal((await ask(request)).codes[0], 'Success');
    const again = hub.browser();
    await hub.signOn(again, app, `marge@${hub.tenant.name}.onmicrosoft.com`);
    const { sessionIndex } = await profileOf(again, app);
    assert.notEqual(sessionIndex, profile.sessionIndex);
    assert.equal((await ask(request)).codes[0], 'Requester');
    assert.ok(await hub.storage.read.sessions.find(hub.tenant.id, String(sessionIndex), hub.now));
  });

  test('SAML Profiles 4.4.4.1: an application that has no key signs nobody out by SOAP', async () => {
    const change = { signingCertificates: [], mustSignRequests: false };
    const { ask, requestOf, isIn, post } = await signedIn(change, { signOutAddresses: bySoap('other') });
    assert.equal((await ask(requestOf())).codes[0], 'Requester');
    await post(await logoutEnvelope(requestOf()));
    assert.equal(await isIn(), true);
  });

  test('SAML Bindings 3.2.3.3: what is no LogoutRequest in an envelope is answered by a fault that tells where the reason is', async () => {
    const { hub, post, requestOf, isIn } = await signedIn({}, { signOutAddresses: bySoap('other') });
    const good = await logoutEnvelope(requestOf(), applicationSigner);
    const faulty = (text: string) => good.replace('<soap:Body>', text);
    const faults: Readonly<Record<string, readonly [envelope: string, code: string, check: string, status?: number]>> =
      {
        'a document type': [`<!DOCTYPE a [<!ENTITY b "c">]>${good}`, 'Client', 'xml.doctype'],
        'two bodies': [faulty('<soap:Body><a/></soap:Body><soap:Body>'), 'Client', 'xml.unexpected_content'],
        'two messages': [faulty('<soap:Body><a/>'), 'Client', 'message.binding'],
        'a header to be understood': [
          faulty('<soap:Header><a soap:mustUnderstand="1"/></soap:Header><soap:Body>'),
          'MustUnderstand',
          'soap.header',
        ],
        'SOAP 1.2': [
          good.replaceAll('http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope'),
          'VersionMismatch',
          'soap.version',
        ],
        'no envelope': ['<a/>', 'Client', 'message.binding'],
        'another message': [good.replaceAll('LogoutRequest', 'ManageNameIDRequest'), 'Client', 'message.kind'],
        'too much': [good + ' '.repeat(250_000), 'Client', 'xml.too_large', 413],
        'no text': ['', 'Client', 'xml.malformed'],
      };
    for (const [name, [envelope, code, check, expected = 500]] of Object.entries(faults)) {
      // Of a flood at one moment not every trace is kept.
      hub.now = new Date(hub.now.getTime() + 2000);
      const { status, body } = await post(envelope);
      assert.equal(status, expected, name);
      const [, fault, reference = ''] =
        /<faultcode>soap:(\w+)<\/faultcode><faultstring>[^<]* Reference: ([^<]*)</.exec(String(body)) ?? [];
      assert.equal(fault, code, `${name}: ${body}`);
      const trace = await hub.storage.read.signInTraces.find(hub.tenant.id, reference);
      assert.deepEqual(
        trace?.checks.map((each) => each.check),
        [check],
        name,
      );
    }
    assert.equal(await isIn(), true);
  });

  test('SAML Profiles 4.4.3.4: an application that has no other address is told by SOAP while the browser signs out', async () => {
    const open = await signedIn({ signOutAddresses: byBrowser('app') }, { signOutAddresses: bySoap('other') });
    assert.deepEqual(await signOutByBrowser(open), ['Success', undefined]);
    assert.deepEqual(
      open.heard.map(({ at, request }) => [at, request.nameId.value]),
      [[soapAt('other'), open.otherProfile.nameID]],
    );
  });

  test('SAML Profiles 4.4.3.3: whoever prefers SOAP is told by it, though the browser could go there', async () => {
    const signOutAddresses = [...byBrowser('other'), ...(bySoap('other') ?? [])];
    const visited = await signedIn({ signOutAddresses: byBrowser('app') }, { signOutAddresses });
    await assert.rejects(signOutByBrowser(visited), /other\.example/);
    assert.deepEqual(visited.heard, []);
    const change = { signOutAddresses, prefersSoapSignOut: true };
    const called = await signedIn({ signOutAddresses: byBrowser('app') }, change);
    assert.deepEqual(await signOutByBrowser(called), ['Success', undefined]);
    assert.equal(called.heard.length, 1);
  });

  const failures: Readonly<Record<string, readonly [WrongPeer, RegExp]>> = {
    'says that it failed': [{ response: { status: { code: 'Responder' } } }, /^Responder$/],
    'answers another request': [{ response: { inResponseTo: '_other' } }, /response\.in_response_to/],
    'answers as somebody else': [{ response: { issuer: 'urn:app' } }, /message\.issuer/],
    'is signed by a stranger': [{ signer: stranger }, /signature\.value/],
    'is of yesterday': [{ response: { issueInstant: new Date('2026-01-01') } }, /message\.time/],
    'answers by a fault': [
      {
        answer: () =>
          new Response(
            '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultstring>Busy</faultstring></s:Fault></s:Body></s:Envelope>',
            { status: 500 },
          ),
      },
      /soap\.fault.*Busy/,
    ],
    'answers with a document type': [
      { answer: (envelope) => new Response(`<!DOCTYPE a [<!ENTITY b "c">]>${envelope}`) },
      /xml\.doctype/,
    ],
    'does not know the address': [{ answer: () => new Response('', { status: 404 }) }, /soap\.answer.*404/],
    'is in a private network': [
      {
        answer: () => {
          throw new ForbiddenAddressError('10.0.0.1');
        },
      },
      /COUNTERSIGN_ALLOWED_PRIVATE_NETWORKS/,
    ],
  };
  test('SAML Core 3.7.3.2: an application whose back channel fails does not stop the sign-out, which is partial then', async () => {
    for (const [name, [wrong, failure]] of Object.entries(failures)) {
      const change = { signOutAddresses: byBrowser('app') };
      const open = await signedIn(change, { signOutAddresses: bySoap('other') });
      open.listen(wrong);
      assert.deepEqual(await signOutByBrowser(open), ['Success', 'PartialLogout'], name);
      const [{ changes } = { changes: [] }] = await open.audited('session.notifyFailed');
      assert.match(String(changes.find(({ property }) => property === 'failure')?.after), failure, name);
      assert.equal(await open.isIn(), false, name);
    }
  });

  test('the last page of the hub says who was not told by SOAP', async () => {
    for (const [wrong, untold] of [
      [{}, 1],
      [failures['answers by a fault']?.[0], 2],
    ] as const) {
      const { hub, listen, sessionId } = await signedIn({}, { signOutAddresses: bySoap('other') });
      listen(wrong);
      const session = await hub.storage.read.sessions.find(hub.tenant.id, sessionId, hub.now);
      assert.ok(session);
      const request = requestTo(`${origin}/${hub.tenant.id}/oauth2/v2.0/logout`);
      const leading = JSON.stringify({ uiLocales: [], askedBy: [] });
      const asked = { protocol: 'oauth', applicationId: null, state: leading };
      const page = await hub.signOut.begin({ request, tenant: hub.tenant, act: hub.act() }, [session], asked);
      assert.equal(String(page.body).match(/<li>Claims app<\/li>/g)?.length, untold, String(page.body));
    }
  });
});
