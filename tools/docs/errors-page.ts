import { globSync } from 'node:fs';
import path from 'node:path';
import type { RefusalDefinition } from '../../server/src/refusal.ts';
import { code, table } from './markdown.ts';

const source = path.resolve(import.meta.dirname, '../../server/src');

/** Every refusal of every folder, from the catalogues in `server/src/<folder>/errors.ts`. */
export async function errorsPage(): Promise<string> {
  const sections: string[] = [];
  for (const file of globSync('*/errors.ts', { cwd: source }).sort()) {
    const rows = Object.entries(await catalogueOf(file)).map(([name, { status, text, advice }]) => [
      code(name),
      String(status),
      text,
      advice,
    ]);
    sections.push(`## ${path.dirname(file)}\n\n${table(['Code', 'Status', 'Text', 'What to do'], rows)}\n`);
  }
  return `# Errors

What the server refuses, by the stable codes that stand in its answers, its log and the audit events. A code is never used again
for anything else. Protocols answer with the errors of their own specification; the code then stands in the log.

Two codes are no refusals: \`http.unavailable\` (503) is for what may work after the seconds in Retry-After, and \`http.failed\` (500)
for what nobody foresaw. Its text never leaves the server: the reference in the answer finds it in the log.

${sections.join('\n')}`;
}

async function catalogueOf(file: string): Promise<Record<string, RefusalDefinition>> {
  const module: Record<string, unknown> = await import(path.join(source, file));
  const catalogues = Object.entries(module).filter(([name]) => name.endsWith('Errors'));
  const [catalogue] = catalogues;
  if (!catalogue || catalogues.length > 1) throw new Error(`${file} must export one catalogue, named …Errors.`);
  return catalogue[1] as Record<string, RefusalDefinition>;
}
