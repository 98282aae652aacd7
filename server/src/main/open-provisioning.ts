import { setTimeout as sleep } from 'node:timers/promises';
import type { GaugeDefinition, Log } from '../http/index.ts';
import { newId } from '../new-id.ts';
import { outboundFetch } from '../outbound/index.ts';
import { countNames, type OpenTarget, runProvisioning } from '../provisioning/index.ts';
import type { Settings } from '../settings/index.ts';
import type { Storage } from '../storage/index.ts';
import { targetsThrough } from '../targets/index.ts';

const now = () => new Date();

/** Milliseconds that no target may take, whatever its job allows. */
const longestAnswer = 300_000;
/** Bytes: a page of objects, or a group with its members. */
const largestAnswer = 33_554_432;

export interface Provisioning {
  openTarget: OpenTarget;
  /** Runs every job until the signal is given. */
  run(signal: AbortSignal): Promise<void>;
  gauges: GaugeDefinition[];
}

/** The engine with the targets that the settings let it reach. */
export function openProvisioning(
  storage: Storage,
  settings: Settings,
  log: Log,
  authorities: readonly string[],
): Provisioning {
  const limits = { longest: longestAnswer, largest: largestAnswer, authorities };
  const openTarget = targetsThrough(outboundFetch(settings.allowedPrivateNetworks, limits), now);
  const counts = new Map<string, number>();
  return {
    openTarget,
    run: (signal) =>
      runProvisioning(
        {
          storage,
          openTarget,
          now,
          newId,
          wait: async (milliseconds, stopped) => {
            await sleep(milliseconds, undefined, { signal: stopped, ref: false }).catch(() => {});
          },
          observer: { counted: (name) => counts.set(name, (counts.get(name) ?? 0) + 1) },
          onError: (error, { id, tenantId }) => log.error({ error, tenantId, job: id }, 'provisioning failed'),
        },
        signal,
      ),
    gauges: countNames.map((name) => ({
      name: `countersign_provisioned_objects_${name}`,
      help: `Objects that provisioning jobs of this process have counted as ${name}.`,
      read: () => counts.get(name) ?? 0,
    })),
  };
}
