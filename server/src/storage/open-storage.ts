import { auditStore } from './audit.ts';
import type { Engine, Query } from './engine.ts';
import type { Storage, Stores } from './storage.ts';

/** Puts the stores of all features on an engine whose database is migrated. */
export function openStorage(engine: Engine): Storage {
  return {
    read: storesOn(engine, engine.reader),
    write: (work) => engine.write((query) => work(storesOn(engine, query))),
    close: () => engine.close(),
  };
}

function storesOn(_engine: Engine, query: Query): Stores {
  return { audit: auditStore(query) };
}
