import { z } from 'zod';
import type { Api } from '../client/api.ts';
import { pick, type Random } from '../world/random.ts';
import type { Population } from './traffic.ts';

/** What became of the files' rows. */
export interface Imported {
  readonly rows: number;
  readonly accepted: number;
  readonly refused: number;
}

interface FileCall {
  readonly id: string;
  readonly account: string;
  readonly number: string;
  readonly carrierCode: string;
  readonly startSec: number;
  readonly talkSec: number;
}

interface SwitchFile {
  readonly format: 'freeswitch_json' | 'asterisk_csv' | 'kamailio_acc';
  readonly contentType: string;
  readonly row: (call: FileCall) => string;
  /** A row as it comes out of a broken disk or a careless editor. */
  readonly bad: string;
}

const files: readonly SwitchFile[] = [
  { format: 'freeswitch_json', contentType: 'application/x-ndjson', row: freeswitchRow, bad: '{"variables":{"uuid":"broken","start_uepoch":"yesterday"}}' },
  { format: 'asterisk_csv', contentType: 'text/csv', row: asteriskRow, bad: '"acc","4366","not,enough,columns"' },
  { format: 'kamailio_acc', contentType: 'application/x-ndjson', row: kamailioRow, bad: '{"method":"INVITE","callid":"x","sip_code":"700"}' },
];

const callsPerFile = 50;
const counts = z.object({ done: z.literal(true), accepted: z.number(), refused: z.number() });

/**
 * Imports a file of each format in which switches write CDRs: calls that nobody authorized, told after the fact, and a
 * bad row in each. Each file is sent twice, as happens; the second time changes nothing.
 */
export async function importFiles(api: Api, runId: string, random: Random, people: Population): Promise<Imported> {
  const total = { rows: 0, accepted: 0, refused: 0 };
  for (const { format, contentType, row, bad } of files) {
    const calls = Array.from({ length: callsPerFile }, (_, at) => fileCall(`${runId}-${format}-${at}`, random, people));
    const content = `${[...calls.map(row), bad].join('\n')}\n`;
    const path = `/v1/cdrs/import?format=${format}&switchId=${format.split('_')[0]}-${runId}&importId=${runId}-${format}`;
    const answer = await api.send(path, contentType, content);
    await api.send(path, contentType, content);
    const { accepted, refused } = counts.parse(JSON.parse(answer.trim().split('\n').at(-1) ?? ''));
    total.rows += calls.length + 1;
    total.accepted += accepted;
    total.refused += refused;
  }
  return total;
}

function fileCall(id: string, random: Random, { accountCodes, destinations, carrierCodes }: Population): FileCall {
  const { prefix } = pick(random, destinations.filter(({ countryCode }) => countryCode === 'AT' || countryCode === 'DE'));
  return {
    id,
    account: pick(random, accountCodes),
    carrierCode: pick(random, carrierCodes),
    number: `${prefix}${String(Math.floor(random() * 1e7)).padStart(7, '0')}`.slice(0, 14),
    startSec: Math.floor(Date.now() / 1000) - 10_800 + Math.floor(random() * 3600),
    talkSec: 1 + Math.floor(random() * 300),
  };
}

function freeswitchRow({ id, account, number, carrierCode, startSec, talkSec }: FileCall): string {
  const us = (sec: number) => `${sec}000000`;
  return JSON.stringify({
    switchname: 'fs1',
    variables: {
      uuid: id, accountcode: account, carrier_code: carrierCode, direction: 'inbound', hangup_cause: 'NORMAL_CLEARING', hangup_cause_q850: '16',
      start_uepoch: us(startSec), answer_uepoch: us(startSec + 4), end_uepoch: us(startSec + 4 + talkSec), duration: String(talkSec + 4), billsec: String(talkSec),
    },
    callflow: [{ caller_profile: { caller_id_number: '+436641234567', destination_number: `00${number}` } }],
  });
}

function asteriskRow({ id, account, number, carrierCode, startSec, talkSec }: FileCall): string {
  const local = (sec: number) => new Date(sec * 1000).toISOString().slice(0, 19).replace('T', ' ');
  const times = [local(startSec), local(startSec + 5), local(startSec + 5 + talkSec), String(talkSec + 5), String(talkSec)];
  const fields = [account, '436641234567', `+${number}`, 'out', '"A" <436641234567>', `PJSIP/${account}-1`, `PJSIP/${carrierCode}-2`, 'Dial', '', ...times, 'ANSWERED', 'DOCUMENTATION', id, ''];
  return fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(',');
}

function kamailioRow({ id, account, number, carrierCode, startSec, talkSec }: FileCall): string {
  const start = `${startSec}.250000`;
  const parties = { src_user: '436641234567', dst_user: `+${number}`, account, carrier: carrierCode };
  return JSON.stringify({ start_time: start, end_time: `${startSec + talkSec}.250000`, duration: `${talkSec}.000`, callid: id, ...parties });
}
