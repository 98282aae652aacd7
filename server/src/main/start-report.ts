import { twoColumns } from './layout.ts';

/** What whoever starts the server wants to know. */
export interface StartReport {
  publicUrl: URL;
  /** Where the data is: the folder, or the PostgreSQL server. */
  data: string;
  /** Undefined when the certificate is not ours. */
  authorityFile: string | undefined;
  /** Undefined when there is an administrator. */
  setup: { secret: string; endsAt: Date } | undefined;
}

/** The lines that are shown when the server listens. */
export function startReport({ publicUrl, data, authorityFile, setup }: StartReport): string {
  const rows: [string, string][] = [['Management API', new URL('/v1.0', publicUrl).href]];
  rows.push(['Data', data]);
  if (authorityFile) rows.push(['Certificate authority', `${authorityFile}, for clients to trust`]);
  if (setup)
    rows.push(['First administrator', `countersign setup ${setup.secret}, once, until ${setup.endsAt.toISOString()}`]);
  rows.push(['Stop', 'Ctrl-C']);
  return `\nCountersign listens at ${publicUrl.origin}\n\n${twoColumns(rows, Number.POSITIVE_INFINITY)}\n\n`;
}
