// Answers of a SAML provider that the browser brings as a reference, and the hub fetches.
import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { bindings, samlNamespace } from '@countersign/saml';
import { listChildren, type XmlElement } from '@countersign/xml';
import { outboundFetch } from '../../src/outbound/index.ts';
import { createProvider, type SamlTrust } from '../../src/upstream-providers/index.ts';
import { onEachDatabase } from '../databases.ts';
import { Journey } from '../sign-in/journey.ts';
import type { TestBrowser } from '../sign-in/test-browser.ts';
import {
  artifactResolution,
  artifactResponse,
  byArtifact,
  newArtifact,
  readArtifactResolve,
  resolutionLocation,
  type WrongArtifactResponse,
} from './fake-artifact-service.ts';
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

/** What goes over a proper way back by artifact. */
interface WrongVisit {
  answer?: Wrong;
  resolved?: WrongArtifactResponse;
  artifact?: string;
}

const listAssertionsOf = (response: XmlElement) => listChildren(response, samlNamespace, 'Assertion');

const withoutSignature = (response: XmlElement) => ({
  ...response,
  children: response.children.filter((child) => typeof child === 'string' || child.name !== 'Signature'),
});

/** Answers requests on a loopback port until the work is done. */
async function serving<Result>(listener: RequestListener, work: (address: string) => Promise<Result>): Promise<Result> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/artifact`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

onEachDatabase((database) => {
  async function open(trusted: Partial<SamlTrust> = {}) {
    const journey = await new Journey(database).begin();
    const { id } = journey.tenant;
    const saml = {
      singleSignOn: { binding: 'redirect', location },
      signingCertificates: [certificateOf(providerKey)],
      artifactResolution,
      ...trusted,
    } as const;
    const provider = { id: 'Home', displayName: 'Home', issuer, createsUsers: true, protocol: 'saml', saml } as const;
    await journey.storage.write((stores) => createProvider(stores, journey.act(), provider));
    const path = `/${id}/federation/Home`;
    const entityId = `https://hub.example/${id}/`;
    const certificate = certificateOf(await journey.upstreamKeys.signer(id));

    /** Stands before the provider, which has an answer ready. */
    const leave = async (browser: TestBrowser, wrong: Wrong = {}) => {
      await journey.interact(browser, { domainHint: 'Home' });
      const { request, relayState } = await readRequest(browser.continuesTo(), certificate);
      return { request, answer: await answerFor(request, relayState, entityId, journey.now, wrong) };
    };
    /** What was asked over the back channel. */
    const asked: Awaited<ReturnType<typeof readArtifactResolve>>[] = [];
    /** Lets the provider give this answer to whatever artifact. */
    const giveOut = (answer: URLSearchParams, wrong: WrongArtifactResponse = {}) => {
      journey.upstreamFetch = async (url, { method, body } = {}) => {
        assert.deepEqual([String(url), method], [resolutionLocation, 'POST']);
        const resolve = await readArtifactResolve(String(body), certificate);
        asked.push(resolve);
        return new Response(await artifactResponse(resolve.id, answer, journey.now, wrong));
      };
    };
    /** Comes back with an artifact for an answer. */
    const visit = async (wrong: WrongVisit = {}) => {
      const browser = journey.browser();
      const { answer } = await leave(browser, wrong.answer);
      giveOut(answer, wrong.resolved);
      await browser.post(path, byArtifact(answer, wrong.artifact));
      return browser;
    };
    /** The check that failed in the sign-in at whose page the browser stands. */
    const failedCheck = async ({ page }: TestBrowser) => {
      const [, reference = ''] = /Reference: ([^<]*)</.exec(page.text) ?? [];
      const trace = await journey.storage.read.signInTraces.find(id, reference);
      return trace?.checks.filter(({ hasPassed }) => !hasPassed).map(({ check }) => check);
    };
    return { journey, path, entityId, leave, giveOut, visit, asked, failedCheck };
  }

  test('SAML Bindings 3.6: a person whose answer stands behind an artifact is signed in, by form and by query', async () => {
    const { journey, path, entityId, leave, giveOut, asked } = await open({ responseBinding: 'artifact' });
    for (const method of ['GET', 'POST'] as const) {
      const browser = journey.browser();
      const { request, answer } = await leave(browser);
      assert.equal(request.protocolBinding, bindings.artifact);
      giveOut(answer);
      const fields = byArtifact(answer);
      await (method === 'GET' ? browser.open(`${path}?${fields}`) : browser.post(path, fields));
      const { userId } = await journey.completed(browser);
      const user = await journey.storage.read.objects.find(journey.tenant.id, userId);
      assert.equal(user?.attributes['displayName'], 'Marge Simpson');
      const resolve = asked.at(-1);
      assert.deepEqual(
        [resolve?.artifact, resolve?.entityId, resolve?.destination],
        [fields.get('SAMLart'), entityId, resolutionLocation],
      );
    }
    assert.equal(new Set(asked.map(({ id }) => id)).size, 2);
  });

  test('SAML Profiles 5.4.2: a signature of the answer over the back channel counts when it is there', async () => {
    const { journey, visit, failedCheck } = await open();
    await journey.completed(await visit({ resolved: { signer: providerKey } }));
    assert.deepEqual(await failedCheck(await visit({ resolved: { signer: strangerKey } })), ['signature.value']);
  });

  test('SAML Bindings 3.6.5: who asks for artifacts takes an answer by POST all the same', async () => {
    const { journey, path, leave } = await open({ responseBinding: 'artifact' });
    const browser = journey.browser();
    await browser.post(path, (await leave(browser)).answer);
    await journey.completed(browser);
  });

  const wrongs: [what: string, check: string, wrong: WrongVisit][] = [
    [
      'SAML Bindings 3.6.4.2: an artifact of another issuer',
      'artifact.source',
      { artifact: newArtifact({ entityId: 'https://attacker.example' }) },
    ],
    [
      'an artifact for an address that the trust does not have',
      'artifact.endpoint',
      { artifact: newArtifact({ endpointIndex: 1 }) },
    ],
    ['an artifact of another type', 'artifact.malformed', { artifact: newArtifact({ typeCode: 3 }) }],
    ['an artifact that is too short', 'artifact.malformed', { artifact: newArtifact().slice(4) }],
    ['an artifact that is too long', 'artifact.malformed', { artifact: `AAAA${newArtifact()}` }],
    ['an artifact that is no base64', 'xml.base64', { artifact: newArtifact().replace(/^../, '*!') }],
    [
      'SAML Core 3.5.2: what answers another ArtifactResolve',
      'response.in_response_to',
      { resolved: { inResponseTo: '_another' } },
    ],
    ['SAML Profiles 5.4.2: what another issuer answers', 'message.issuer', { resolved: { issuer: 'urn:attacker' } }],
    ['SAML Core 3.5.3: an artifact that stands for nothing', 'artifact.response', { resolved: { messages: () => [] } }],
    ['an answer with two messages', 'artifact.response', { resolved: { messages: (message) => [message, message] } }],
    ['an answer that holds no Response', 'message.kind', { resolved: { messages: listAssertionsOf } }],
    [
      'SAML Core 3.2.2.2: an ArtifactResolve that the provider refuses',
      'response.status',
      { resolved: { status: 'Requester' } },
    ],
    ['SAML Core 5: a message that another key signed', 'signature.value', { answer: { signer: strangerKey } }],
    [
      'SAML Profiles 4.1.4.3: a message for another request',
      'response.in_response_to',
      { answer: { response: { inResponseTo: '_another' } } },
    ],
    [
      'SAML Core 2.5.1.4: a message for another audience',
      'assertion.audience',
      { answer: { assertion: { conditions: { audienceRestrictions: [['urn:other']] } } } },
    ],
  ];
  for (const [what, check, wrong] of wrongs) {
    test(`${what} is refused (bad-inputs 7)`, async () => {
      const { visit, failedCheck, asked } = await open();
      assert.deepEqual(await failedCheck(await visit(wrong)), [check]);
      assert.equal(asked.length, wrong.artifact === undefined ? 1 : 0, 'a wrong artifact is asked for nowhere');
    });
  }

  const unsigned = {
    either: 'assertion.unsigned',
    assertion: 'assertion.unsigned',
    response: 'message.unsigned',
    both: 'message.unsigned',
  } as const;
  for (const signed of ['either', 'assertion', 'response', 'both'] as const) {
    test(`a message that nobody signed is refused where ${signed} must be, whatever signs the answer around it`, async () => {
      const { visit, failedCheck } = await open({ signed });
      const resolved = { signer: providerKey, messages: (message: XmlElement) => [withoutSignature(message)] };
      const browser = await visit({ answer: { signed: 'response' }, resolved });
      assert.deepEqual(await failedCheck(browser), [unsigned[signed]]);
    });
  }

  test('where the trust has no address for artifacts, none is taken', async () => {
    const { visit, failedCheck } = await open({ artifactResolution: [] });
    assert.deepEqual(await failedCheck(await visit()), ['artifact.endpoint']);
  });

  test('an artifact beside a message, or twice, is refused', async () => {
    const { journey, path, leave, giveOut, failedCheck } = await open();
    for (const more of ['SAMLart', 'SAMLResponse']) {
      const browser = journey.browser();
      const { answer } = await leave(browser);
      giveOut(answer);
      const fields = byArtifact(answer);
      fields.append(more, answer.get('SAMLResponse') ?? '');
      await browser.post(path, fields);
      assert.deepEqual(await failedCheck(browser), ['message.binding']);
    }
  });

  test('SAML Core 3.5.3: an artifact is taken once, also in another sign-in', async () => {
    const { journey, path, leave, giveOut, failedCheck, asked } = await open();
    const browser = journey.browser();
    const { answer } = await leave(browser);
    giveOut(answer);
    const fields = byArtifact(answer);
    await browser.post(path, fields);
    await journey.completed(browser);

    const other = journey.browser();
    const { answer: fresh } = await leave(other);
    await other.post(path, byArtifact(fresh, fields.get('SAMLart') ?? ''));
    assert.deepEqual(await failedCheck(other), ['artifact.replayed']);
    assert.equal(asked.length, 1);
  });

  test('SOAP 1.1 4.4: a fault is said to be what the provider answered', async () => {
    const { journey, path, leave, failedCheck } = await open();
    const browser = journey.browser();
    const { answer } = await leave(browser);
    const fault = '<s:Fault><faultcode>s:Server</faultcode><faultstring>Out of order</faultstring></s:Fault>';
    const envelope = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${fault}</s:Body></s:Envelope>`;
    journey.upstreamFetch = async () => new Response(envelope, { status: 500 });
    await browser.post(path, byArtifact(answer));
    assert.deepEqual(await failedCheck(browser), ['soap.fault']);
  });

  const loopback = ['127.0.0.1'];
  const channels: [what: string, allowed: readonly string[], listener: RequestListener][] = [
    [
      'SSRF: a back channel that redirects',
      loopback,
      (_, response) => response.writeHead(302, { location: '/elsewhere' }).end(),
    ],
    ['SSRF: a back channel in a private network', [], (_, response) => response.end()],
    ['a back channel that never ends its answer', loopback, (_, response) => response.writeHead(200).write('<')],
    ['a back channel that floods', loopback, (_, response) => response.end('<'.repeat(100_000))],
    ['a back channel that has nothing', loopback, (_, response) => response.writeHead(404).end()],
  ];
  for (const [what, allowed, listener] of channels) {
    test(`${what} leads to nobody, and is said in the trace`, async () => {
      let calls = 0;
      const counted: RequestListener = (...call) => {
        calls += 1;
        listener(...call);
      };
      await serving(counted, async (address) => {
        const artifactResolution = [{ index: 0, location: address }];
        const { journey, path, leave, failedCheck } = await open({ artifactResolution });
        journey.upstreamFetch = outboundFetch(allowed, { longest: 500, largest: 50_000 });
        const browser = journey.browser();
        await browser.post(path, byArtifact((await leave(browser)).answer));
        assert.match(browser.page.text, /cannot be reached/);
        assert.deepEqual(await failedCheck(browser), ['artifact.unresolved']);
        assert.ok(calls <= allowed.length, 'once, and only where it may be called');
      });
    });
  }

  test('an answer that is too large to be a message is refused', async () => {
    const { journey, path, leave, failedCheck } = await open();
    const browser = journey.browser();
    const { answer } = await leave(browser);
    journey.upstreamFetch = async () => new Response(' '.repeat(300_000));
    await browser.post(path, byArtifact(answer));
    assert.deepEqual(await failedCheck(browser), ['xml.too_large']);
  });

  test('SAML Metadata 2.4.4: our metadata name the Artifact binding only where artifacts can be resolved', async () => {
    const consumers = async (trusted: Partial<SamlTrust>) => {
      const { journey, path } = await open(trusted);
      const { text } = await journey.browser().open(`${path}/metadata`);
      return [
        ...text.matchAll(/AssertionConsumerService Binding="[^"]*:([\w-]+)"[^>]*index="(\d)" isDefault="(\w+)"/g),
      ].map(([, ...found]) => found);
    };
    assert.deepEqual(await consumers({ artifactResolution: [] }), [['HTTP-POST', '0', 'true']]);
    assert.deepEqual(await consumers({}), [
      ['HTTP-POST', '0', 'true'],
      ['HTTP-Artifact', '1', 'false'],
    ]);
    assert.deepEqual(await consumers({ responseBinding: 'artifact' }), [
      ['HTTP-POST', '0', 'false'],
      ['HTTP-Artifact', '1', 'true'],
    ]);
  });
});
