// The credentials of @azure/identity, unmodified, against a running hub: only the host name differs.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import {
  ClientCertificateCredential,
  ClientSecretCredential,
  UsernamePasswordCredential,
  WorkloadIdentityCredential,
} from '@azure/identity';
import { makeCertificate } from './certificate.ts';
import { type Cluster, startCluster } from './cluster.ts';
import { Organization, password, type Registered } from './organization.ts';
import { type RunningHub, startHub } from './running-hub.ts';

const graph = 'https://graph.microsoft.com/.default';

let hub: RunningHub;
let organization: Organization;
let client: Registered;
let folder: string;
let cluster: Cluster;

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'countersign-identity-'));
  cluster = await startCluster();
  const authority = path.join(folder, 'cluster.pem');
  writeFileSync(authority, cluster.certificate);
  hub = await startHub(undefined, {
    NODE_EXTRA_CA_CERTS: authority,
    COUNTERSIGN_ALLOWED_PRIVATE_NETWORKS: '127.0.0.0/8,::1',
  });
  organization = await Organization.of(hub);
  client = await organization.register({});
});
after(async () => {
  cluster.stop();
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

test('WorkloadIdentityCredential exchanges the token of a workload, whose issuer the application trusts', async () => {
  const subject = 'system:serviceaccount:shop:orders';
  const audience = 'api://AzureADTokenExchange';
  await organization.graph('POST', `/applications/${client.objectId}/federatedIdentityCredentials`, {
    name: 'orders',
    issuer: cluster.issuer,
    subject,
    audiences: [audience],
  });
  const file = path.join(folder, 'token');
  const credentialFor = async (name: string) => {
    writeFileSync(file, await cluster.token(name, audience));
    const { tenantId } = organization;
    return new WorkloadIdentityCredential({ tenantId, clientId: client.appId, tokenFilePath: file, ...options() });
  };
  await assertTaken((await (await credentialFor(subject)).getToken(graph)).token);
  const stranger = await credentialFor('system:serviceaccount:shop:other');
  await assert.rejects(stranger.getToken(graph), /AADSTS7000215/);
});

test('UsernamePasswordCredential signs in as the Azure CLI, which every tenant has', async () => {
  const name = await organization.person('Homer Simpson');
  const azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
  const credential = new UsernamePasswordCredential(organization.tenantId, azureCli, name, password, options());
  const { token } = await credential.getToken(graph);
  const { status } = await fetch(`${hub.origin}/v1.0/me`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(status, 200);
});
