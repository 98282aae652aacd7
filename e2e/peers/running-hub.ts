// A hub that runs as its own process, with a data folder of its own, as a customer runs it.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';

const program = path.resolve(import.meta.dirname, '../../server/src/main.ts');

export interface RunningHub {
  /** Such as `https://localhost:12345`. */
  origin: string;
  /** An access token of the first administrator. */
  token: string;
  /** File with the certificate authority that clients have to trust. */
  authorityFile: string;
  /** Runs a command of the server's program, and resolves with what it prints. */
  run(...parameters: string[]): Promise<string>;
  /** Ends the process at once, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again on the same data, at the same address. */
  startAgain(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a hub with an empty SQLite database, and makes this process trust its certificate authority.
 *
 * @param publicUrl  where clients believe to reach it; by default where it listens
 * @param given  further variables of its environment
 */
export async function startHub(publicUrl?: string, given: Record<string, string> = {}): Promise<RunningHub> {
  const folder = mkdtempSync(path.join(tmpdir(), 'countersign-e2e-'));
  const environment: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    COUNTERSIGN_DATA_FOLDER: path.join(folder, 'data'),
    COUNTERSIGN_PORT: '0',
    COUNTERSIGN_DEMO: 'false',
    COUNTERSIGN_ALLOWED_PRIVATE_NETWORKS: '127.0.0.0/8,::1',
    COUNTERSIGN_ADMINISTRATOR_PASSWORD: 'correct horse battery',
    ...given,
  };
  if (publicUrl) environment['COUNTERSIGN_PUBLIC_URL'] = publicUrl;
  let server = launch([], environment);
  const end = async (signal: NodeJS.Signals) => {
    const ended = new Promise((resolve) => server.once('close', resolve));
    if (server.exitCode === null && server.signalCode === null && server.kill(signal)) await ended;
  };
  const stop = async () => {
    await end('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const port = await listeningPort(server);
    const origin = `https://localhost:${port}`;
    const authorityFile = path.join(folder, 'data/tls/ca.pem');
    setDefaultCACertificates([...getCACertificates('default'), readFileSync(authorityFile, 'utf8')]);
    const run = async (...parameters: string[]) =>
      (await outputOf(launch(parameters, { COUNTERSIGN_PUBLIC_URL: origin, ...environment }))).trim();
    const startAgain = async () => {
      server = launch([], { ...environment, COUNTERSIGN_PORT: String(port) });
      await listeningPort(server);
    };
    return { origin, token: await run('token'), authorityFile, run, kill: () => end('SIGKILL'), startAgain, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function launch(parameters: string[], env: Record<string, string>): ChildProcess {
  const start = ['--disable-warning=ExperimentalWarning', program, ...parameters];
  return spawn(process.execPath, start, { env, stdio: ['ignore', 'pipe', 'inherit'] });
}

/** The port in the log line that says that the server listens. */
function listeningPort(server: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let log = '';
    server.stdout?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      const [, port] = /"port":(\d+),"msg":"listening"/.exec(log) ?? [];
      if (port) resolve(Number(port));
    });
    server.once('close', (code) => reject(new Error(`The server ended with ${code} before it listened.\n${log}`)));
  });
}

async function outputOf(command: ChildProcess): Promise<string> {
  let output = '';
  command.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const code = await new Promise((resolve) => command.once('close', resolve));
  if (code !== 0) throw new Error(`The command ended with ${code}.`);
  return output;
}
