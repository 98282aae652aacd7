// The credentials of @azure/identity, unmodified, against a running hub: only the host name differs.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ClientCertificateCredential, ClientSecretCredential } from '@azure/identity';
import { makeCertificate } from './certificate.ts';
import { Organization, type Registered } from './organization.ts';
import { type RunningHub, startHub } from './running-hub.ts';

const graph = 'https://graph.microsoft.com/.default';

let hub: RunningHub;
let organization: Organization;
let client: Registered;
let folder: string;

before(async () => {
  hub = await startHub();
  organization = await Organization.of(hub);
  client = await organization.register({});
  folder = mkdtempSync(path.join(tmpdir(), 'countersign-identity-'));
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await hub.stop();
});

const options = () => ({ authorityHost: hub.origin, disableInstanceDiscovery: true });

/** Whether the management API takes the token, of an application that has no permission there. */
async function assertTaken(token: string): Promise<void> {
  const { status } = await fetch(`${hub.origin}/v1.0/users`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(status, 403);
}

test('ClientSecretCredential gets a token, from its cache the second time', async () => {
  const { tenantId } = organization;
  const credential = new ClientSecretCredential(tenantId, client.appId, client.secret, options());
  const { token, expiresOnTimestamp } = await credential.getToken(graph);
  await assertTaken(token);
  assert.ok(expiresOnTimestamp > Date.now());
  assert.equal((await credential.getToken(graph)).token, token);
});

test('ClientSecretCredential tells the number of the error', async () => {
  const credential = new ClientSecretCredential(organization.tenantId, client.appId, 'wrong', options());
  await assert.rejects(credential.getToken(graph), /AADSTS7000215/);
});

test('ClientCertificateCredential gets a token with a certificate, and with its chain', async () => {
  const { registered, certificatePem, privateKeyPem } = await makeCertificate();
  const credential = { type: 'AsymmetricX509Cert', usage: 'Verify', key: registered };
  await organization.graph('PATCH', `/applications/${client.objectId}`, { keyCredentials: [credential] });
  const file = path.join(folder, 'client.pem');
  writeFileSync(file, privateKeyPem + certificatePem);
  for (const sendCertificateChain of [false, true]) {
    const byCertificate = new ClientCertificateCredential(
      organization.tenantId,
      client.appId,
      { certificatePath: file },
      { ...options(), sendCertificateChain },
    );
    await assertTaken((await byCertificate.getToken(graph)).token);
  }
});
