// The thread of argon2-threads.ts: computes what it is sent, one after another. An error ends it, and is told of there.
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import path from 'node:path';
import { parentPort } from 'node:worker_threads';
import { hashSync, verifySync } from '@node-rs/argon2';
import type { Argon2Task } from './argon2-threads.ts';

/** A third of the usual weight: behind answers that take a moment, and never without a share of the processor. */
const niceness = 5;

// Linux counts niceness by thread. Elsewhere threads have the priority of their process.
if (process.platform === 'linux') setPriority(Number(path.basename(readlinkSync('/proc/thread-self'))), niceness);

parentPort?.on('message', ({ kept, password, parameters }: Argon2Task) => {
  parentPort?.postMessage(kept === undefined ? hashSync(password, parameters) : verifySync(kept, password));
});
