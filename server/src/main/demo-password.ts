import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The password of the people in this hub's demo tenants; undefined where none was made on this machine. */
export function readDemoPassword(dataFolder: string): string | undefined {
  const file = fileIn(dataFolder);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

/** Makes a password that only this hub has, once, in a file for its owner only. */
export function makeDemoPassword(dataFolder: string): string {
  const known = readDemoPassword(dataFolder);
  if (known !== undefined) return known;
  const password = randomBytes(9).toString('base64url');
  writeFileSync(fileIn(dataFolder), `${password}\n`, { mode: 0o600 });
  return password;
}

function fileIn(dataFolder: string): string {
  return path.join(dataFolder, 'demo-password');
}
