import { describe, expect, it } from '@jest/globals';
import { diffRowsText, ratesText } from './deck-texts.ts';

describe('a deck for people', () => {
  const lines = (text: string) => text.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | '));

  const plain = { ratePerMin: '0.10', connectFee: '0.00', initialIncrementSec: 30, incrementSec: 6, blocked: false };
  const step = { fromSec: 60, rate: '0.05', perSec: 60, incrementSec: 1, entryFee: '0.02' };

  const charges = { attemptFee: '0.002', maxCost: { amount: '2.00', disconnects: true } };

  it('shows what a version holds, a line for each rate', () => {
    const told = ratesText([
      { prefix: '36', countryCode: 'HU', countryName: 'Hungary', terms: plain, validFrom: '2026-12-01T00:00:00.000000Z' },
      {
        prefix: '431', countryCode: 'AT', countryName: 'Austria', subcode: 'FIX',
        terms: { ...plain, connectFee: '0.01', timing: 'peak: mon-fri 08:00-20:00', destination: 'Wien', country: 'AT', profile: { furtherSteps: [step], terms: charges } },
      },
      { prefix: '44', terms: { ...plain, blocked: true } },
    ], 'Europe/Vienna');
    expect(lines(told)).toEqual([
      'Windows by the clocks of Europe/Vienna',
      '36 | Hungary | 0.10 | 30/6 | 2026-12-01T00:00:00.000000Z – ',
      '431 | Austria fix | AT, Wien | 0.10 | + 0.01 | 30/6 | peak: mon-fri 08:00-20:00 | 0.05 from 60 s in 1 s + 0.02, attemptFee 0.002, maxCost {"amount":"2.00","disconnects":true}',
      '44 | unknown | blocked | 30/6',
      '',
    ].map((line) => line.trim()));
    expect(lines(ratesText([], ''))).toEqual(['No rate of this version has such a prefix.', '']);
  });

  it('shows in which window a rate changes, and what the file calls the place', () => {
    const after = { ...plain, ratePerMin: '0.12', timing: 'sat-sun', destination: 'Wien' };
    const told = diffRowsText([
      { prefix: '431', countryCode: 'AT', countryName: 'Austria', change: 'increased', percent: '20.00', before: plain, after },
    ]);
    expect(lines(told)).toEqual(['431 | Austria | Wien | sat-sun | increased | 0.10 -> 0.12 | 20.00 %', '']);
  });
});
