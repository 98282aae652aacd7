// Every address of the hub that reads XML meets every hostile document. An address joins by a row.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { type Hostile, textAttacks, wrappingAttacks } from '../../../protocols/saml/test/corpus.ts';
import { certificateBase64, idp } from '../../../protocols/saml/test/parties.ts';
import { type HttpResponse, type Route, setupLinkRoutes } from '../../src/endpoints/index.ts';
import { openWsFederation } from '../../src/main/open-ws-federation.ts';
import { createProvider } from '../../src/upstream-providers/index.ts';
import { onEachDatabase } from '../databases.ts';
import { openGraphApi } from '../management/graph/graph-api.ts';
import { hasher } from '../sign-in/journey.ts';
import { match } from '../sign-in/test-browser.ts';
import {
  artifactEnvelope,
  artifactResolution,
  newArtifact,
  readArtifactResolve,
} from '../upstream/fake-artifact-service.ts';
import { certificateOf } from '../upstream/fake-saml-provider.ts';
import { origin, SamlHub } from './saml/saml-hub.ts';

interface Answer {
  status: number;
  text: string;
  location: unknown;
}

interface Address {
  statuses: readonly number[];
  send(text: string): Promise<Answer>;
  /** Where the reason is found afterwards. Undefined: the answer itself tells it. */
  traced?:
    | 'under the reference and with the reason of the page'
    | 'under the reference of the fault'
    | 'under the sign-in';
}

const documents: readonly Hostile[] = [...(await wrappingAttacks()), ...(await textAttacks())];

/** Any text. The library's own characters of this kind take a second and a half to be listed. */
const anyText = (maxLength?: number) =>
  fc.string({
    unit: fc.nat(0x10ffff).map((code) => String.fromCodePoint(code)),
    ...(maxLength !== undefined && { maxLength }),
  });

/** So many documents are on their way at once: few enough that all their traces are kept. */
const atOnce = 10;

