import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import path from 'node:path';
import type { Log } from '../http/index.ts';

const folder = path.resolve(import.meta.dirname, '../../../samples');

/** How long a sample may take to end before it is killed, in milliseconds. */
const endingTime = 3_000;

/** The sample applications run as programs of their own: what happens to them does not touch the hub. */
export class SamplePrograms {
  readonly #log: Log;
  readonly #authorityFile: string | undefined;
  readonly #running = new Set<ChildProcess>();
  #isStopping = false;

  /** @param authorityFile  certificate authority that the samples trust besides the well-known ones */
  constructor(log: Log, authorityFile: string | undefined) {
    this.#log = log;
    this.#authorityFile = authorityFile;
  }

  /** Starts `samples/<sample>/src/main.ts` with these variables and no settings of the hub. */
  start(sample: string, variables: Readonly<Record<string, string | undefined>>): void {
    if (this.#isStopping) return;
    const { PATH, NODE_COMPILE_CACHE } = process.env;
    const program = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', path.join(folder, sample, 'src/main.ts')],
      {
        env: { PATH, NODE_COMPILE_CACHE, NODE_EXTRA_CA_CERTS: this.#authorityFile, ...variables },
        // A sample ends when the channel is closed, also when the hub is killed.
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      },
    );
    this.#running.add(program);
    program.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#log.warn({ sample, text: text.trimEnd() }, 'a sample reports');
    });
    program.once('error', (error) => this.#log.error({ sample, error }, 'a sample did not start'));
    program.once('exit', (code, signal) => {
      this.#running.delete(program);
      if (!this.#isStopping && code !== 0) this.#log.error({ sample, code, signal }, 'a sample has ended');
    });
  }

  /** Ends them all, and resolves when they have ended. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all([...this.#running].map(ended));
  }
}

/** Waits for `exit`, since `close` does not come once the channel was closed from this side. */
async function ended(program: ChildProcess): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  program.once('exit', () => resolve());
  const impatience = setTimeout(() => program.kill('SIGKILL'), endingTime);
  if (program.connected) program.disconnect();
  await promise;
  clearTimeout(impatience);
}

/** A sample of the demo, before it is started. */
export interface Sample {
  name: string;
  /** What the start says about it. */
  report: string;
  /** Starts its programs. What goes wrong is logged. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The sample whose port another program has, in words for whoever starts the hub. */
export function notStarted(name: string, port: number, environmentName: string): Sample {
  const report = `not started: another program has port ${port}; ${environmentName} chooses another port`;
  return { name, report, start: async () => {}, stop: async () => {} };
}

/** The port if it is free on this machine, for 0 any that is; undefined when another program has it. */
export async function freePort(wanted: number): Promise<number | undefined> {
  const probe = createServer();
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  probe.once('error', () => resolve(undefined));
  probe.listen(wanted, '127.0.0.1', () => {
    const address = probe.address();
    probe.close(() => resolve(address !== null && typeof address === 'object' ? address.port : undefined));
  });
  return promise;
}
