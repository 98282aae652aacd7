import { setTimeout as sleep } from 'node:timers/promises';
import type { GaugeDefinition, Log } from '../http/index.ts';
import { newId } from '../new-id.ts';
import { countNames } from '../provisioning/job.ts';
import type { Storage } from '../storage/index.ts';
import type { TargetAccess } from './open-targets.ts';

/** Milliseconds between two looks for a first job. */
const lookEvery = 1_000;

export interface Provisioning {
  /** Runs every job until the signal is given. */
  run(signal: AbortSignal): Promise<void>;
  gauges: GaugeDefinition[];
}

/** The engine, which is loaded when there is a first job to run. */
export function openProvisioning(storage: Storage, access: TargetAccess, log: Log): Provisioning {
  const { now } = access;
  const counts = new Map<string, number>();
  return {
    async run(signal) {
      while (!signal.aborted && (await storage.read.provisioningJobs.listRunning()).length === 0) {
        await pause(lookEvery, signal);
      }
      if (signal.aborted) return;
      const { runProvisioning } = await import('../provisioning/index.ts');
      const { openTargets } = await import('./open-targets.ts');
      const parts = {
        storage,
        openTarget: openTargets(access),
        now,
        newId,
        wait: pause,
        observer: { counted: (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1) },
        onError: (error: unknown, { id, tenantId }: { id: string; tenantId: string }) =>
          log.error({ error, tenantId, job: id }, 'provisioning failed'),
      };
      await runProvisioning(parts, signal);
    },
    gauges: countNames.map((name) => ({
      name: `countersign_provisioned_objects_${name}`,
      help: `Objects that provisioning jobs of this process have counted as ${name}.`,
      read: () => counts.get(name) ?? 0,
    })),
  };
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal, ref: false }).catch(() => {});
}
