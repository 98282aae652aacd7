// Runs a file of this repository on the Node that the repository brings along, whatever Node the machine has.
// Usage: node tools/run.mjs <file> [arguments]
// Plain JavaScript for Node 20: it installs what is missing first, so `npm start` and `npm test` work on a fresh clone.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const modules = path.join(root, 'node_modules');
const cache = path.join(root, '.cache');
/** Says from which lock file the packages come. */
const stamp = path.join(modules, '.installed-from');

installWhatIsMissing();
const node = findNode();
const [file, ...rest] = process.argv.slice(2);
// Requests that are under way at once fill V8's 16 MB for young objects, which it then copies: a fifth of the time.
const flags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=64'];
const child = spawn(node, [...flags, path.resolve(root, file), ...rest], {
  stdio: 'inherit',
  env: {
    ...process.env,
    PATH: [path.dirname(node), path.join(modules, '.bin'), process.env.PATH].join(path.delimiter),
    // Keeps the files without their types: starts take a third of the time, and the stripper's 18 MB are not loaded.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? path.join(cache, 'compiled'),
  },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 1)));

/** Installs the locked packages when there are none yet, or when the lock file is not the one they came from. */
function installWhatIsMissing() {
  if (isInstalled()) return;
  const turn = takeTurn();
  const isDone = isInstalled() || install();
  rmSync(turn, { force: true });
  if (isDone) return;
  process.stderr.write('The packages could not be installed: see the lines above, then run the same command again.\n');
  process.exit(1);
}

function isInstalled() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lockDigest();
}

function install() {
  process.stderr.write('Installing the locked packages (npm ci) ...\n');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) return false;
  writeFileSync(stamp, lockDigest());
  return true;
}

function lockDigest() {
  return createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
}

/** Waits until no other command installs packages: two at once would take files from under each other. */
function takeTurn() {
  mkdirSync(cache, { recursive: true });
  const turn = path.join(cache, 'installing');
  for (let said = false; ; said = true) {
    try {
      writeFileSync(turn, String(process.pid), { flag: 'wx' });
      return turn;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!isAlive(turn)) rmSync(turn, { force: true });
    else if (!said) process.stderr.write('Waiting for another command that installs the packages ...\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
}

/** Whether the process that wrote the file still runs. */
function isAlive(turn) {
  try {
    process.kill(Number(readFileSync(turn, 'utf8')), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The Node 24 binary among the optional dependencies, or this one when it is new enough. */
function findNode() {
  const name = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const binary = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  for (const folder of [`node-${name}`, `node-bin-${name}`]) {
    const candidate = path.join(modules, folder, binary);
    if (existsSync(candidate)) return candidate;
  }
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  process.stderr.write(
    `There is no packaged Node 24 for ${name}: install Node 24 or newer and run the command again.\n`,
  );
  return process.exit(1);
}
