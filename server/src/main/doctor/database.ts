import { hostname } from 'node:os';
import { defaultKeyPolicy, rotationDueBefore } from '../../issuance/decide-key-phase.ts';
import type { ServerProcess } from '../../jobs/index.ts';
import {
  type Engine,
  formOf,
  type Sealing,
  SealingKeyError,
  type Storage,
  verifySealingKey,
} from '../../storage/index.ts';
import { version } from '../version.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

export async function examineDatabase(engine: Engine): Promise<Finding[]> {
  const findings = (await engine.examine()).map(problem);
  const form = await formOf(engine);
  if (form === 'older') findings.push(warning('The next start of a server brings it to the form of this version.'));
  if (form === 'newer') findings.push(problem('A newer version has used it: use that version.'));
  return findings.length > 0 ? findings : [ok(`${engine.name}, sound and of the form of this version.`)];
}

export async function examineSealingKey(engine: Engine, sealing: Sealing): Promise<Finding[]> {
  try {
    await verifySealingKey(engine, sealing);
    return [ok('It is the one of this database.')];
  } catch (error) {
    if (error instanceof SealingKeyError) return [problem(error.message)];
    throw error;
  }
}

export function examineServers(servers: ServerProcess[]): Finding[] {
  if (servers.length === 0) return [ok('None runs.')];
  return servers.map((server) => {
    const text = `${server.version} at ${server.host}, process ${server.pid}, since ${server.startedAt.toISOString()}`;
    return server.version === version ? ok(text) : warning(`${text}: this is ${version}. Restart it with one version.`);
  });
}

/** Those of the servers that run on this machine. */
export function serversHere(servers: ServerProcess[]): ServerProcess[] {
  return servers.filter(({ host }) => host === hostname());
}

const day = 86_400_000;

/** Keys that a running server would have rotated, and whether the hub's own can be used. */
export async function examineSigningKeys({ read }: Storage, now: Date): Promise<Finding[]> {
  const overdue = rotationDueBefore(new Date(now.getTime() - day), defaultKeyPolicy);
  const late = await read.signingKeys.listNewestBefore(overdue, 1000);
  const hubTenantId = await read.setup.hubTenantId();
  const findings: Finding[] = [];
  for (const { id } of hubTenantId === undefined ? [] : await read.signingKeys.list(hubTenantId)) {
    try {
      await read.signingKeys.findPrivateKey(hubTenantId ?? '', id);
    } catch (error) {
      if (!(error instanceof SealingKeyError)) throw error;
      findings.push(problem(error.message));
    }
  }
  if (late.length > 0) {
    const count = late.length === 1000 ? 'At least 1,000' : String(late.length);
    findings.push(warning(`${count} are to be rotated since more than a day: let a server run.`));
  }
  return findings.length > 0 ? findings : [ok('None waits for its rotation.')];
}
