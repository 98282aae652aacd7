import type { FetchMetadata } from '../federation-metadata/index.ts';
import type { GaugeDefinition, Log } from '../http/index.ts';
import type { LeasedJob } from '../jobs/index.ts';
import type { Storage } from '../storage/index.ts';
import { actOfHub } from './act-of-hub.ts';

/** What is done again and again about the metadata of parties; it is loaded when there is something to do. */
export function metadataJobs(storage: Storage, fetch: FetchMetadata, log: Log): LeasedJob[] {
  return [
    {
      name: 'follow metadata of parties',
      everySeconds: 60,
      async run(signal) {
        const due = await storage.read.followedMetadata.listDue(new Date(), 1);
        if (due.length === 0) return;
        const { refreshDueMetadata } = await import('../federation-metadata/index.ts');
        for (const { tenantId, followed } of await refreshDueMetadata(storage, actOfHub, fetch, signal)) {
          const { party, source, failure } = followed;
          log.warn({ tenantId, ...party, url: source.url, ...failure }, 'metadata of a party could not be followed');
        }
      },
    },
    {
      name: 'warn of certificates that end',
      everySeconds: 21_600,
      async run(signal) {
        const { warnOfCertificates } = await import('../federation-metadata/warn-of-certificates.ts');
        for (const { tenantId, warning } of await warnOfCertificates(storage, actOfHub, signal)) {
          const { party, endsAt, days } = warning;
          log.warn({ tenantId, ...party, endsAt, days }, 'certificates of a party end: ask for its present metadata');
        }
      },
    },
  ];
}

/** Numbers for whoever watches the hub. They are told of all tenants together. */
export function metadataGauges({ read }: Storage): GaugeDefinition[] {
  return [
    {
      name: 'countersign_metadata_failing',
      help: 'Parties of all tenants whose metadata could not be fetched or used when it was last tried.',
      read: () => read.followedMetadata.countFailing().catch(() => Number.NaN),
    },
    {
      name: 'countersign_certificates_ending',
      help: 'Identity providers and applications of all tenants whose certificates end within 30 days.',
      read: () => read.certificateWarnings.count().catch(() => Number.NaN),
    },
  ];
}
