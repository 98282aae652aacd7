// Every address of the hub that reads XML meets every hostile document. An address joins by a row.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { type Hostile, textAttacks, wrappingAttacks } from '../../../protocols/saml/test/corpus.ts';
import type { HttpResponse, Route } from '../../src/endpoints/index.ts';
import { openWsFederation } from '../../src/main/open-ws-federation.ts';
import { onEachDatabase } from '../databases.ts';
import { openGraphApi } from '../management/graph/graph-api.ts';
import { hasher } from '../sign-in/journey.ts';
import { match } from '../sign-in/test-browser.ts';
import { origin, SamlHub } from './saml/saml-hub.ts';

interface Answer {
  status: number;
  text: string;
  location: unknown;
}

interface Address {
  statuses: readonly number[];
  send(text: string): Promise<Answer>;
  /** What finds the reason afterwards. Undefined: the answer itself tells it. */
  isTraced?: true;
}

const documents: readonly Hostile[] = [...(await wrappingAttacks()), ...(await textAttacks())];

onEachDatabase((database) => {
  /** A hub with an application of SAML, and its addresses by name. */
  async function open() {
    const hub = await new SamlHub(database).begin();
    await hub.application();
    const { storage, keys } = hub;
    const fetch = async (url: string | URL) => assert.fail(`nobody answers ${url}`);
    const parts = { storage, keys, fetch, passwords: hasher, publicUrl: new URL(origin), now: () => hub.now };
    const routes: Route[] = [...hub.all, ...(openWsFederation(parts).routes as Route[])];
    const api = openGraphApi(storage, crypto.randomUUID());
    const { admin } = await api.makeTenant();
    const { body: application } = await api.call(admin, 'POST /applications', { displayName: 'Portal' });
    const { body: principal } = await api.call(admin, 'POST /servicePrincipals', { appId: application.appId });

    const send = async (method: string, path: string, body?: string): Promise<Answer> => {
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
        headers: { 'content-type': 'application/soap+xml; charset=utf-8' },
        body: body === undefined ? undefined : new TextEncoder().encode(body),
        remoteAddress: '192.0.2.1',
        requestId: crypto.randomUUID(),
        admitTenant: () => {},
      });
      return { status: response.status, text: String(response.body ?? ''), location: response.headers?.['location'] };
    };
    const saml = `/${hub.tenant.id}/saml2`;
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const form = (name: string, text: string) => new URLSearchParams({ [name]: base64(text) }).toString();
    const query = (name: string, text: string) =>
      new URLSearchParams({ [name]: deflateRawSync(text).toString('base64') }).toString();

    const addresses: Readonly<Record<string, Address>> = {
      'SAML, a request by POST': {
        send: (text) => send('POST', saml, form('SAMLRequest', text)),
        statuses: [400],
        isTraced: true,
      },
      'SAML, a response by POST': {
        send: (text) => send('POST', saml, form('SAMLResponse', text)),
        statuses: [400],
        isTraced: true,
      },
      'SAML, a request by Redirect': {
        send: (text) => send('GET', `${saml}?${query('SAMLRequest', text)}`),
        statuses: [400],
        isTraced: true,
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
    };
    return { hub, addresses, api };
  }

  /** Refused in the words of the address, with a reason, and no bug. */
  async function assertRefused(hub: SamlHub, { send, statuses, isTraced }: Address, name: string, text: string) {
    const answer = await send(text);
    assert.ok(statuses.includes(answer.status), `${name}: ${answer.status} ${answer.text}`);
    assert.equal(answer.location, undefined, name);
    assert.ok(!answer.text.includes('homer'), name);
    if (answer.status === 500) assert.match(answer.text, /:Fault>/, name);
    if (!isTraced) return;
    const [, reason, reference = ''] = /<dd>([\w.]+)<\/dd>[\s\S]*Reference: ([^<]*)</.exec(answer.text) ?? [];
    const trace = await hub.storage.read.signInTraces.find(hub.tenant.id, reference);
    assert.deepEqual(
      trace?.checks.filter(({ hasPassed }) => !hasPassed).map(({ check }) => check),
      [reason],
      name,
    );
  }

  describe('bad-inputs 1-6: every hostile document is refused, with its reason, at', () => {
    const names = [
      'SAML, a request by POST',
      'SAML, a response by POST',
      'SAML, a request by Redirect',
      'WS-Trust, a request for a token',
      'WS-Trust, a request with a token',
      'the management API, metadata',
    ];
    for (const at of names) {
      test(at, async () => {
        const { hub, addresses, api } = await open();
        const address = addresses[at];
        assert.ok(address);
        for (const { name, text } of documents) await assertRefused(hub, address, name, text);
        assert.deepEqual(api.bugs, []);
      });
    }
  });

  test('whatever is sent instead of a document, every address refuses it', async () => {
    const { hub, addresses, api } = await open();
    const good = documents[0]?.text ?? '';
    const edited = fc
      .record({ at: fc.nat(good.length), remove: fc.nat(200), text: fc.string({ unit: 'binary', maxLength: 40 }) })
      .map(({ at, remove, text }) => good.slice(0, at) + text + good.slice(at + remove));
    await fc.assert(
      fc.asyncProperty(fc.oneof(edited, fc.string({ unit: 'binary' })), async (text) => {
        for (const address of Object.values(addresses)) await assertRefused(hub, address, text, text);
      }),
      { numRuns: 40 },
    );
    assert.deepEqual(api.bugs, []);
  });
});
