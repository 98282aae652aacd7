import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { warnOfCertificates } from '../../src/federation-metadata/warn-of-certificates.ts';
import { makeCertificate } from '../applications/certificate.ts';
import { onEachDatabase } from '../databases.ts';
import { openGraphApi } from '../management/graph/graph-api.ts';
import { applicationMetadata, providerMetadata } from './metadata-server.ts';

const end = new Date('2027-06-01T00:00:00.000Z');
const [ending, lasting] = await Promise.all(
  [end, new Date('2040-01-01')].map(async (notAfter) => (await makeCertificate({ notAfter })).der.toString('base64')),
);
const day = 86_400_000;

onEachDatabase(({ storage }) => {
  const api = openGraphApi(storage, randomUUID());

  /** What is warned of so many days before the end, in the tenant. */
  const warned = async (tenantId: string, daysBefore: number) => {
    const act = (inTenant: string) => ({
      tenantId: inTenant,
      actor: { kind: 'system', id: null, name: 'Countersign' } as const,
      now: new Date(end.getTime() - daysBefore * day),
      correlationId: randomUUID(),
      newId: randomUUID,
    });
    const found = await warnOfCertificates(storage, act, new AbortController().signal);
    const own = found.filter((each) => each.tenantId === tenantId);
    return own.map(({ warning }) => `${warning.party.kind} ${warning.party.name}: ${warning.days}`);
  };

  test('certificates that end are warned of weeks before, each time once, until there are newer ones', async () => {
    const { admin, tenantId } = await api.makeTenant();
    const create = (body: object) => api.call(admin, 'POST /identity/identityProviders', body);
    const metadata = providerMetadata({ certificates: [ending ?? ''] });
    await create({ id: 'Partner', displayName: 'Partner', identityProviderType: 'SAML', metadata });
    const application = applicationMetadata({ certificates: [ending ?? ''] });
    const made = await api.call(admin, 'POST /relyingParties', { metadata: application });
    assert.equal(made.body.certificatesEndAt, end.toISOString());

    assert.deepEqual(await warned(tenantId, 31), []);
    assert.deepEqual(await warned(tenantId, 29), ['identityProvider Partner: 30', 'relyingParty urn:portal: 30']);
    assert.deepEqual(await warned(tenantId, 28), []);
    const newer = providerMetadata({ certificates: [ending ?? '', lasting ?? ''] });
    await api.call(admin, 'PATCH /identity/identityProviders/Partner', { metadata: newer });
    assert.deepEqual(await warned(tenantId, 13), ['relyingParty urn:portal: 14']);
    assert.deepEqual((await storage.read.certificateWarnings.list(tenantId)).length, 1);
    assert.deepEqual(await warned(tenantId, -1), ['relyingParty urn:portal: 0']);
    assert.deepEqual(await warned(tenantId, -2), []);

    const { body } = await api.call(admin, 'GET /auditLogs/directoryAudits?$top=100');
    const verbs = body.value.map(({ activityDisplayName }: { activityDisplayName: string }) => activityDisplayName);
    assert.equal(verbs.filter((verb: string) => verb.endsWith('.certificates_end')).length, 4);
  });
});
