import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from '../client/command.fixture.ts';

describe('./tollwire carrier register', () => {
  it('makes a code a carrier with its gateway, and says how it gets rates', async () => {
    const said = ['--name', 'Acme Telecom', '--address', 'sip.acme.example:5060', '--strip', '2', '--add-prefix', '9#', '--timeout-sec', '20', '--priority', '3'];
    const { asked, bodies, out } = await outcomeOf(['carrier', 'register', 'ACME', ...said], [{ providerId: 4 }]);
    expect(asked).toEqual(['POST /v1/providers']);
    expect(JSON.parse(bodies[0] ?? '')).toEqual({
      carrierCode: 'ACME', name: 'Acme Telecom', priority: 3, gateway: { address: 'sip.acme.example:5060', stripDigits: 2, addPrefix: '9#', timeoutSec: 20 },
    });
    expect(out).toBe('ACME is provider 4. Its rates: ./tollwire plan create carrier --name NAME --currency EUR --carrier-code ACME\n');
  });

  it('leaves to the service what is not said', async () => {
    const { bodies } = await outcomeOf(['carrier', 'register', 'ACME', '--name', 'Acme', '--address', 'sip.acme.example'], [{ providerId: 4 }]);
    expect(JSON.parse(bodies[0] ?? '')).toEqual({ carrierCode: 'ACME', name: 'Acme', gateway: { address: 'sip.acme.example' } });
  });

  it.each<[what: string, args: readonly string[]]>([
    ['no code', []], ['no name', ['ACME', '--address', 'sip.acme.example']], ['no address', ['ACME', '--name', 'Acme']],
    ['a priority that is no number', ['ACME', '--name', 'Acme', '--address', 'x', '--priority', 'high']],
  ])('is refused with %s, and nothing is sent', async (_what, args) => {
    expect(await outcomeOf(['carrier', 'register', ...args])).toMatchObject({ asked: [], exitCode: 2 });
  });
});
