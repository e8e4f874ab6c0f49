import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Networks that are nobody's on the internet (IANA special-purpose registries, RFC 6890): our own machines and neighbours among them. */
const reserved = new BlockList();
for (const [network, bits] of [['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24],
  ['192.168.0.0', 16], ['198.18.0.0', 15], ['224.0.0.0', 4], ['240.0.0.0', 4]] as const) reserved.addSubnet(network, bits, 'ipv4');
// Of IPv6 what carries an address of IPv4 in it is not looked into, but refused.
for (const [network, bits] of [['::', 96], ['64:ff9b::', 96], ['64:ff9b:1::', 48], ['2002::', 16], ['fc00::', 7], ['fe80::', 10], ['ff00::', 8]] as const) reserved.addSubnet(network, bits, 'ipv6');

/** Whether an address is one of the internet. An address of IPv4 within IPv6 (`::ffff:10.0.0.1`) is that of IPv4. */
export function isPublicAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  const kind = isIP(mapped);
  if (kind === 4) return !reserved.check(mapped, 'ipv4');
  // The same in hexadecimal, which nobody writes by accident.
  return kind === 6 && !/^::ffff:/i.test(mapped) && !reserved.check(mapped, 'ipv6');
}

/** Whether a URL names an address, and one within a network. Of a name that is seen when it is looked up. */
export function isWithinNetwork(url: string): boolean {
  const host = hostOf(url);
  return isIP(host) !== 0 && !isPublicAddress(host);
}

/** The host of a URL, an address of IPv6 without its brackets. */
export function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}

/** Told where a name leads to no address that notices may go to. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';

  constructor(host: string) {
    super(`${host} is an address within a network, where notices do not go`);
  }
}

/**
 * Looks a name up for a connection, and gives it public addresses alone. The connection is made to what is handed over
 * here and the name is not looked up again, so that a name cannot answer otherwise the second time (DNS rebinding).
 */
export const lookupPublic: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error, found) => {
    if (error !== null) {
      done(error, '');
      return;
    }
    const allowed = found.filter(({ address }) => isPublicAddress(address));
    const [first] = allowed;
    if (first === undefined) done(new AddressRefused(host), '');
    else if (options.all === true) done(null, allowed);
    else done(null, first.address, first.family);
  });
};
