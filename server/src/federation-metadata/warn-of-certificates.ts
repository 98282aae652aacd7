import type { ApplicationStores, RelyingParty } from '../applications/index.ts';
import { type Act, type AuditStore, auditEvent } from '../audit/index.ts';
import type { DirectoryStores } from '../directory/index.ts';
import type { UpstreamProvider, UpstreamProviderStore } from '../upstream-providers/index.ts';
import { certificatesEndAt } from './certificates.ts';
import type { CertificateWarning, CertificateWarningStore, Party } from './store.ts';

/** Days before their end for which certificates are warned of; 0: they have ended. */
const warningDays = [30, 14, 7, 3, 1, 0] as const;
const day = 86_400_000;
/** Tenants, and relying parties, that are read at once. */
const pageSize = 200;

interface Stores extends Pick<DirectoryStores, 'tenants'>, Pick<ApplicationStores, 'relyingParties'> {
  audit: AuditStore;
  upstreamProviders: UpstreamProviderStore;
  certificateWarnings: CertificateWarningStore;
}

interface WarnedStorage {
  readonly read: Stores;
  write<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result>;
}

type Warned = CertificateWarning & { party: Party & { name: string } };

/**
 * The warnings that are due, each once, of parties whose certificates end: a trust that has been warned of for 30 days is
 * warned of again for 14, and the count begins anew with its next certificate. They are in the audit log; whoever calls
 * tells the log.
 */
export async function warnOfCertificates(
  storage: WarnedStorage,
  actIn: (tenantId: string) => Act,
  signal: AbortSignal,
): Promise<{ tenantId: string; warning: Warned }[]> {
  const warnings: { tenantId: string; warning: Warned }[] = [];
  for await (const tenantId of tenantIds(storage.read)) {
    if (signal.aborted) break;
    const act = actIn(tenantId);
    const given = await storage.read.certificateWarnings.list(tenantId);
    const ends = await partiesOf(storage.read, tenantId);
    const due = ends.flatMap((end) => dueWarning(end, given, act.now) ?? []);
    const settled = given.filter(({ party, endsAt }) => !isStillEnding(ends, party, endsAt));
    if (due.length + settled.length > 0) await storage.write((stores) => note(stores, act, due, settled));
    warnings.push(...due.map((warning) => ({ tenantId, warning })));
  }
  return warnings;
}

async function note(
  { certificateWarnings, audit }: Stores,
  act: Act,
  due: readonly Warned[],
  settled: readonly CertificateWarning[],
): Promise<void> {
  for (const { party } of settled) await certificateWarnings.remove(act.tenantId, party);
  for (const { party, endsAt, days } of due) {
    const { kind, id } = party;
    await certificateWarnings.save(act.tenantId, { party: { kind, id }, endsAt, days });
    const change = { property: 'certificatesEndAt', after: endsAt.toISOString() };
    await audit.append([auditEvent(act, `${kind}.certificates_end`, party, [change])]);
  }
}

interface PartyEnd {
  party: Party & { name: string };
  endsAt: Date;
}

function dueWarning({ party, endsAt }: PartyEnd, given: readonly CertificateWarning[], now: Date): Warned | undefined {
  const left = (endsAt.getTime() - now.getTime()) / day;
  const days = Math.min(...warningDays.filter((limit) => left <= limit));
  const before = given.find((warning) => isSame(warning.party, party) && isAt(warning.endsAt, endsAt));
  return Number.isFinite(days) && (before === undefined || days < before.days) ? { party, endsAt, days } : undefined;
}

function isStillEnding(ends: readonly PartyEnd[], party: Party, endsAt: Date): boolean {
  return ends.some((end) => isSame(end.party, party) && isAt(end.endsAt, endsAt));
}

function isSame(one: Party, other: Party): boolean {
  return one.kind === other.kind && one.id === other.id;
}

function isAt(one: Date, other: Date): boolean {
  return one.getTime() === other.getTime();
}

async function partiesOf(stores: Stores, tenantId: string): Promise<PartyEnd[]> {
  const found: PartyEnd[] = [];
  const add = (party: PartyEnd['party'], trust: UpstreamProvider | RelyingParty) => {
    const endsAt = certificatesEndAt(trust);
    if (endsAt !== null) found.push({ party, endsAt });
  };
  for (const provider of await stores.upstreamProviders.list(tenantId)) {
    add({ kind: 'identityProvider', id: provider.id, name: provider.displayName }, provider);
  }
  for (let after: string | undefined; ; ) {
    const page = await stores.relyingParties.list(tenantId, pageSize, after);
    for (const party of page)
      add({ kind: 'relyingParty', id: party.servicePrincipalId, name: party.identifier }, party);
    after = page.at(-1)?.servicePrincipalId;
    if (page.length < pageSize) return found;
  }
}

async function* tenantIds({ tenants }: Stores): AsyncGenerator<string> {
  for (let after: string | undefined; ; ) {
    const page = await tenants.list(pageSize, after);
    for (const { id } of page) yield id;
    after = page.at(-1)?.id;
    if (page.length < pageSize) return;
  }
}
