import { isIPv6 } from 'node:net';

/**
 * What is counted as one address: of IPv6 the network of 64 bits, which one connection has to itself (RFC 6177 2), so that
 * nobody gets past a limit by taking another of its addresses.
 */
export function limitedAddress(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!isIPv6(plain)) return plain;
  // The form that URLs give addresses is the same for all spellings (WHATWG URL 3.6).
  const [head = '', tail] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::');
  const groups = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  const all = [...groups, ...Array<string>(missing).fill('0'), ...(tail ? tail.split(':') : [])];
  return `${all.slice(0, 4).join(':')}::/64`;
}
