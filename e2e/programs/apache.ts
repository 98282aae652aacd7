// Apache (Debian package apache2-bin) with a folder of its own, in front of nothing but a static page.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../tools/free-port.ts';

export interface Apache {
  origin: string;
  /** What it has written into its log. */
  log(): string;
  stop(): Promise<void>;
}

/** A folder that Apache's own user can read, and the port on which it will listen. */
export interface ApachePlace {
  folder: string;
  origin: string;
  port: number;
}

const modules = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'headers'];

/** Looks for a free port and makes the folder, before applications are registered with addresses there. */
export async function findApachePlace(): Promise<ApachePlace> {
  const folder = mkdtempSync(path.join(tmpdir(), 'countersign-apache-'));
  chmodSync(folder, 0o755);
  for (const page of ['public', 'private', 'api']) {
    mkdirSync(path.join(folder, 'pages', page), { recursive: true });
    writeFileSync(path.join(folder, 'pages', page, 'page'), page);
  }
  const port = await freePort();
  return { folder, port, origin: `http://localhost:${port}` };
}

/** Copies a file to where Apache's own user can read it. */
export function giveFile({ folder }: ApachePlace, file: string): string {
  const copy = path.join(folder, path.basename(file));
  copyFileSync(file, copy);
  chmodSync(copy, 0o644);
  return copy;
}

/** Starts Apache with one more module and its directives, and waits until it answers. */
export async function startApache(place: ApachePlace, module: string, directives: string): Promise<Apache> {
  const { folder, origin, port } = place;
  const configuration = path.join(folder, 'apache.conf');
  const logFile = path.join(folder, 'log');
  const load = (name: string) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`;
  const lines = [
    `ServerRoot "${folder}"`,
    `PidFile "${folder}/pid"`,
    `ErrorLog "${logFile}"`,
    'LogLevel warn',
    `Listen 127.0.0.1:${port}`,
    `ServerName ${origin}`,
    'User www-data',
    'Group www-data',
    `DocumentRoot "${folder}/pages"`,
    ...[...modules, module].map(load),
    directives,
  ];
  writeFileSync(configuration, `${lines.join('\n')}\n`);
  const log = () => readFileSync(logFile, { encoding: 'utf8', flag: 'a+' });
  const server = spawn('/usr/sbin/apache2', ['-d', folder, '-f', configuration, '-DFOREGROUND'], { stdio: 'inherit' });
  const ended = new Promise((resolve) => server.once('error', resolve).once('close', resolve));
  const stop = async () => {
    if (server.exitCode === null) server.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 300; tries++) {
    if (await answers(`${origin}/public/page`)) return { origin, log, stop };
    if (hasEnded(server)) break;
    await pause(100);
  }
  const written = log();
  await stop();
  throw new Error(`Apache does not answer; it needs the packages apache2-bin and that of its module.\n${written}`);
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

function hasEnded({ pid, exitCode }: ChildProcess): boolean {
  return pid === undefined || exitCode !== null;
}
