import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { ServerProcess } from '../../jobs/index.ts';
import type { Settings } from '../../settings/index.ts';
import { sealingKeyFile } from '../../storage/index.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

export function examineDataFolder(folder: string): Finding[] {
  if (!existsSync(folder)) {
    return [problem(`There is no ${folder}: start the server once, or set COUNTERSIGN_DATA_FOLDER.`)];
  }
  const findings: Finding[] = [];
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    findings.push(
      problem(`${folder} cannot be written by this user: give the user that runs the server the right to.`),
    );
  }
  const modes = { [folder]: 700, [sealingKeyFile(folder)]: 600 };
  for (const [file, mode] of Object.entries(modes)) {
    if (process.platform === 'win32' || !existsSync(file) || (statSync(file).mode & 0o077) === 0) continue;
    findings.push(warning(`Others on this machine may look into ${file}: use chmod ${mode}.`));
  }
  return findings.length > 0 ? findings : [ok(folder)];
}

const megabyte = 1_048_576;

export async function examineDiskSpace(folder: string): Promise<Finding[]> {
  if (!existsSync(folder)) return [];
  const { bavail, bsize } = await statfs(folder);
  const free = Math.floor((bavail * bsize) / megabyte);
  const text = `${free.toLocaleString('en')} MB are free at ${folder}`;
  if (free < 200) return [problem(`${text}: writes will soon fail. Make room.`)];
  return [free < 2000 ? warning(`${text}: make room, or move the folder.`) : ok(text)];
}

/** No sane clock is before this. */
const programWritten = Date.UTC(2026, 0, 1);
/** Differences between clocks that tokens tolerate, in milliseconds. */
const tolerated = 60_000;

/**
 * @param databaseNow  by the clock of the database, which other machines use, too
 * @param lastEvent  time of the newest event of the audit log
 */
export function examineClock(now: Date, databaseNow: Date, lastEvent: Date | undefined): Finding[] {
  const setClock = 'Set it, and keep it right by NTP.';
  if (now.getTime() < programWritten) return [problem(`The clock says ${now.toISOString()}. ${setClock}`)];
  const difference = now.getTime() - databaseNow.getTime();
  if (Math.abs(difference) > tolerated) {
    const seconds = Math.round(difference / 1000);
    return [problem(`The clock differs by ${seconds} s from that of the database server. ${setClock}`)];
  }
  if (lastEvent && lastEvent.getTime() - now.getTime() > tolerated) {
    return [
      problem(
        `The clock says ${now.toISOString()}, before the last audit event of ${lastEvent.toISOString()}. ${setClock}`,
      ),
    ];
  }
  return [ok(now.toISOString())];
}

/** @param servers  those that run on this machine, of which one may be what listens */
export async function examinePort({ listenAddress, port }: Settings, servers: ServerProcess[]): Promise<Finding[]> {
  const place = `${listenAddress}:${port}`;
  const code = await tryToListen(listenAddress, port);
  if (code === undefined) {
    return [servers.length > 0 ? ok(`${place} is free; a server runs at another address.`) : ok(`${place} is free.`)];
  }
  if (code === 'EADDRINUSE' && servers.length > 0) return [ok(`${place} is taken, as is right while a server runs.`)];
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'is taken by another program: stop that, or set COUNTERSIGN_PORT',
    EACCES: 'needs a right to be listened on: run as a user that has it, or set COUNTERSIGN_PORT above 1023',
    EADDRNOTAVAIL: 'is no address of this machine: set COUNTERSIGN_LISTEN_ADDRESS',
  };
  return [problem(`${place} ${reasons[code] ?? `cannot be listened on (${code})`}.`)];
}

/** The code of the error; undefined when it can be listened on. */
function tryToListen(address: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    probe.listen(port, address, () => probe.close(() => resolve(undefined)));
  });
}
