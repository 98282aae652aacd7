import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  type Certificates,
  openCertificateFiles,
  openHttp,
  openLocalCertificates,
  openLog,
  ServedHosts,
} from '../http/index.ts';
import { countExpiring } from '../inbound-provisioning/count-expiring.ts';
import { openKeyRing } from '../issuance/key-ring.ts';
import { newId } from '../new-id.ts';
import { outboundFetch } from '../outbound/index.ts';
import { readSettings, type Settings } from '../settings/index.ts';
import { newSetupSecret } from '../setup/index.ts';
import { actOfHub } from './act-of-hub.ts';
import { startBackground } from './background.ts';
import type { Command } from './command.ts';
import { makeDemoPassword, readDemoPassword } from './demo-password.ts';
import { exitCodes } from './exit-codes.ts';
import { metadataGauges, metadataJobs } from './federation-metadata.ts';
import { administratorName, foundHub, makeFirstAdministrator } from './found-hub.ts';
import { giveBackMemory } from './give-back-memory.ts';
import { logoutNotices } from './logout-notices.ts';
import { lateMounts } from './mounts.ts';
import { openHub } from './open-hub.ts';
import { openMessaging } from './open-messaging.ts';
import { openPasswords } from './open-passwords.ts';
import { openProvisioning } from './open-provisioning.ts';
import { openTokenLog } from './open-token-log.ts';
import { startReport } from './start-report.ts';
import { stopSignal } from './stop-signal.ts';

const clock = () => performance.now();
const now = () => new Date();

/** When the first requests after the start have been answered, in milliseconds. */
const settlingTime = 1_000;

/** Of many thousands, the start shows the first. */
const mostShownTenants = 6;

