import { XmlError } from './errors.ts';

/** Bytes as base64, on one line. */
export function encodeBase64(bytes: Uint8Array): string {
  let binary = '';
  // fromCharCode takes its arguments from the stack, which is not endless.
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
}

/** Base64, perhaps with white space in it, as bytes. Throws {@link XmlError} for anything else, unused bits included. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const compact = text.replace(/[\t\n\r ]+/g, '');
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) {
    throw new XmlError('xml.base64', 'This one is not.');
  }
  const binary = atob(compact);
  if (btoa(binary.slice(-(binary.length % 3 || 3))) !== compact.slice(-4)) {
    throw new XmlError('xml.base64', 'This one has bits that stand for nothing.');
  }
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
