// pysaml2 (Debian packages python3-pysaml2 and xmlsec1), unmodified, as an application.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../tools/free-port.ts';
import { makeCertificate } from '../peers/certificate.ts';
import { type ServiceProvider, testServiceProvider } from '../peers/service-provider.ts';
import { untilAnswered } from '../peers/until-answered.ts';

const script = path.join(import.meta.dirname, 'pysaml2-application.py');

async function start(metadata: string): Promise<ServiceProvider> {
  const folder = mkdtempSync(path.join(tmpdir(), 'countersign-pysaml2-'));
  const origin = `http://127.0.0.1:${await freePort()}`;
  const { certificatePem, privateKeyPem } = await makeCertificate();
  const files = { 'hub.xml': metadata, 'certificate.pem': certificatePem, 'key.pem': privateKeyPem };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  // The package is that of the system's own Python.
  const program = spawn('/usr/bin/python3', [script], {
    env: { PATH: process.env['PATH'], PYTHONWARNINGS: 'ignore' },
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  program.stdin.end(`${JSON.stringify({ origin, folder })}\n`);
  await untilAnswered(`${origin}/metadata`, program);
  return {
    metadata: await (await fetch(`${origin}/metadata`)).text(),
    home: `${origin}/`,
    asksFor: 'persistent',
    passive: `${origin}/passive`,
    signOut: `${origin}/sign-out`,
    async stop() {
      if (program.kill()) await once(program, 'close');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

testServiceProvider('pysaml2', start);
