import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { run, start, temporaryFolder } from './program.ts';

/** Longer than any machine needs, in milliseconds. */
const timeout = 120_000;

test('what changes in jogcloud is in accessportal, after the first start and later ones', { timeout }, async () => {
  const folder = path.join(temporaryFolder(), 'data');
  const settings = {
    COUNTERSIGN_DATA_FOLDER: folder,
    COUNTERSIGN_DEMO: 'true',
    COUNTERSIGN_ADMINISTRATOR_PASSWORD: 'correct horse battery staple',
  };
  for (const jobTitle of ['Chief', 'President']) {
    const server = await start(settings);
    setDefaultCACertificates([...getCACertificates('default'), readFileSync(path.join(folder, 'tls/ca.pem'), 'utf8')]);
    const origin = `https://localhost:${server.port}`;
    const ask = async (tenant: string, method: string, address: string, body?: object) => {
      const { out } = await run({ ...settings, COUNTERSIGN_PUBLIC_URL: origin }, 'token', '--tenant', tenant);
      const headers = { authorization: `Bearer ${out.trim()}`, 'content-type': 'application/json' };
      const sent = { method, headers, ...(body && { body: JSON.stringify(body) }) };
      const answer = await fetch(`${origin}/v1.0${address}`, sent);
      assert.ok(answer.ok, `${method} ${address}: ${answer.status}`);
      return answer.text();
    };
    await ask('jogcloud', 'PATCH', '/users/marge@jogcloud.com', { jobTitle });
    const arrived = async () => (await ask('accessportal', 'GET', '/users?$select=jobTitle')).includes(jobTitle);
    while (!(await arrived())) await pause(100);
    const { code, out, error } = await server.stop();
    assert.equal(code, 0);
    assert.doesNotMatch(out, /"level":"(?:warn|error|fatal)"/);
    assert.doesNotMatch(out + error, /cscim_/);
  }
});
