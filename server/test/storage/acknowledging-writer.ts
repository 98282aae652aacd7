// Writes without end and prints the id of each write when it is acknowledged, to be killed while it does so.
// Usage: acknowledging-writer.ts <sqlite file or postgres URL> <first letters of the ids>
import { writeSync } from 'node:fs';
import { openPostgres, openSqlite } from '../../src/storage/index.ts';
import { writePair } from './durability.ts';

const [place = '', prefix = ''] = process.argv.slice(2);
const engine = place.startsWith('postgres:') ? openPostgres(place, 8, () => {}) : openSqlite(place);

let count = 0;
async function writeOn(): Promise<never> {
  for (;;) {
    const id = `${prefix}${count++}`;
    await writePair(engine, id);
    // At once and not through a stream, so that an acknowledgement is seen even if the next thing is the end.
    writeSync(1, `${id}\n`);
  }
}
await Promise.all(Array.from({ length: 8 }, writeOn));
