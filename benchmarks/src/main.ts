// `npm run benchmark -- [--engine sqlite|postgres] [--users N] [--tenants N] [what ...]`: measures a hub in a process of its
// own, bound to one core where `taskset` is there, and prints tables for docs/benchmarks.md.
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { measureAssertions } from './assertions.ts';
import { measureClaimsRules } from './claims-rules.ts';
import { measureDirectory } from './directory.ts';
import { measureFederation } from './federation.ts';
import { type EngineName, Hub } from './hub.ts';
import { measureOAuth } from './oauth.ts';
import { measureProvisioning } from './provisioning.ts';
import { loadTable, type ProvisioningRow, provisioningTable, type Row, startUpTable } from './report.ts';
import { measureScim, measureScimPeer, scimParts } from './scim.ts';
import { measureSessions } from './sessions.ts';
import { measureSignUps } from './sign-ups.ts';
import { measureStartUp, type StartUp } from './start-up.ts';
import { measureTenants } from './tenants.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engine: { type: 'string', multiple: true, default: ['sqlite', 'postgres'] },
    users: { type: 'string', default: '100000' },
    tenants: { type: 'string', default: '10000' },
    provisioned: { type: 'string', default: '10000' },
    connections: { type: 'string', default: '64' },
    probes: { type: 'string', default: '1000' },
    alone: { type: 'string', default: '2000' },
    part: { type: 'string', multiple: true, default: [...scimParts] },
    tokens: { type: 'string', default: '5000' },
    'sign-ins': { type: 'string', default: '1000' },
    'sign-ups': { type: 'string', default: '500' },
    sessions: { type: 'string', default: '100000' },
    messages: { type: 'string', default: '500' },
    trusts: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '100' },
    cpu: { type: 'string', default: '0' },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(`Usage: npm run benchmark -- [what ...] [options]

What: start-up, directory, tenants, scim, oauth, sign-ups, sessions, federation, provisioning. Default: all.

  --engine <name>        sqlite or postgres; may be repeated. Default: both.
  --users <number>       users of the directory. Default: 100000.
  --tenants <number>     tenants. Default: 10000.
  --provisioned <number> users that provisioning sends to a target. Default: 10000.
  --connections <number> requests under way at once while users are made. Default: 64.
  --probes <number>      requests of each kind of reading, of scim. Default: 1000.
  --alone <number>       users made by requests of their own, of scim. Default: 2000.
  --part <name>          creations, filters, pages or members, of scim; may be repeated. Default: all.
  --tokens <number>      tokens of each kind, of oauth. Default: 5000.
  --sign-ins <number>    passwords and sign-ins, of oauth. Default: 1000.
  --sign-ups <number>    people who sign up. Default: 500.
  --sessions <number>    sessions that are kept; one of fifty is used. Default: 100000.
  --messages <number>    SAML responses, evaluations of rules and requests, of federation. Default: 500.
  --trusts <number>      applications of one tenant, of federation. Default: 1000.
  --rounds <number>      sign-ins through a provider, of federation. Default: 100.
  --cpu <number>         core to which the hub is bound; empty for none. Default: 0.
  --profile <folder>     writes CPU profiles of the hub into it.`);
  process.exit(0);
}

const wanted = new Set(
  positionals.length > 0
    ? positionals
    : ['start-up', 'directory', 'tenants', 'scim', 'oauth', 'sign-ups', 'sessions', 'federation', 'provisioning'],
);
const engines = values.engine as EngineName[];
const placement = { cpu: values.cpu === '' ? undefined : values.cpu, profiles: values.profile };

console.log(
  `${cpus()[0]?.model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}\n`,
);
if (wanted.has('start-up')) {
  const results: StartUp[] = [];
  for (const engine of engines) results.push(await withHub(engine, (hub) => measureStartUp(hub)));
  console.log(`${startUpTable(results)}\n`);
}
const rows: Row[] = [];
for (const engine of engines) {
  if (wanted.has('directory')) {
    rows.push(
      ...(await started(engine, (hub) => measureDirectory(hub, Number(values.users), Number(values.connections)))),
    );
  }
  if (wanted.has('tenants'))
    rows.push(...(await started(engine, (hub) => measureTenants(hub, Number(values.tenants)))));
}
if (wanted.has('scim')) {
  const { users, connections, probes, alone } = values;
  const sizes = {
    users: Number(users),
    alone: Number(alone),
    connections: Number(connections),
    probes: Number(probes),
    parts: scimParts.filter((part) => values.part.includes(part)),
  };
  for (const engine of engines) rows.push(...(await started(engine, (hub) => measureScim(hub, sizes))));
  rows.push(...(await measureScimPeer(sizes, placement.cpu)));
}
if (wanted.has('oauth')) {
  const sizes = { tokens: Number(values.tokens), signIns: Number(values['sign-ins']) };
  for (const engine of engines) rows.push(...(await started(engine, (hub) => measureOAuth(hub, sizes, placement.cpu))));
}
if (wanted.has('sign-ups')) {
  for (const engine of engines) rows.push(await measureSignUps(engine, Number(values['sign-ups']), placement));
}
if (wanted.has('sessions')) {
  const sessions = Number(values.sessions);
  for (const engine of engines) rows.push(...(await started(engine, (hub) => measureSessions(hub, sessions))));
}
if (wanted.has('federation')) {
  const messages = Number(values.messages);
  const sizes = { trusts: Number(values.trusts), requests: messages, rounds: Number(values.rounds) };
  rows.push(...(await measureAssertions(messages)), ...(await measureClaimsRules(messages)));
  for (const engine of engines) rows.push(...(await started(engine, (hub) => measureFederation(hub, sizes))));
}
if (rows.length > 0) console.log(loadTable(rows));

if (wanted.has('provisioning')) {
  const provisioned: ProvisioningRow[] = [];
  for (const engine of engines) {
    provisioned.push(...(await started(engine, (hub) => measureProvisioning(hub, Number(values.provisioned)))));
  }
  console.log(provisioningTable(provisioned));
}

async function started<Result>(engine: EngineName, measure: (hub: Hub) => Promise<Result>): Promise<Result> {
  return withHub(engine, async (hub) => {
    await hub.start();
    return measure(hub);
  });
}

async function withHub<Result>(engine: EngineName, measure: (hub: Hub) => Promise<Result>): Promise<Result> {
  const hub = await Hub.create(engine, placement);
  try {
    return await measure(hub);
  } finally {
    await hub.remove();
  }
}
