// A hub with demo tenants in a process of its own, and the command line that talks to it.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../tools/free-port.ts';

export const root = path.resolve(import.meta.dirname, '../..');
const flags = ['--disable-warning=ExperimentalWarning'];
/** Makes a program believe that a person sees what it writes. */
const terminal = ['--import', 'data:text/javascript,process.stdout.isTTY = process.stderr.isTTY = true'];

interface Ran {
  code: number;
  out: string;
  error: string;
}

export interface DemoHub {
  /** For files of the test; the hub's data are in its folder `data`. */
  folder: string;
  /** What the hub and the command line have of settings. */
  environment: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

export async function startDemoHub(): Promise<DemoHub> {
  const folder = mkdtempSync(path.join(tmpdir(), 'countersign-cli-'));
  const port = await freePort();
  const environment = {
    ...process.env,
    COUNTERSIGN_DATA_FOLDER: path.join(folder, 'data'),
    COUNTERSIGN_PORT: String(port),
    COUNTERSIGN_LOG_LEVEL: 'error',
    // They change the demo tenants once they run.
    COUNTERSIGN_SAMPLES: 'false',
    COUNTERSIGN_ADMINISTRATOR_PASSWORD: 'a long enough password',
    COUNTERSIGN_CLI_URL: `https://localhost:${port}`,
  };
  const hub = spawn(process.execPath, [...flags, path.join(root, 'server/src/main.ts')], {
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    hub.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('Ctrl-C')) resolve();
    });
    hub.once('exit', (code) => reject(new Error(`The hub ended with ${code}: ${said}`)));
  });
  return {
    folder,
    environment,
    async stop() {
      hub.kill('SIGTERM');
      await new Promise((resolve) => hub.once('exit', resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs the command line as a person without a terminal does. */
export function countersignIn(env: NodeJS.ProcessEnv, ...parameters: string[]): Promise<Ran> {
  return run(env, [], parameters);
}

/** Runs it as a person at a terminal does, and tells what it wrote in the end, if it went well. */
export async function onTerminal(env: NodeJS.ProcessEnv, ...parameters: string[]): Promise<Ran> {
  const ran = await run(env, terminal, parameters);
  assert.equal(ran.code, 0, ran.error);
  return ran;
}

async function run(env: NodeJS.ProcessEnv, preloaded: readonly string[], parameters: readonly string[]): Promise<Ran> {
  const line = [...flags, ...preloaded, path.join(root, 'cli/src/main.ts'), ...parameters];
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, line, { env });
    return { code: 0, out: stdout, error: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, error: stderr };
  }
}
