import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addressKey, clientAddress, inNetworks, isLoopback } from '../../src/http/client-address.ts';

const isTrusted = inNetworks(['10.0.0.0/8', '192.0.2.1', '2001:db8::/32']);

test('an address is found in networks of both families, and text that is no address in none', () => {
  for (const address of ['10.255.0.1', '192.0.2.1', '2001:db8:ffff::1'])
    assert.equal(isTrusted(address), true, address);
  for (const address of ['11.0.0.1', '192.0.2.2', '2001:db9::1', '', 'x', '10.0.0.1 '])
    assert.equal(isTrusted(address), false, address);
  assert.equal(isLoopback('127.255.0.1') && isLoopback('::1') && !isLoopback('128.0.0.1'), true);
});

test('X-Forwarded-For is read from its end for as long as its writer is trusted', () => {
  const table: [socket: string, header: string | undefined, client: string][] = [
    ['203.0.113.1', undefined, '203.0.113.1'],
    ['203.0.113.1', '198.51.100.1', '203.0.113.1'],
    ['10.0.0.1', undefined, '10.0.0.1'],
    ['10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['::ffff:10.0.0.1', '::ffff:198.51.100.1', '198.51.100.1'],
    ['10.0.0.1', '127.0.0.1, 198.51.100.1', '198.51.100.1'],
    ['10.0.0.1', '198.51.100.1, 10.0.0.2', '198.51.100.1'],
    ['10.0.0.1', '198.51.100.1:4711, [2001:db8::2]:4711', '198.51.100.1'],
    ['10.0.0.1', 'unknown', '10.0.0.1'],
    ['10.0.0.1', '198.51.100.1, <script>, 10.0.0.2', '10.0.0.2'],
    ['10.0.0.1', '', '10.0.0.1'],
  ];
  for (const [socket, header, client] of table)
    assert.equal(clientAddress(socket, header, isTrusted), client, `${socket} ${header}`);
});

test('whatever the header says, an address that is not trusted is never replaced', () => {
  fc.assert(fc.property(fc.string(), (header) => clientAddress('203.0.113.1', header, isTrusted) === '203.0.113.1'));
});

test('an IPv4 client is counted by its address and an IPv6 client by its network', () => {
  const table: [string, string][] = [
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0DB8:0001:0002::', '2001:db8:1:2'],
    ['2001:db8::5', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['::', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0'],
    ['1::4:5:6:7:8', '1:0:0:4'],
  ];
  for (const [address, key] of table) assert.equal(addressKey(address), key, address);
});
