import type { XmlElement } from '@countersign/xml';
import { parseDocument, verifyDocument } from './document.ts';
import { refuse } from './errors.ts';
import type { MetadataSource } from './store.ts';

/** Calls an address; private networks, time and size are its matter. */
export type FetchMetadata = (
  url: string,
  options: { headers: Record<string, string> },
) => Promise<Pick<Response, 'status' | 'text'>>;

/**
 * Fetches a document and verifies its signature where a key is pinned.
 *
 * @throws Refusal `federation-metadata.not_fetched`, `federation-metadata.unusable`
 */
export async function fetchDocument(
  fetch: FetchMetadata,
  { url, signingCertificate }: Pick<MetadataSource, 'url' | 'signingCertificate'>,
): Promise<XmlElement> {
  const document = parseDocument(await fetchText(fetch, url));
  return signingCertificate === null ? document : verifyDocument(document, signingCertificate);
}

async function fetchText(fetch: FetchMetadata, url: string): Promise<string> {
  try {
    const answer = await fetch(url, { headers: { accept: 'application/samlmetadata+xml, application/xml, text/xml' } });
    if (answer.status === 200) return await answer.text();
    throw new Error(`it answered with status ${answer.status}.`);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw refuse('federation-metadata.not_fetched', { url, problem }, error);
  }
}
