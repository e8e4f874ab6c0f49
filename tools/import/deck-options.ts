import { Misuse } from '../cli/stop.ts';

/** The options by which `import deck` is told how a carrier writes its decks. */
export const deckOptions = {
  plan: { type: 'string' }, kind: { type: 'string' }, owner: { type: 'string' },
  map: { type: 'string' }, columns: { type: 'string' }, delimiter: { type: 'string' }, 'header-line': { type: 'string' }, 'no-header': { type: 'boolean' },
  'date-order': { type: 'string' }, zone: { type: 'string' }, from: { type: 'string' }, per: { type: 'string' }, decimal: { type: 'string' },
  blocked: { type: 'string' }, sheet: { type: 'string' },
  windows: { type: 'string' }, 'window-zone': { type: 'string' }, amends: { type: 'boolean' }, 'dry-run': { type: 'boolean' }, errors: { type: 'string' },
} as const;

export const deckHelp = `  --plan PLAN         whose rates these are: tariff:ID, retail:ID or carrier:ID
  --dry-run           reads and checks the file, and makes no version of it
  --amends            the file holds changes: prefixes that it does not name keep their rates
  --errors FILE       writes every bad row with its reason to FILE, as CSV

A file has columns for prefix, rate, connect fee, increments, dates, time windows (timing), further steps (steps: 0.05@60/6), charges
(disconnect_fee, attempt_fee, min_charge …), blocked destinations, and names of destinations.

How a deck is written, as far as the file itself does not tell (docs/RATE_DECKS.md has all columns, and examples):
  --map MAP           which title is which column: prefix=Code,rate=Price or, by number, prefix=#1,rate=#3
  --columns NAMES     the columns in their order, where there is no header: prefix,rate,valid_from
  --delimiter C       , ; | or tab
  --header-line N     the line of the header (default: looked for in the first 50 rows)
  --no-header         the first row is a rate already
  --sheet SHEET       the sheet of a workbook, by name or number (default: the first that has a header)
  --date-order ORDER  iso, dmy or mdy: what 01/02/2026 is
  --from DATE         when rates without a date begin (default: with the version)
  --per SECONDS       rates are for so many seconds (default: 60)
  --decimal MARK      the decimal mark: , or .
  --windows WINDOWS   time windows by the names that the file has for them, in the column timing or as titles of columns with rates:
                      "peak=mon-fri 08:00-20:00;weekend=sat-sun;off-peak=any"
  --window-zone ZONE  whose clocks the windows go by (default: the plan's)
  --blocked WORDS     what stands in place of a blocked rate, by commas: closed,n/a
`;

type Values = { readonly [Name in keyof typeof deckOptions]?: string | boolean | undefined };

const names: Readonly<Partial<Record<keyof typeof deckOptions, string>>> = {
  map: 'map', columns: 'columns', 'header-line': 'headerLine', 'no-header': 'noHeader', 'date-order': 'dateOrder', zone: 'zone', from: 'validFrom',
  per: 'rateUnitSec', decimal: 'decimal', blocked: 'blockedWords', sheet: 'sheet', windows: 'windows', 'window-zone': 'windowZone', amends: 'amends', 'dry-run': 'dryRun',
};

/** The question of the API that says what the options say. Stops where no plan is named. */
export function deckQuery(values: Values): URLSearchParams {
  const query = new URLSearchParams(planOf(values));
  for (const [option, name] of Object.entries(names)) {
    const value = new Map<string, string | boolean | undefined>(Object.entries(values)).get(option);
    if (value !== undefined) query.set(name, String(value));
  }
  if (values.delimiter !== undefined) query.set('delimiter', values.delimiter === 'tab' || values.delimiter === '\\t' ? '\t' : String(values.delimiter));
  return query;
}

/** `carrier:7`, or the kind and the number apart. */
function planOf({ plan, kind, owner }: Values): { kind: string; ownerId: string } {
  const [, named = kind, id = owner] = /^(tariff|retail|carrier):([1-9]\d{0,9})$/.exec(typeof plan === 'string' ? plan : '') ?? [];
  if (typeof named === 'string' && typeof id === 'string') return { kind: named, ownerId: id };
  throw new Misuse('Say whose rates these are: --plan tariff:ID, retail:ID or carrier:ID.');
}
