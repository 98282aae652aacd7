import type { Engine } from '../engine.ts';
import type { Storage } from '../storage.ts';

/** A migrated, empty database for a conformance suite. */
export interface OpenedDatabase {
  engine: Engine;
  storage: Storage;
}
