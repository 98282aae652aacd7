import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { limitedAddress } from '../../src/user-flows/limited-address.ts';
import { parsePhone } from '../../src/user-flows/phone.ts';

test('RFC 6177 2: all addresses of a network of 64 bits are counted as one', () => {
  const cases: [string, string][] = [
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ];
  for (const [address, counted] of cases) assert.equal(limitedAddress(address), counted);
  const group = fc.integer({ min: 0, max: 65_535 }).map((value) => value.toString(16));
  fc.assert(
    fc.property(
      fc.array(group, { minLength: 4, maxLength: 4 }),
      fc.array(group, { minLength: 4, maxLength: 4 }),
      (net, host) => {
        assert.equal(limitedAddress([...net, ...host].join(':')), `${net.join(':')}::/64`);
      },
    ),
  );
});

test('E.164: a phone number is taken however it is typed, with the code of its country', () => {
  for (const text of ['+44 20 7946-0000', '0044 (20) 79460000', ' +442079460000 ']) {
    assert.equal(parsePhone(text), '+442079460000');
  }
  for (const text of ['020 7946 0000', '+0123456789', '+1', '+12345678901234567', '+44x', '']) {
    assert.equal(parsePhone(text), undefined);
  }
});
