import { setTimeout as sleep } from 'node:timers/promises';
import { outboundFetch } from '../outbound/index.ts';
import { type OpenTarget, type Pace, pacedTarget } from '../provisioning/index.ts';
import { targetsThrough } from '../targets/index.ts';

/** Milliseconds that no target may take, whatever its job allows. */
const longestAnswer = 300_000;
/** Bytes: a page of objects, or a group with its members. */
const largestAnswer = 33_554_432;

/** Which targets may be reached. */
export interface TargetAccess {
  allowedPrivateNetworks: readonly string[];
  /** Certificate authorities that are believed besides the usual ones, in PEM. */
  authorities: readonly string[];
  now: () => Date;
}

/** The systems that the hub writes to, each asked no faster than it can answer. */
export function openTargets({ allowedPrivateNetworks, authorities, now }: TargetAccess): OpenTarget {
  const limits = { longest: longestAnswer, largest: largestAnswer, authorities };
  const open = targetsThrough(outboundFetch(allowedPrivateNetworks, limits), now);
  return (definition, token) => {
    const { mostAtOnce } = definition;
    return pacedTarget(open(definition, token), { now: () => now().getTime(), wait, mostAtOnce });
  };
}

const wait: Pace['wait'] = async (milliseconds, signal) => {
  await sleep(milliseconds, undefined, { signal, ref: false }).catch(() => {});
};