/** Starts the server and ends with it. */
export const serve: Command = {
  name: 'serve',
  meaning: 'Start the server; meant when no command is given.',
  async run({ environment, streams }) {
    const settings = readSettings(environment);
    const log = openLog(settings.logLevel);
    process.on('uncaughtException', (error) => {
      log.error({ error }, 'ended by a bug');
      process.exit(exitCodes.failed.code);
    });
    const closing = new AsyncDisposableStack();
    try {
      const hub = await openHub(settings, log);
      const { storage } = hub;
      closing.defer(() => storage.close());
      const reportBug = (error: unknown, requestId?: string) => log.error({ error, requestId }, 'bug');
      const { allowedPrivateNetworks, passwordRangeUrl } = settings;
      const { passwords, gauges } = openPasswords(passwordRangeUrl, outboundFetch(allowedPrivateNetworks), log);
      const tenantId = await foundHub(storage, actOfHub, settings.demo);
      const { publicUrl, administratorPassword } = settings;
      const isTenantHost = async (host: string) => (await storage.read.tenants.resolveHost(host)) !== undefined;
      const hosts = new ServedHosts(publicUrl, isTenantHost, clock);
      const certificates = await openCertificates(settings, hosts);
      // What this hub serves, it also trusts when it calls itself or its neighbours.
      const authorities = certificates?.authorityFile ? [readFileSync(certificates.authorityFile, 'utf8')] : [];
      const targetAccess = { allowedPrivateNetworks, authorities, now };
      const provisioning = openProvisioning(storage, targetAccess, log);
      const parts = { ...hub, passwords, hubTenantId: tenantId, targetAccess, now, reportBug };
      // Loaded only where a demo has to be made: it brings the readers of tenant files.
      if (settings.demo && (await storage.read.setup.isDemoDue()))
        await (await import('./seed-demo.ts')).seedDemo(parts, makeDemoPassword(settings.dataFolder), publicUrl);
      if (administratorPassword !== undefined) {
        await makeFirstAdministrator(storage, actOfHub(tenantId), passwords, administratorPassword);
      }
      const keys = openKeyRing(storage, actOfHub, now);
      const fetch = outboundFetch(allowedPrivateNetworks, { authorities });
      const tellOfLogouts = logoutNotices({ ...parts, keys, fetch });
      const messaging = openMessaging(storage, settings, log, now);
      closing.defer(() => messaging.stop());
      const { deliverSoon } = messaging;
      const { tokenLog, stop: stopTokenLog } = openTokenLog(storage, log);
      closing.defer(stopTokenLog);
      const http = await openHttp({
        settings,
        certificates,
        hosts,
        mounts: [...messaging.mounts, ...lateMounts({ ...parts, keys, publicUrl, fetch, deliverSoon, tokenLog })],
        readiness: [{ name: 'database', check: () => storage.check() }],
        gauges: [
          {
            name: 'countersign_waiting_writes',
            help: 'Writes to the database that wait for their turn.',
            read: () => storage.waitingWrites(),
          },
          {
            name: 'countersign_scim_tokens_expiring',
            help: 'SCIM tokens of all tenants that expire within 60 days.',
            // The other numbers are told also while the database is away.
            read: () => countExpiring(storage.read, now()).catch(() => Number.NaN),
          },
          {
            name: 'countersign_waiting_messages',
            help: 'Mails and texts of all tenants that wait to be sent.',
            read: () => storage.read.outgoing.count().catch(() => Number.NaN),
          },
          ...metadataGauges(storage),
          ...gauges,
          ...provisioning.gauges,
        ],
        failurePage: async (failure, acceptLanguage) =>
          (await import('../endpoints/failure-page.ts')).failurePage(failure, acceptLanguage),
        log,
        clock,
        newId,
      });
      closing.defer(() => http.stop());
      const stopping = stopSignal(clock, (signal) => process.exit(exitCodeOf(signal)));
      // With port 0 the system has chosen one only now.
      if (publicUrl.port === '0') publicUrl.port = String(http.port);
      if (settings.demo) await (await import('./demo-target.ts')).moveDemoTarget(parts, publicUrl);
      // Starts when the hub listens, and stops before it does not: jobs may call the hub itself.
      const background = await startBackground(
        storage,
        log,
        provisioning.run,
        tellOfLogouts,
        metadataJobs(storage, fetch, log),
      );
      closing.defer(() => background.stop());

      const secret = await storage.write((stores) => newSetupSecret(stores, now(), randomBytes(32)));
      const setup = secret && { ...secret, userPrincipalName: administratorName };
      const tenants = await storage.read.tenants.list(mostShownTenants);
      const authorityFile = certificates?.authorityFile;
      const samples = settings.samples
        ? await (await import('./samples.ts')).openSamples(parts, settings, log, authorityFile)
        : [];
      const demoPassword = settings.demo ? readDemoPassword(settings.dataFolder) : undefined;
      const data = dataPlace(settings);
      streams.error.write(startReport({ publicUrl, tenants, samples, demoPassword, data, authorityFile, setup }));
      log.info({ url: publicUrl.origin, port: http.port }, 'listening');
      for (const sample of samples) {
        const started = sample.start();
        // A start that is under way needs this server and the database until its end.
        closing.defer(async () => void (await Promise.all([sample.stop(), started])));
      }
      setTimeout(giveBackMemory, settlingTime).unref();
      log.info({ signal: await stopping }, 'stopping');
    } finally {
      await closing.disposeAsync();
    }
    log.info({}, 'stopped');
    return exitCodes.done.code;
  },
};

function dataPlace({ dataFolder, databaseUrl }: Settings): string {
  return databaseUrl === undefined ? dataFolder : `PostgreSQL at ${new URL(databaseUrl).host}`;
}

/** The certificates that the settings ask for; undefined when a proxy terminates TLS. */
async function openCertificates(
  { tls, dataFolder, publicUrl }: Settings,
  hosts: ServedHosts,
): Promise<(Certificates & { authorityFile?: string }) | undefined> {
  if (tls.mode === 'proxy') return undefined;
  if (tls.mode === 'files') return openCertificateFiles(tls.certificateFile, tls.keyFile);
  const isTenantHost = (host: string) => hosts.isTenantHost(host);
  return openLocalCertificates(path.join(dataFolder, 'tls'), publicUrl.hostname, isTenantHost, now);
}

function exitCodeOf(signal: NodeJS.Signals): number {
  return signal === 'SIGINT' ? exitCodes.interrupted.code : exitCodes.terminated.code;
}
