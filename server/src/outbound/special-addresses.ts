import { BlockList, isIP } from 'node:net';

/**
 * Networks that are not the public Internet: the IANA special-purpose registries for IPv4 and IPv6
 * (https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/iana-ipv6-special-registry)
 * with multicast.
 */
const specialNetworks = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  '::/127',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
];

/**
 * Makes the test whether an address may be called: it is public, or in one of the allowed networks.
 *
 * @param allowed  addresses, or networks in CIDR notation; already checked
 */
export function mayBeCalled(allowed: readonly string[]): (address: string) => boolean {
  const [special, exceptions] = [listOf(specialNetworks), listOf(allowed)];
  // An IPv4 address in IPv6 clothes (RFC 4291 2.5.5.2) is checked as the IPv4 address; BlockList does so by itself.
  const isIn = (list: BlockList, address: string) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return (address) => isIP(address) !== 0 && (!isIn(special, address) || isIn(exceptions, address));
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}
