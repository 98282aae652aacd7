// `npm run docs`: writes the pages of docs/reference that are made from the code.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { referencePages } from './docs/pages.ts';

const folder = path.resolve(import.meta.dirname, '../docs/reference');
mkdirSync(folder, { recursive: true });
for (const { file, build } of referencePages) {
  writeFileSync(path.join(folder, file), await build());
  console.log(path.join('docs/reference', file));
}
