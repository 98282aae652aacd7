import {
  type ContentAlgorithm,
  contentAlgorithms,
  findAlgorithm,
  type KeyTransportAlgorithm,
  keyTransportAlgorithms,
} from '@countersign/xml';
import type { EncryptionKeyDescriptor } from './entity.ts';

/** What an assertion is encrypted with. */
export interface EncryptionChoice {
  certificate: string;
  content: ContentAlgorithm;
  keyTransport: KeyTransportAlgorithm;
}

/**
 * The first key of a service provider with, for content and for key transport, the first of its methods that `allowed`
 * has too. Where the owner names no method of a kind, `allowed` decides by its first. Undefined: they have nothing in
 * common.
 */
export function chooseEncryption(
  keys: readonly EncryptionKeyDescriptor[],
  allowed: { content: readonly ContentAlgorithm[]; keyTransport: readonly KeyTransportAlgorithm[] },
): EncryptionChoice | undefined {
  for (const { certificate, methods } of keys) {
    const content = choose(contentAlgorithms, allowed.content, methods);
    const keyTransport = choose(keyTransportAlgorithms, allowed.keyTransport, methods);
    if (content && keyTransport) return { certificate, content, keyTransport };
  }
  return undefined;
}

function choose<Name extends string>(
  table: Readonly<Record<Name, { readonly uri: string }>>,
  allowed: readonly Name[],
  methods: readonly string[],
): Name | undefined {
  const names = Object.keys(table) as Name[];
  const known = methods.map((uri) => findAlgorithm(table, names, uri)).filter((name) => name !== undefined);
  return known.length === 0 ? allowed[0] : known.find((name) => allowed.includes(name));
}