onEachDatabase((database) => {
  /** A hub with an application of SAML, and its addresses by name. */
  async function open() {
    const hub = await new SamlHub(database).begin();
    await hub.application();
    const { storage, keys } = hub;
    const fetch = async (url: string | URL) => assert.fail(`nobody answers ${url}`);
    const parts = { storage, keys, fetch, passwords: hasher, publicUrl: new URL(origin), now: () => hub.now };
    const api = openGraphApi(storage, crypto.randomUUID());
    const linked = {
      storage,
      fetchMetadata: fetch,
      publicUrl: parts.publicUrl,
      now: parts.now,
      newId: () => crypto.randomUUID(),
      newSecret: () => crypto.randomUUID(),
      upstream: hub.upstream,
    };
    const routes: Route[] = [...hub.all, ...(openWsFederation(parts).routes as Route[]), ...setupLinkRoutes(linked)];
    const { admin } = await api.makeTenant();
    const { body: application } = await api.call(admin, 'POST /applications', { displayName: 'Portal' });
    const { body: principal } = await api.call(admin, 'POST /servicePrincipals', { appId: application.appId });

    const soap = 'application/soap+xml; charset=utf-8';
    const formType = 'application/x-www-form-urlencoded';
    const send = async (method: string, path: string, body?: string, type = soap): Promise<Answer> => {
      const url = new URL(path, origin);
      // Of a flood at one moment not every trace is kept.
      hub.now = new Date(hub.now.getTime() + 2000);
      const found = routes
        .filter((route) => route.method === method)
        .map((route) => ({ route, parameters: match(route.path, url.pathname) }))
        .find(({ parameters }) => parameters !== undefined);
      assert.ok(found?.parameters, `nothing serves ${method} ${path}`);
      const response: HttpResponse = await found.route.handle({
        method,
        url,
        parameters: found.parameters,
        headers: { 'content-type': type },
        body: body === undefined ? undefined : new TextEncoder().encode(body),
        remoteAddress: '192.0.2.1',
        requestId: crypto.randomUUID(),
        admitTenant: () => {},
      });
      return { status: response.status, text: String(response.body ?? ''), location: response.headers?.['location'] };
    };
    // What the wrapping attacks bend was signed by this provider.
    const signingCertificates = [certificateBase64];
    const singleSignOn = { binding: 'redirect', location: idp.sso } as const;
    for (const provider of [
      {
        id: 'Saml',
        issuer: idp.entityId,
        protocol: 'saml',
        saml: { signingCertificates, singleSignOn, artifactResolution },
      },
      {
        id: 'WsFed',
        issuer: 'urn:ws-federation',
        protocol: 'wsFederation',
        wsFederation: { signingCertificates, passiveEndpoint: idp.sso },
      },
    ] as const) {
      await storage.write((stores) => createProvider(stores, hub.act(), { displayName: provider.id, ...provider }));
    }
    /** Comes back from a provider with an answer to a request of ours. */
    const comeBack = async (id: string, fields: (state: string) => Record<string, string>): Promise<Answer> => {
      hub.now = new Date(hub.now.getTime() + 2000);
      const browser = hub.browser();
      await hub.interact(browser, { domainHint: id });
      const { searchParams } = browser.continuesTo();
      const state = searchParams.get('RelayState') ?? searchParams.get('wctx') ?? '';
      const path = `/${hub.tenant.id}/federation/${id}`;
      const { status, text } = await browser.post(path, new URLSearchParams(fields(state)));
      return { status, text, location: undefined };
    };
    const envelopes = new Map<string, (id: string) => string>();
    hub.upstreamFetch = async (_, { body } = {}) => {
      const certificate = certificateOf(await hub.upstreamKeys.signer(hub.tenant.id));
      const { id, artifact } = await readArtifactResolve(String(body), certificate);
      return new Response(envelopes.get(artifact)?.(id));
    };
    /** Comes back with an artifact, for which the provider's back channel answers this. */
    const comeWithArtifact = (envelope: (id: string) => string) => {
      const SAMLart = newArtifact({ entityId: idp.entityId });
      envelopes.set(SAMLart, envelope);
      return comeBack('Saml', (RelayState) => ({ SAMLart, RelayState }));
    };
    const invitation = { identityProviderType: 'SAML', id: 'Partner', displayName: 'Partner' };
    const { body: link } = await api.call(admin, 'POST /identity/setupLinks', invitation);
    const saml = `/${hub.tenant.id}/saml2`;
    const signOut = `/${hub.tenant.id}/federation/Saml/logout`;
    const inSoap = (text: string) => {
      const soapNamespace = 'http://schemas.xmlsoap.org/soap/envelope/';
      return `<soap:Envelope xmlns:soap="${soapNamespace}"><soap:Body>${text}</soap:Body></soap:Envelope>`;
    };
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const form = (name: string, text: string) => new URLSearchParams({ [name]: base64(text) }).toString();
    const query = (name: string, text: string) =>
      new URLSearchParams({ [name]: deflateRawSync(text).toString('base64') }).toString();

    const addresses: Readonly<Record<string, Address>> = {
      'SAML, a request by POST': {
        send: (text) => send('POST', saml, form('SAMLRequest', text)),
        statuses: [400],
        traced: 'under the reference and with the reason of the page',
      },
      'SAML, a response by POST': {
        send: (text) => send('POST', saml, form('SAMLResponse', text)),
        statuses: [400],
        traced: 'under the reference and with the reason of the page',
      },
      'SAML, a request by Redirect': {
        send: (text) => send('GET', `${saml}?${query('SAMLRequest', text)}`),
        statuses: [400],
        traced: 'under the reference and with the reason of the page',
      },
      'WS-Trust, a request for a token': {
        send: (text) => send('POST', `/${hub.tenant.id}/services/trust/13/usernamemixed`, text),
        // SOAP 1.2 part 2, 7.5.2.2: so faults are sent.
        statuses: [400, 500],
      },
      'WS-Trust, a request with a token': {
        send: (text) => send('POST', `/${hub.tenant.id}/services/trust/13/issuedtoken`, text),
        statuses: [400, 500],
      },
      'the management API, metadata': {
        async send(metadata) {
          const path = `POST /servicePrincipals/${principal.id}/relyingParty/importMetadata`;
          const { status, body } = await api.call(admin, path, { metadata });
          return { status, text: JSON.stringify(body), location: undefined };
        },
        statuses: [400],
      },
      'the management API, metadata of an identity provider': {
        async send(metadata) {
          const given = { identityProviderType: 'SAML', displayName: 'Partner', metadata };
          const { status, body } = await api.call(admin, 'POST /identity/identityProviders', given);
          return { status, text: JSON.stringify(body), location: undefined };
        },
        statuses: [400],
      },
      'a setup link, metadata': {
        send: async (metadata) => {
          const form = new URLSearchParams({ metadata }).toString();
          const { status, text } = await send('POST', new URL(link.address).pathname, form, formType);
          // The page has what was given, to be corrected.
          return { status, text: text.replace(/<textarea[\s\S]*<\/textarea>/, ''), location: undefined };
        },
        statuses: [400],
      },
      'SAML, the answer of an identity provider': {
        send: (text) => comeBack('Saml', (RelayState) => ({ SAMLResponse: base64(text), RelayState })),
        statuses: [200],
        traced: 'under the sign-in',
      },
      'SAML, the answer to an ArtifactResolve': {
        send: (text) => comeWithArtifact(() => text),
        statuses: [200],
        traced: 'under the sign-in',
      },
      'SAML, the message behind an artifact': {
        send: (text) => comeWithArtifact((id) => artifactEnvelope(id, idp.entityId, hub.now, text)),
        statuses: [200],
        traced: 'under the sign-in',
      },
      'WS-Federation, the answer of an identity provider': {
        send: (wresult) => comeBack('WsFed', (wctx) => ({ wa: 'wsignin1.0', wresult, wctx })),
        statuses: [200],
        traced: 'under the sign-in',
      },
      'SAML, a sign-out of an identity provider by POST': {
        send: (text) => send('POST', signOut, form('SAMLRequest', text), formType),
        statuses: [400],
        traced: 'under the reference and with the reason of the page',
      },
      'SAML, a sign-out of an identity provider by Redirect': {
        send: (text) => send('GET', `${signOut}?${query('SAMLRequest', text)}`),
        statuses: [400],
        traced: 'under the reference and with the reason of the page',
      },
      ...Object.fromEntries(
        [['an application', `${saml}/soap`] as const, ['an identity provider', `${signOut}/soap`] as const].flatMap(
          ([who, path]): [string, Address][] => {
            const refused = { statuses: [413, 500], traced: 'under the reference of the fault' } as const;
            return [
              [`SAML, what ${who} sends by SOAP`, { ...refused, send: (text) => send('POST', path, text) }],
              [
                `SAML, a message in an envelope of ${who}`,
                { ...refused, send: (text) => send('POST', path, inSoap(text)) },
              ],
            ];
          },
        ),
      ),
    };
    return { hub, addresses, api };
  }

  /** Refused in the words of the address, with a reason, and no bug. */
  async function assertRefused(hub: SamlHub, { send, statuses, traced }: Address, name: string, text: string) {
    const answer = await send(text);
    assert.ok(statuses.includes(answer.status), `${name}: ${answer.status} ${answer.text}`);
    assert.equal(answer.location, undefined, name);
    assert.ok(!answer.text.includes('homer'), name);
    if (answer.status === 500) assert.match(answer.text, /:Fault>/, name);
    if (traced === undefined) return;
    const [, reference = ''] = /Reference: ([^<]*)</.exec(answer.text) ?? [];
    const trace = await hub.storage.read.signInTraces.find(hub.tenant.id, reference);
    const [failed = '', ...more] = (trace?.checks ?? []).flatMap(({ check, hasPassed }) => (hasPassed ? [] : check));
    assert.deepEqual(more, [], name);
    if (traced === 'under the sign-in') {
      assert.match(answer.text, /cannot be trusted/, name);
      assert.match(failed, /^[a-z]+\.\w+$/, name);
    } else if (traced === 'under the reference of the fault') {
      assert.match(failed, /^[a-z]+\.\w+$/, name);
    } else {
      assert.equal(failed, /<dd>([\w.]+)<\/dd>/.exec(answer.text)?.[1], name);
    }
  }

  let opened: Awaited<ReturnType<typeof open>>;
  before(async () => {
    opened = await open();
  });

  test('bad-inputs 1-6: every address refuses every hostile document, with its reason', async (t) => {
    const { hub, addresses, api } = opened;
    for (const [at, address] of Object.entries(addresses)) {
      await t.test(at, async () => {
        for (let first = 0; first < documents.length; first += atOnce) {
          const some = documents.slice(first, first + atOnce);
          await Promise.all(some.map(({ name, text }) => assertRefused(hub, address, name, text)));
        }
        assert.deepEqual(api.bugs, []);
      });
    }
  });

  test('whatever is sent instead of a document, every address refuses it', async () => {
    const { hub, addresses, api } = opened;
    const good = documents[0]?.text ?? '';
    const edited = fc
      .record({ at: fc.nat(good.length), remove: fc.nat(200), text: anyText(40) })
      .map(({ at, remove, text }) => good.slice(0, at) + text + good.slice(at + remove));
    await fc.assert(
      fc.asyncProperty(fc.oneof(edited, anyText()), async (text) => {
        await Promise.all(Object.values(addresses).map((address) => assertRefused(hub, address, text, text)));
      }),
      { numRuns: 40 },
    );
    assert.deepEqual(api.bugs, []);
  });
});
