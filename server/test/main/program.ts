// Starts the real program, as `npm start` does.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';

const program = path.resolve(import.meta.dirname, '../../src/main.ts');

export interface Ended {
  code: number | null;
  out: string;
  error: string;
}

export interface Started {
  child: ChildProcess;
  /** Where it listens, for a client on this machine. */
  port: number;
  /** What it has shown to a person so far. */
  shown(): string;
  ended: Promise<Ended>;
  /** Asks it to stop, and resolves when it has. */
  stop(): Promise<Ended>;
}

/** A folder that is removed after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'countersign-main-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs the program to its end, with no settings but these, and no demo tenants. */
export function run(settings: Record<string, string>, ...parameters: string[]): Promise<Ended> {
  return launch(settings, parameters).ended;
}

/** Starts the server on a free port, with no other settings but these and no demo tenants. Resolves when it listens. */
export async function start(settings: Record<string, string>): Promise<Started> {
  const { child, texts, ended } = launch({ COUNTERSIGN_PORT: '0', ...settings }, []);
  after(() => child.kill('SIGKILL'));
  const listening = new Promise<number>((resolve) => {
    child.stdout?.on('data', () => {
      const port = /"port":(\d+),"msg":"listening"/.exec(texts.out)?.[1];
      if (port) resolve(Number(port));
    });
  });
  const port = await Promise.race([
    listening,
    ended.then(({ error }) => {
      throw new Error(`The server did not start: ${error}`);
    }),
  ]);
  return {
    child,
    port,
    shown: () => texts.error,
    ended,
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

function launch(settings: Record<string, string>, parameters: string[]) {
  const { PATH = '', NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...parameters], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH,
      ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }),
      COUNTERSIGN_DEMO: 'false',
      COUNTERSIGN_SAMPLES: 'false',
      ...settings,
    },
  });
  const texts = { out: '', error: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    texts.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    texts.error += text;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ code, ...texts }));
  });
  return { child, texts, ended };
}
