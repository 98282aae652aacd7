import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { startPostgres } from '../../tools/postgres.ts';

export type EngineName = 'sqlite' | 'postgres';

const root = path.resolve(import.meta.dirname, '../..');
const program = path.join(root, 'server/src/main.ts');

/** Where a hub runs. */
interface Placement {
  /** Core to which its process is bound, when `taskset` is there. */
  cpu?: string | undefined;
  /** Folder into which it writes a CPU profile when it ends. */
  profiles?: string | undefined;
}

/** Ticks of a second in which Linux tells times of processes. */
const ticksPerSecond = 100;

/** A hub in a process of its own, on an empty database of one engine, without demo data and rate limits. */
export class Hub {
  readonly engine: EngineName;
  readonly baseUrl: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #folder: string;
  readonly #stopPostgres: () => Promise<void>;
  readonly #cpu: string | undefined;
  readonly #profiles: string | undefined;
  #process: ChildProcess | undefined;

  private constructor(
    engine: EngineName,
    port: number,
    folder: string,
    environment: NodeJS.ProcessEnv,
    stop: () => Promise<void>,
    { cpu, profiles }: Placement,
  ) {
    this.engine = engine;
    this.baseUrl = `https://localhost:${port}`;
    this.#folder = folder;
    this.#environment = environment;
    this.#stopPostgres = stop;
    this.#cpu = cpu;
    this.#profiles = profiles;
  }

  /** @param settings  that differ, by their environment names */
  static async create(engine: EngineName, placement: Placement = {}, settings: NodeJS.ProcessEnv = {}): Promise<Hub> {
    const folder = mkdtempSync(path.join(tmpdir(), 'countersign-benchmark-'));
    const port = await freePort();
    const postgres = engine === 'postgres' ? await startPostgres() : undefined;
    const environment = {
      ...process.env,
      COUNTERSIGN_DATA_FOLDER: path.join(folder, 'data'),
      COUNTERSIGN_PORT: String(port),
      COUNTERSIGN_DEMO: 'false',
      COUNTERSIGN_LOG_LEVEL: 'error',
      COUNTERSIGN_ALLOWED_PRIVATE_NETWORKS: '127.0.0.0/8',
      COUNTERSIGN_REQUESTS_PER_MINUTE_PER_ADDRESS: '0',
      COUNTERSIGN_REQUESTS_PER_MINUTE_PER_TENANT: '0',
      COUNTERSIGN_ADMINISTRATOR_PASSWORD: 'correct horse battery staple',
      ...(postgres && {
        COUNTERSIGN_DATABASE_URL: postgres.url,
        COUNTERSIGN_SEALING_KEY: Buffer.alloc(32, 7).toString('base64url'),
      }),
      ...settings,
    };
    return new Hub(engine, port, folder, environment, async () => postgres?.stop(), placement);
  }

  /** Starts the process. Resolves to the milliseconds until it answered its first request. */
  async start(): Promise<number> {
    const startedAt = performance.now();
    const profiling = this.#profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${this.#profiles}`];
    // The flags of tools/run.mjs.
    const command = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=64', ...profiling, program];
    const bound = this.#cpu === undefined ? undefined : ['-c', this.#cpu, process.execPath, ...command];
    const child = bound
      ? spawn('taskset', bound, { env: this.#environment, stdio: ['ignore', 'ignore', 'inherit'] })
      : spawn(process.execPath, command, { env: this.#environment, stdio: ['ignore', 'ignore', 'inherit'] });
    this.#process = child;
    while (!(await this.#isReady())) {
      if (child.exitCode !== null) throw new Error(`The hub ended with ${child.exitCode}.`);
      if (performance.now() - startedAt > 60_000) throw new Error('The hub did not start within a minute.');
      await sleep(2);
    }
    return performance.now() - startedAt;
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null) return;
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
  }

  /** Stops everything and removes all data. */
  async remove(): Promise<void> {
    await this.stop();
    await this.#stopPostgres();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Output of a command of the server program, such as `token`. */
  run(...parameters: string[]): string {
    return execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...parameters], {
      env: this.#environment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  }

  /** Makes `fetch` of this process believe the hub's certificate. */
  trustAuthority(): void {
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), this.authority]);
  }

  /** Certificate of the hub's own authority. */
  get authority(): string {
    return readFileSync(path.join(this.#folder, 'data/tls/ca.pem'), 'utf8');
  }

  /** File with the hub's own certificate and its key, for peers that speak TLS as it does. */
  get certificateFile(): string {
    return path.join(this.#folder, 'data/tls/own.pem');
  }

  /** Where its data are: the address of PostgreSQL, or the file of SQLite. */
  get database(): { url: string } | { file: string } {
    const url = this.#environment['COUNTERSIGN_DATABASE_URL'];
    return url === undefined ? { file: path.join(this.#folder, 'data/countersign.db') } : { url };
  }

  /** Resident memory of the hub's process, in bytes. */
  residentBytes(): number {
    const status = readFileSync(`/proc/${this.#process?.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
  }

  /** Processor time that the hub's process has used so far, with all of its threads. */
  usedMilliseconds(): number {
    const [, fields = ''] = readFileSync(`/proc/${this.#process?.pid}/stat`, 'utf8').split(') ');
    const [user, system] = fields.split(' ').slice(11, 13).map(Number);
    return (((user ?? 0) + (system ?? 0)) * 1000) / ticksPerSecond;
  }

  #isReady(): Promise<boolean> {
    return new Promise((resolve) => {
      const asked = request(`${this.baseUrl}/readyz`, { rejectUnauthorized: false, agent: new Agent() }, (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      });
      asked.on('error', () => resolve(false));
      asked.end();
    });
  }
}

/** A port of this machine that nobody uses now. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No free port was found.');
  return address.port;
}
