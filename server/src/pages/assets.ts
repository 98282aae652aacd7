import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One style sheet, script or picture of the pages. */
export interface PageAsset {
  name: string;
  contentType: string;
  body: Uint8Array;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const folder = path.join(import.meta.dirname, 'assets');

/** Everything that the pages load. */
export const pageAssets: readonly PageAsset[] = readdirSync(folder)
  .sort()
  .map((name) => ({
    name,
    contentType: contentTypes[path.extname(name)] ?? 'application/octet-stream',
    body: readFileSync(path.join(folder, name)),
  }));

const version = pageAssets
  .reduce((hash, { body }) => hash.update(body), createHash('sha256'))
  .digest('hex')
  .slice(0, 12);

/** Where they are served. The path changes with their content, so that browsers may keep them for ever. */
export const assetsPath = `/-/assets/${version}`;
