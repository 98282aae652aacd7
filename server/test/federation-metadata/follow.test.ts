import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { buildMetadata, signSaml } from '@countersign/saml';
import { buildSecurityTokenService } from '@countersign/ws-federation';
import { parseXml, writeXml } from '@countersign/xml';
import { refreshDueMetadata } from '../../src/federation-metadata/index.ts';
import { xmlDigest } from '../../src/issuance/index.ts';
import { outboundFetch } from '../../src/outbound/index.ts';
import { isUsable } from '../../src/upstream-providers/index.ts';
import { makeCertificate } from '../applications/certificate.ts';
import { onEachDatabase } from '../databases.ts';
import { applicationCertificate, applicationSigner } from '../endpoints/saml/saml-hub.ts';
import { type Bearer, openGraphApi } from '../management/graph/graph-api.ts';
import { applicationMetadata, MetadataServer, providerMetadata } from './metadata-server.ts';

const [first, second] = await Promise.all(
  [1, 2].map(async () => (await makeCertificate({ notAfter: new Date('2040-01-01') })).der.toString('base64')),
);
const certificates = [first ?? ''];
const rolledOver = [first ?? '', second ?? ''];
const day = 86_400_000;

onEachDatabase(({ storage }) => {
  const api = openGraphApi(storage, randomUUID());
  const published = new MetadataServer();
  const fetch = outboundFetch(['127.0.0.1']);
  before(() => published.start());
  after(() => published.stop());

  /** Runs the job as at a later time. */
  const refresh = (later: number) => {
    const act = (tenantId: string) => ({
      tenantId,
      actor: { kind: 'system', id: null, name: 'Countersign' } as const,
      now: new Date(Date.now() + later),
      correlationId: randomUUID(),
      newId: randomUUID,
    });
    return refreshDueMetadata(storage, act, fetch, new AbortController().signal);
  };
  const trusted = async (more: object = {}) => {
    const { admin, tenantId } = await api.makeTenant();
    Object.assign(published, { text: providerMetadata({ certificates }), status: 200 });
    const metadataSource = { url: published.url, ...more };
    const body = { id: 'Partner', displayName: 'Our partner', identityProviderType: 'SAML', metadataSource };
    const made = await api.call(admin, 'POST /identity/identityProviders', body);
    assert.equal(made.status, 201, made.body.error?.message);
    return { admin, tenantId, made: made.body };
  };
  const shown = async (admin: Bearer) => (await api.call(admin, 'GET /identity/identityProviders/Partner')).body;
  const verbs = async (admin: Bearer) => {
    const { body } = await api.call(admin, 'GET /auditLogs/directoryAudits?$top=100');
    return body.value.map(
      ({ activityDisplayName }: { activityDisplayName: string }) => activityDisplayName,
    ) as string[];
  };

  test('SAML Metadata 2.4.1.1: keys that roll over at a provider are picked up from its address by themselves', async () => {
    const { admin, made } = await trusted();
    assert.deepEqual(
      [made.issuer, made.displayName, made.saml.signingCertificates, made.metadataSource.entityId],
      ['urn:partner', 'Our partner', certificates, 'urn:partner'],
    );
    assert.equal(made.certificatesEndAt, '2040-01-01T00:00:00.000Z');
    await api.call(admin, 'PATCH /identity/identityProviders/Partner', { createsUsers: true });
    published.text = providerMetadata({ certificates: rolledOver, place: 'https://partner.example/sso2' });
    await refresh(0);
    assert.deepEqual((await shown(admin)).saml.signingCertificates, certificates, 'it is not due yet');
    await refresh(day + 1000);
    const after = await shown(admin);
    assert.deepEqual(after.saml.signingCertificates, rolledOver);
    assert.equal(after.saml.singleSignOn.location, 'https://partner.example/sso2');
    assert.deepEqual(
      [after.displayName, after.createsUsers, after.metadataStatus.problem],
      ['Our partner', true, null],
    );
    const told = (await verbs(admin)).filter((verb) => verb === 'identityProvider.update').length;
    await refresh(3 * day);
    const again = (await verbs(admin)).filter((verb) => verb === 'identityProvider.update').length;
    assert.deepEqual([told, again], [2, 2], 'what says the same again changes nothing');
  });

  test('metadata that cannot be had or used keeps the trust as it was, and says so until it can', async () => {
    const { admin } = await trusted();
    const good = published.text;
    const expired = 'validUntil="2020-01-01T00:00:00Z"';
    let later = day;
    for (const [what, change] of [
      ['another entity', { text: providerMetadata({ certificates: rolledOver, entityId: 'urn:other' }) }],
      ['no key', { text: providerMetadata({}) }],
      ['a time that is over', { text: providerMetadata({ certificates: rolledOver, attributes: expired }) }],
      ['an address in the clear', { text: good.replaceAll('https:', 'http:') }],
      ['no metadata', { text: '<html/>' }],
      ['a document type', { text: `<!DOCTYPE a [<!ENTITY b "c">]>${good}` }],
      ['nothing', { status: 404 }],
      ['a redirect', { status: 302 }],
      ['too much', { text: `${good}${' '.repeat(2_000_000)}` }],
    ] as const) {
      Object.assign(published, { text: good, status: 200 }, change);
      later += day;
      const failed = await refresh(later);
      assert.equal(failed.length > 0, true, what);
      const { saml, metadataStatus, isEnabled } = await shown(admin);
      assert.deepEqual([saml.signingCertificates, isEnabled], [certificates, true], what);
      assert.ok(metadataStatus.problem.length > 20, what);
    }
    const refreshes = (await verbs(admin)).filter((verb) => verb === 'identityProvider.refresh_metadata');
    assert.equal(refreshes.length, 1, 'a failure that goes on is told of once');
    Object.assign(published, { text: good, status: 200 });
    const refreshed = await api.call(admin, 'POST /identity/identityProviders/Partner/refreshMetadata', {});
    assert.equal(refreshed.status, 200, refreshed.body.error?.message);
    assert.equal(refreshed.body.metadataStatus.problem, null);
  });

  test('SAML Metadata 2.3.2: a copy is kept as long as it says, and never past half of its validity', async () => {
    const { admin } = await trusted();
    const dueAfter = async (attributes: string) => {
      published.text = providerMetadata({ certificates, attributes });
      await api.call(admin, 'POST /identity/identityProviders/Partner/refreshMetadata', {});
      const { nextFetchAt, fetchedAt } = (await shown(admin)).metadataStatus;
      return (Date.parse(nextFetchAt) - Date.parse(fetchedAt)) / 1000;
    };
    assert.equal(await dueAfter(''), 86_400);
    assert.equal(await dueAfter('cacheDuration="PT6H"'), 21_600);
    assert.equal(await dueAfter('cacheDuration="PT1S"'), 300);
    assert.equal(await dueAfter('cacheDuration="P1Y"'), 604_800);
    const soon = new Date(Date.now() + 7_200_000).toISOString();
    assert.ok((await dueAfter(`validUntil="${soon}"`)) <= 3600);
  });

  test('SAML Metadata 4.3.1: metadata past its validity counts no more, until there is other', async () => {
    const { admin, tenantId } = await trusted();
    const validUntil = new Date(Date.now() + 2 * day);
    published.text = providerMetadata({ certificates, attributes: `validUntil="${validUntil.toISOString()}"` });
    await refresh(day + 1000);
    Object.assign(published, { status: 404 });
    await refresh(1.9 * day);
    const warned = await shown(admin);
    assert.deepEqual([warned.isMetadataExpired, warned.metadataStatus.problem === null], [false, false]);
    await refresh(2 * day - 600_000);
    const { nextFetchAt } = (await shown(admin)).metadataStatus;
    assert.equal(nextFetchAt, validUntil.toISOString(), 'the last try is when its time is over');
    await refresh(2 * day + 600_000);
    assert.equal((await shown(admin)).isMetadataExpired, true);
    const tenant = await storage.read.tenants.resolve(tenantId);
    const providers = await storage.read.upstreamProviders.list(tenant?.id ?? '');
    assert.deepEqual(providers.filter(isUsable), [], 'nobody comes from there');
    await refresh(2 * day + 3_600_000);
    const told = (await verbs(admin)).filter((verb) => verb === 'identityProvider.update').length;
    assert.equal(told, 1, 'it expires once');
    Object.assign(published, { text: providerMetadata({ certificates }), status: 200 });
    await refresh(3 * day);
    assert.equal((await shown(admin)).isMetadataExpired, false);
  });

  test('whoever follows expired metadata no more decides what counts', async () => {
    const { admin } = await trusted();
    const validUntil = new Date(Date.now() + 2 * day).toISOString();
    published.text = providerMetadata({ certificates, attributes: `validUntil="${validUntil}"` });
    await refresh(day + 1000);
    Object.assign(published, { status: 404 });
    await refresh(3 * day);
    assert.equal((await shown(admin)).isMetadataExpired, true);
    await api.call(admin, 'PATCH /identity/identityProviders/Partner', { metadataSource: null });
    assert.equal((await shown(admin)).isMetadataExpired, false);
  });

  test('SAML Metadata 4.3.1: expired metadata of an application holds it off until there is other', async () => {
    const { admin } = await api.makeTenant();
    const validUntil = new Date(Date.now() + 2 * day).toISOString();
    const text = applicationMetadata({ certificates, attributes: `validUntil="${validUntil}"` });
    Object.assign(published, { text, status: 200 });
    const body = { displayName: 'Portal', metadataSource: { url: published.url } };
    const { id } = (await api.call(admin, 'POST /relyingParties', body)).body;
    const isExpired = async () =>
      (await api.call(admin, `GET /servicePrincipals/${id}/relyingParty`)).body.isMetadataExpired;
    Object.assign(published, { status: 404 });
    await refresh(1.5 * day);
    assert.equal(await isExpired(), false);
    await refresh(3 * day);
    assert.equal(await isExpired(), true);
    Object.assign(published, { status: 200, text: applicationMetadata({ certificates }) });
    await refresh(4 * day);
    assert.equal(await isExpired(), false);
  });

  test('where a key is pinned, only metadata counts that it signed', async () => {
    const { admin } = await api.makeTenant();
    const signed = async (text: string) =>
      writeXml(await signSaml(parseXml(text), { signer: applicationSigner, digest: xmlDigest }));
    const create = (signingCertificate: string | undefined) =>
      api.call(admin, 'POST /identity/identityProviders', {
        id: 'Partner',
        displayName: 'Partner',
        identityProviderType: 'SAML',
        metadataSource: { url: published.url, signingCertificate },
      });
    Object.assign(published, { text: providerMetadata({ certificates }), status: 200 });
    assert.equal((await create(applicationCertificate)).status, 400, 'it has no signature');
    published.text = await signed(providerMetadata({ certificates }));
    assert.equal((await create(certificates[0])).status, 400, 'another key signed it');
    assert.equal((await create('AAAA')).status, 400, 'no certificate');
    const made = await create(applicationCertificate);
    assert.equal(made.status, 201, made.body.error?.message);
    published.text = (await signed(providerMetadata({ certificates }))).replace(
      'partner.example/sso',
      'evil.example/sso',
    );
    await refresh(2 * day);
    const { saml, metadataStatus } = await shown(admin);
    assert.equal(saml.singleSignOn.location, 'https://partner.example/sso');
    assert.match(metadataStatus.problem, /was changed/);
  });

  test('WS-Federation 1.2 3.1: signed federation metadata is followed, whose types lose their prefix by canonicalization', async () => {
    const { admin } = await api.makeTenant();
    const trustAddress = 'https://adfs.partner.example/adfs/services/trust';
    const role = buildSecurityTokenService({
      displayName: 'AD FS of a partner',
      signingCertificates: certificates,
      tokenTypes: [],
      claimTypes: [],
      tokenEndpoints: [{ address: `${trustAddress}/13/usernamemixed`, metadataAddress: `${trustAddress}/mex` }],
      passiveEndpoints: ['https://adfs.partner.example/adfs/ls/'],
    });
    const entity = { entityId: 'http://adfs.partner.example/adfs/services/trust', contacts: [] };
    const unsigned = writeXml(buildMetadata(entity, { id: '_m', otherRoles: [role] }));
    const protection = { signer: applicationSigner, digest: xmlDigest };
    const text = writeXml(await signSaml(parseXml(unsigned), protection));
    Object.assign(published, { text, status: 200 });
    const { status, body } = await api.call(admin, 'POST /identity/identityProviders', {
      id: 'Partner',
      identityProviderType: 'WSFederation',
      metadataSource: { url: published.url, signingCertificate: applicationCertificate },
    });
    assert.equal(status, 201, body.error?.message);
    assert.deepEqual(
      [body.issuer, body.displayName, body.wsFederation.signingCertificates, body.metadataExchangeAddress],
      [entity.entityId, 'AD FS of a partner', certificates, `${trustAddress}/mex`],
    );
  });

  test('an application is registered by the address of its metadata in one step, and followed', async () => {
    const { admin } = await api.makeTenant();
    Object.assign(published, { text: applicationMetadata({ certificates }), status: 200 });
    const body = { displayName: 'Portal', metadataSource: { url: published.url } };
    const made = await api.call(admin, 'POST /relyingParties', body);
    assert.equal(made.status, 201, made.body.error?.message);
    assert.deepEqual(
      [made.body.identifier, made.body.metadataSource.url, made.body.nameIdFormat.split(':').at(-1)],
      ['urn:portal', published.url, 'persistent'],
    );
    const path = `/servicePrincipals/${made.body.id}/relyingParty`;
    const decided = { mustSignRequests: true, nameIdFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress' };
    const saved = await api.call(admin, `PUT ${path}`, { protocol: 'saml', identifier: 'urn:portal', ...decided });
    assert.equal(saved.status, 200, saved.body.error?.message);
    published.text = applicationMetadata({ certificates: rolledOver, place: 'https://portal.example/acs2' });
    await refresh(2 * day);
    const { body: after } = await api.call(admin, `GET ${path}`);
    assert.deepEqual(
      [after.signingCertificates, after.replyAddresses[0].location, after.mustSignRequests, after.nameIdFormat],
      [rolledOver, 'https://portal.example/acs2', true, decided.nameIdFormat],
    );
    const listed = await api.call(admin, 'GET /relyingParties?$select=metadataSource');
    assert.equal(listed.body.value[0].metadataSource.url, published.url);
    assert.equal((await api.call(admin, `POST ${path}/refreshMetadata`, {})).status, 200);
    const stopped = await api.call(admin, `PUT ${path}`, {
      protocol: 'saml',
      identifier: 'urn:portal',
      metadataSource: null,
    });
    assert.equal(stopped.body.metadataSource, null);
    assert.equal((await api.call(admin, `POST ${path}/refreshMetadata`, {})).status, 404);
  });

  test('a source that is followed already is not fetched by a change that names it again; null ends it', async () => {
    const { admin } = await trusted();
    const { calls } = published;
    const change = { metadataSource: { url: published.url }, isListed: false };
    assert.equal((await api.call(admin, 'PATCH /identity/identityProviders/Partner', change)).status, 204);
    assert.equal(published.calls, calls);
    await api.call(admin, 'PATCH /identity/identityProviders/Partner', { metadataSource: null });
    const { metadataSource, metadataStatus, issuer } = await shown(admin);
    assert.deepEqual([metadataSource, metadataStatus, issuer], [null, null, 'urn:partner']);
  });

  test('with the provider the following ends, and one of its name begins anew', async () => {
    const { admin, tenantId } = await trusted();
    assert.equal((await api.call(admin, 'DELETE /identity/identityProviders/Partner')).status, 204);
    assert.deepEqual(await storage.read.followedMetadata.list(tenantId, 'identityProvider'), []);
  });

  for (const [what, source] of [
    ['a private network', { url: 'https://169.254.169.254/latest/meta-data' }],
    ['no TLS', { url: 'http://partner.example/metadata' }],
    ['a password', { url: 'https://user:word@partner.example/' }],
    ['another scheme', { url: 'file:///etc/passwd' }],
  ] as const) {
    test(`an address with ${what} is refused`, async () => {
      const { admin } = await api.makeTenant();
      const body = { identityProviderType: 'SAML', displayName: 'Partner', metadataSource: source };
      assert.equal((await api.call(admin, 'POST /identity/identityProviders', body)).status, 400);
    });
  }
});
