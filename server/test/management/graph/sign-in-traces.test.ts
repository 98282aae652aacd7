import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { SignInTrace } from '../../../src/sign-in/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { openGraphApi } from './graph-api.ts';

onEachDatabase(({ storage }) => {
  const api = openGraphApi(storage, randomUUID());

  test('a trace is read with its own permission only, and who reads it is remembered', async () => {
    const { tenantId, admin } = await api.makeTenant();
    const trace: SignInTrace = {
      id: randomUUID(),
      at: new Date(0),
      protocol: 'saml',
      signInId: randomUUID(),
      applicationId: 'sp',
      request: '<request/>',
      trust: { identifier: 'urn:app' },
      checks: [{ check: 'message.time', spec: 'SAML Core 3.2.1', hasPassed: false, detail: 'It is 900 s old.' }],
      authorization: null,
      issuance: null,
      token: null,
    };
    await storage.write(({ signInTraces }) => signInTraces.save(tenantId, trace));
    const path = `GET /auditLogs/signInTraces/${trace.signInId}`;
    assert.equal((await api.call({ ...admin, may: ['AuditLog.Read.All', 'Directory.Read.All'] }, path)).status, 403);
    const { status, body } = await api.call({ ...admin, may: ['SignInTrace.Read.All'] }, path);
    assert.equal(status, 200);
    const { at, applicationId, ...rest } = trace;
    const { '@odata.context': _, ...shown } = body;
    assert.deepEqual(shown, { ...rest, createdDateTime: at.toISOString(), servicePrincipalId: applicationId });
    const events = await storage.read.audit.list(tenantId, {}, 100);
    assert.deepEqual(
      events.filter(({ verb }) => verb === 'signInTrace.read').map(({ object }) => object.id),
      [trace.id],
    );
    assert.equal((await api.call(admin, `GET /auditLogs/signInTraces/${randomUUID()}`)).status, 404);
  });
});
