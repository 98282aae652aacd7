import type { Log } from '../http/index.ts';
import type { Settings } from '../settings/index.ts';
import { claimsSample } from './claims-sample.ts';
import { insuranceSample } from './insurance-sample.ts';
import type { ManagementParts } from './open-management.ts';
import type { Sample } from './sample-programs.ts';

/** The samples whose demo tenants are there. @param authorityFile  the hub's own certificate authority, if it has one */
export async function openSamples(
  parts: ManagementParts,
  settings: Settings,
  log: Log,
  authorityFile: string | undefined,
): Promise<Sample[]> {
  const found = [];
  for (const open of [insuranceSample, claimsSample]) found.push(await open(parts, settings, log, authorityFile));
  return found.filter((sample) => sample !== undefined);
}
