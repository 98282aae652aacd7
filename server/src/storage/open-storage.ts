import { auditStore } from './audit.ts';
import type { Engine, Query } from './engine.ts';
import type { Sealing } from './sealing.ts';
import { signingKeyStore } from './signing-keys.ts';
import type { Storage, Stores } from './storage.ts';

/** Puts the stores of all features on an engine whose database is migrated. */
export function openStorage(engine: Engine, sealing: Sealing): Storage {
  const storesOn = (query: Query): Stores => ({
    audit: auditStore(query),
    signingKeys: signingKeyStore(engine, query, sealing),
  });
  return {
    read: storesOn(engine.reader),
    write: (work) => engine.write((query) => work(storesOn(query))),
    close: () => engine.close(),
  };
}
