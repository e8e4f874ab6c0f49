import { describe, expect, it } from '@jest/globals';
import { instant, table } from '@tollwire/testing';
import { voucherRefusal } from './voucher.ts';

const expiresAt = instant('2024-01-01T00:00:00Z');

describe('a voucher that nobody has redeemed', () => {
  it('is refused by the first of its reasons, and else taken', () => {
    const rows = table<'case' | 'voided' | 'pending' | 'expires' | 'at' | 'for' | 'of' | 'currency' | 'answer'>(`
      case   | voided | pending | expires | at                   | for | of | currency | answer
      taken  | no     | no      | yes     | 2023-12-31T23:59:59Z | 0   | 7  | EUR      | taken
      ever   | no     | no      | no      | 2034-01-01T00:00:00Z | 0   | 7  | EUR      | taken
      own    | no     | no      | yes     | 2023-12-31T23:59:59Z | 7   | 7  | EUR      | taken
      VOU-04 | no     | no      | yes     | 2024-01-01T00:00:00Z | 0   | 7  | EUR      | voucher_expired
      VOU-05 | no     | no      | yes     | 2023-12-31T23:59:59Z | 7   | 8  | EUR      | voucher_of_other_reseller
      nobody | no     | no      | yes     | 2023-12-31T23:59:59Z | 7   | 0  | EUR      | voucher_of_other_reseller
      void   | yes    | yes     | yes     | 2024-01-01T00:00:00Z | 7   | 8  | USD      | voucher_void
      second | no     | yes     | yes     | 2024-01-01T00:00:00Z | 7   | 8  | USD      | voucher_not_approved
      other  | no     | no      | no      | 2024-01-01T00:00:00Z | 0   | 7  | USD      | currency_mismatch
    `);
    for (const row of rows) {
      const numberOf = (text: string) => (text === '0' ? null : Number(text));
      const voucher = {
        batchId: 'b', currency: 'EUR', valueNanos: 1n, resellerId: numberOf(row.for),
        expiresAt: row.expires === 'yes' ? expiresAt : null, voidedAt: row.voided === 'yes' ? expiresAt : null, awaitsApproval: row.pending === 'yes',
      };
      const refusal = voucherRefusal(voucher, { currency: row.currency, resellerId: numberOf(row.of) }, instant(row.at));
      expect({ ...row, answer: refusal?.code ?? 'taken' }).toEqual(row);
    }
  });
});
