import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { AddressRefused, isPublicAddress, lookupPublic } from './public-address.ts';

describe('an address', () => {
  it('is public, or within a network', () => {
    const rows = table<'address' | 'public'>(`
      address            | public
      1.1.1.1            | true
      172.15.255.255     | true
      172.16.0.1         | false
      127.0.0.1          | false
      0.0.0.0            | false
      10.1.2.3           | false
      100.64.0.1         | false
      169.254.169.254    | false
      192.168.1.1        | false
      224.0.0.1          | false
      255.255.255.255    | false
      2606:4700::1111    | true
      ::1                | false
      ::                 | false
      ::ffff:10.0.0.1    | false
      ::ffff:1.1.1.1     | true
      ::ffff:7f00:1      | false
      64:ff9b::7f00:1    | false
      fd00::1            | false
      fe80::1            | false
      localhost          | false
    `);
    expect(rows.map(({ address }) => ({ address, public: `${isPublicAddress(address)}` }))).toEqual(rows);
  });

  it('is not handed to a connection where the name leads within a network', async () => {
    for (const all of [true, false]) {
      const error = await new Promise((resolve) => {
        lookupPublic('localhost', { all }, resolve);
      });
      expect(error).toBeInstanceOf(AddressRefused);
    }
  });
});
