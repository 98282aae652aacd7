import { BlockList, isIP } from 'node:net';
import { RecentlyUsed } from '../recently-used.ts';

/** Most addresses of which it is remembered whether they are in the networks: a connection asks with every request. */
const mostAddresses = 1_000;

/**
 * Makes the test whether an address is in one of the networks.
 *
 * @param networks  addresses, or networks in CIDR notation; already checked
 */
export function inNetworks(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  const known = new RecentlyUsed<boolean>(mostAddresses);
  const look = (address: string) => {
    const isInside = isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
    known.keep(address, isInside);
    return isInside;
  };
  return (address) => known.get(address) ?? look(address);
}

/** An IPv4 address that arrived over an IPv6 socket, as the IPv4 address that it is (RFC 4291 2.5.5.2). */
export function plainAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  return mapped ?? address;
}

/**
 * The client behind trusted proxies: X-Forwarded-For is read from its end, where the nearest proxy wrote, for as long as
 * the writer is trusted. What stands before that was sent by the client and proves nothing.
 */
export function clientAddress(
  socketAddress: string,
  forwardedFor: string | undefined,
  isTrusted: (address: string) => boolean,
): string {
  let address = plainAddress(socketAddress);
  for (const entry of (forwardedFor ?? '').split(',').reverse()) {
    const before = withoutPort(entry.trim());
    if (!isTrusted(address) || isIP(before) === 0) return address;
    address = plainAddress(before);
  }
  return address;
}

/** Some proxies write `192.0.2.1:4711` or `[2001:db8::1]:4711`. */
function withoutPort(entry: string): string {
  return /^\[([^\]]+)\](?::\d+)?$/.exec(entry)?.[1] ?? /^([\d.]+):\d+$/.exec(entry)?.[1] ?? entry;
}

/** True for this machine itself. */
export const isLoopback = inNetworks(['127.0.0.0/8', '::1']);

/**
 * Under what an address is counted: an IPv6 client has a whole /64 network, so that counting its addresses would count
 * nothing.
 */
export function addressKey(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  const groups = [...front, ...Array<string>(zeros).fill('0'), ...back];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
