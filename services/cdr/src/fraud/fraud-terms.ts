import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, FraudTerms, FraudTermsSchema } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import { currencyOf } from '@tollwire/telecom';
import { fraudActions, fraudMeasures, type FraudRule, fraudSubjects } from '../domain/fraud-rule.ts';
import { amountOf, amountText } from './amounts.ts';
import { ruleOfRow, type RuleRow } from './watch-book.ts';

/** What a rule is about, checked. */
export type Terms = Omit<FraudRule, 'id' | 'sinceUs'>;

const nameMax = 100;
const prefixesMax = 1_000;
const payersMax = 1_000;
const payerForm = /^(card|account):[^\u0000-\u001f\u007f]{1,255}$/;
const prefixForm = /^[1-9]\d{0,14}$/;
const shortSecUsual = 10;

/** The terms of a request, or the field at fault and what it may be. */
export function termsOf(terms: FraudTerms | undefined): Result<Terms, CodedRefusal> {
  if (terms === undefined) return refuse({ code: 'field_missing', field: 'terms' });
  const by = oneOf('by', fraudSubjects, terms.by || 'payer');
  const measure = oneOf('measure', fraudMeasures, terms.measure);
  const action = oneOf('action', fraudActions, terms.action || 'tell');
  if (!by.ok) return by;
  if (!measure.ok) return measure;
  if (!action.ok) return action;
  const { name, windowSec, shortSec } = terms;
  if (name === '' || name.length > nameMax || /[\u0000-\u001f\u007f]/.test(name)) return malformed('name', `Give the name as 1 to ${nameMax} printable characters.`);
  if (windowSec < 60 || windowSec > 86_400) return outOfRange('windowSec', 'Give a window of 60 to 86,400 seconds.');
  if (shortSec > 3_600) return outOfRange('shortSec', 'Give at most 3,600 seconds.');
  if (action.value === 'block' && by.value === 'cli') return malformed('action', 'A caller cannot be blocked: let the rule tell, or count by payer.');
  const limit = amountOf(measure.value, terms.limit);
  if (limit === undefined) return malformed('limit', 'Give the limit as decimal text; of calls, as a whole number.');
  const [currency, ranges, payers, exceptPayers] = [currencyTerm(terms), rangesOf(terms), payersOf(terms, 'payers'), payersOf(terms, 'exceptPayers')];
  if (!currency.ok) return currency;
  if (!ranges.ok) return ranges;
  if (!payers.ok) return payers;
  if (!exceptPayers.ok) return exceptPayers;
  if (action.value === 'block' && by.value === 'destination' && payers.value.length > 0) {
    return malformed('action', 'A destination is blocked for everybody, not for some payers: let the rule tell, or count by payer and name prefixes.');
  }
  const whose = { by: by.value, payers: payers.value, exceptPayers: exceptPayers.value };
  return ok({ name, ...whose, measure: measure.value, windowSec, limit, currency: currency.value, ranges: ranges.value, shortSec: shortSec || shortSecUsual, action: action.value });
}

function currencyTerm({ measure, currency }: FraudTerms): Result<string, CodedRefusal> {
  if (measure !== 'spend') return currency === '' ? ok('') : malformed('currency', 'Only spend has a currency.');
  const read = currencyOf(currency);
  return read.ok ? read : refuse({ code: 'currency_malformed', field: 'currency' });
}

function payersOf(terms: FraudTerms, field: 'payers' | 'exceptPayers'): Result<readonly string[], CodedRefusal> {
  if (terms[field].length > payersMax) return refuse({ code: 'too_many_items', field, detail: `Give at most ${payersMax}.` });
  const bad = terms[field].findIndex((payer) => !payerForm.test(payer));
  return bad === -1 ? ok([...new Set(terms[field])]) : malformed(`${field}[${bad}]`, 'Name who pays as card:ID or account:CODE.');
}

function rangesOf({ prefixes, highRisk }: FraudTerms): Result<FraudRule['ranges'], CodedRefusal> {
  if (highRisk && prefixes.length > 0) return malformed('prefixes', 'Give either prefixes or the high-risk ranges.');
  if (prefixes.length > prefixesMax) return refuse({ code: 'too_many_items', field: 'prefixes', detail: `Give at most ${prefixesMax}; longer lists are high-risk ranges.` });
  const bad = prefixes.findIndex((prefix) => !prefixForm.test(prefix));
  if (bad !== -1) return malformed(`prefixes[${bad}]`, 'A prefix is 1 to 15 digits that do not start with 0.');
  if (highRisk) return ok('high_risk');
  return ok(prefixes.length === 0 ? 'any' : [...new Set(prefixes)]);
}

function oneOf<T extends string>(field: string, allowed: readonly T[], text: string): Result<T, CodedRefusal> {
  const found = allowed.find((each) => each === text);
  return found === undefined ? refuse({ code: 'field_malformed', field, facts: { allowed: allowed.join(', ') } }) : ok(found);
}

function malformed(field: string, detail: string): { ok: false; refusal: CodedRefusal } {
  return refuse({ code: 'field_malformed', field, detail });
}

function outOfRange(field: string, detail: string): { ok: false; refusal: CodedRefusal } {
  return refuse({ code: 'field_out_of_range', field, detail });
}

/** Terms as they are kept. */
export function rangesText({ ranges }: Pick<Terms, 'ranges'>): string {
  return typeof ranges === 'string' ? ranges : ranges.join();
}

/** Terms as they are answered. */
export function termsMessage(row: RuleRow): MessageInitShape<typeof FraudTermsSchema> {
  const { name, by, measure, windowSec, limit, currency, ranges, payers, exceptPayers, shortSec, action } = ruleOfRow(row);
  const where = typeof ranges === 'string' ? { highRisk: ranges === 'high_risk' } : { prefixes: [...ranges] };
  return { name, by, measure, windowSec, limit: amountText(measure, limit), currency, ...where, payers: [...payers], exceptPayers: [...exceptPayers], shortSec, action };
}
