import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { access, allowedMethods, rolesOf } from './access.ts';

describe('table of access', () => {
  it('is the one that the page of the service shows', () => {
    const page = readFileSync(new URL('../../../../docs/services/edge.md', import.meta.url), 'utf8');
    const shown = [...page.matchAll(/^\| `(GET|POST|DELETE) ([^`?]+)[^`]*` \| ([a-z, ]+) \|/gm)].map(([, method, path, roles]) => [`${method} ${path}`, roles]);
    expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(Object.entries(access).map(([route, roles]) => [route, roles.join(', ')])));
  });

  it('lets admins everywhere', () => {
    expect(Object.values(access).filter((roles) => !roles.some((role) => role === 'admin'))).toEqual([]);
  });

  it('knows a route by its pattern, and the methods of a URL', () => {
    expect(rolesOf('GET', '/v1/calls/:switch/:callId')).toEqual(['switch', 'operator', 'admin']);
    expect(rolesOf('HEAD', '/v1/api-keys')).toEqual(['admin']);
    expect(rolesOf('GET', '/v1/nothing')).toBeUndefined();
    expect(allowedMethods('/v1/api-keys?x=1')).toEqual(['GET', 'POST']);
    expect(allowedMethods('/v1/calls/sw/c%2F1')).toEqual(['GET']);
    expect(allowedMethods('/favicon.ico')).toEqual([]);
  });

  it('gives nobody but operators and admins what is about money, carriers, prices or other people', () => {
    const open = Object.entries(access).filter(([, roles]) => roles.some((role) => role === 'switch' || role === 'reseller'));
    expect(open.map(([route]) => route)).toEqual([
      'POST /v1/calls/authorize',
      'POST /v1/calls/events',
      'POST /v1/calls/:switch/:callId/extend',
      'POST /v1/calls/:switch/:callId/release',
      'POST /v1/cdrs/import',
      'GET /v1/calls/:switch/:callId',
      'POST /v1/quotes',
      'POST /v1/routes',
      'POST /v1/cards/sell',
      'POST /v1/cards/activate',
      'POST /v1/cards/deactivate',
      'POST /v1/vouchers/redeem',
      'POST /v1/switches/:switchId/restarted',
    ]);
  });

  it('does not take one path for another', () => {
    for (const url of ['/v1/tariffs/', '/v1/tariffs/1', '/v2/tariffs', '/v1/calls/sw', '/v1/providers/N/suspend/now', '/v1//tariffs']) {
      expect({ url, methods: allowedMethods(url) }).toEqual({ url, methods: [] });
    }
    expect(allowedMethods('/v1/providers/N%2F1/suspend')).toEqual(['POST']);
    expect(rolesOf('PUT', '/v1/tariffs')).toBeUndefined();
    expect(rolesOf('GET', '/v1/constructor')).toBeUndefined();
  });
});
