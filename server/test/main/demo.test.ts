import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createClient } from '@countersign/management-api';
import { type HubConnection, planTenant } from '@countersign/management-api/tenant-file';
import { freePort } from '../../../tools/free-port.ts';
import { demoTenants, readDemoFile } from '../../src/main/seed-demo.ts';
import { run, type Started, start, temporaryFolder } from './program.ts';

/** Longer than any machine needs, in milliseconds. */
const timeout = 120_000;

const demo = () => ({
  COUNTERSIGN_DATA_FOLDER: path.join(temporaryFolder(), 'data'),
  COUNTERSIGN_DEMO: 'true',
  COUNTERSIGN_ADMINISTRATOR_PASSWORD: 'correct horse battery staple',
});

/** Connects to tenants of a hub that runs. */
function connecting(settings: ReturnType<typeof demo>, { port }: Started) {
  const authority = readFileSync(path.join(settings.COUNTERSIGN_DATA_FOLDER, 'tls/ca.pem'), 'utf8');
  setDefaultCACertificates([...getCACertificates('default'), authority]);
  const origin = `https://localhost:${port}`;
  const baseUrl = `${origin}/v1.0`;
  const clientOf = async (...parameters: string[]) => {
    const { out } = await run({ ...settings, COUNTERSIGN_PUBLIC_URL: origin }, 'token', ...parameters);
    return createClient({ baseUrl, token: out.trim() });
  };
  return async (tenant: string): Promise<HubConnection> => ({
    baseUrl,
    client: await clientOf('--tenant', tenant),
    hubClient: await clientOf(),
  });
}

test('what changes in jogcloud is in accessportal, after the first start and later ones', { timeout }, async () => {
  const settings = demo();
  for (const jobTitle of ['Chief', 'President']) {
    const server = await start(settings);
    const connect = connecting(settings, server);
    const { client: company } = await connect('jogcloud');
    const { client: portal } = await connect('accessportal');
    await company.updateUser({ id: 'marge@jogcloud.com', body: { jobTitle } });
    const arrived = async () => {
      const { value } = await portal.listUsers({ $select: 'jobTitle' });
      return value.some((user) => user.jobTitle === jobTitle);
    };
    while (!(await arrived())) await pause(100);
    const { code, out, error } = await server.stop();
    assert.equal(code, 0);
    assert.doesNotMatch(out, /"level":"(?:warn|error|fatal)"/);
    assert.doesNotMatch(out + error, /cscim_/);
  }
});

test('files of demo tenants say nothing that only a start knows, and can be applied to a hub that runs', {
  timeout,
}, async () => {
  const settings = { ...demo(), COUNTERSIGN_SAMPLES: 'true' };
  const ports = { COUNTERSIGN_SAMPLE_WEB_PORT: '0', COUNTERSIGN_SAMPLE_API_PORT: '0' };
  const claimsPort = String(await freePort());
  const server = await start({ ...settings, ...ports, COUNTERSIGN_SAMPLE_CLAIMS_PORT: claimsPort });
  const connect = connecting(settings, server);
  // The sample answers when the demo tenants trust each other.
  while (!(await fetch(`http://localhost:${claimsPort}`).catch(() => undefined))) await pause(100);
  // The file of myoc names the port of the sample that nobody chose another for.
  for (const name of demoTenants.filter((each) => each !== 'myoc')) {
    assert.deepEqual(await planTenant(await connect(name), readDemoFile(name), false), [], name);
  }
  const addressesOf = async (tenant: string) => {
    const { client } = await connect(tenant);
    const parties = (await client.listRelyingParties({})).value;
    return parties.flatMap(({ replyAddresses = [] }) => replyAddresses.map(({ location }) => location));
  };
  for (const tenant of ['mycompany', 'jogcloud']) {
    const [location] = (await addressesOf(tenant)).filter((address) => address.includes('/federation/'));
    assert.equal(new URL(location ?? '').port, String(server.port));
  }
  assert.equal((await server.stop()).code, 0);
});
