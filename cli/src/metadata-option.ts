import { textOption } from './command.ts';
import { readText } from './read-text.ts';

/** Where metadata comes from: a file that is read once, or an address that the hub follows. */
export const metadataOptions = {
  metadata: {
    type: 'string',
    value: 'file or url',
    meaning: 'Metadata of the other side. The hub fetches a URL again and again and follows what changes.',
  },
  'metadata-key': {
    type: 'string',
    value: 'file',
    meaning: 'Certificate in PEM of the key that must have signed what is fetched.',
  },
} as const;

interface MetadataBody {
  metadata?: string;
  metadataSource?: { url: string; signingCertificate?: string };
}

/** What the options say of metadata, as requests take it. */
export function metadataOf(values: Parameters<typeof textOption>[0]): MetadataBody {
  const place = textOption(values, 'metadata');
  if (place === undefined) return {};
  if (!/^https?:\/\//i.test(place)) return { metadata: readText(place) };
  const key = textOption(values, 'metadata-key');
  const signingCertificate = key === undefined ? undefined : readText(key).replace(/-----[^-]+-----|\s/g, '');
  return { metadataSource: { url: place, ...(signingCertificate !== undefined && { signingCertificate }) } };
}
