import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CatalogService, CodedRefusal, ExchangeRateListingSchema, SetExchangeRateRequest } from '@tollwire/contracts';
import { type InstantUs, ok, present, refuse, type Result } from '@tollwire/core';
import type { ServiceImplementation } from '@tollwire/messaging';
import { type Decimal, exchangeDecimalOf, type DecimalRefusal, formatExchangeRate } from '@tollwire/telecom';
import type { Aggregates, CatalogDeps } from '../catalog.deps.ts';
import type { DatedRate } from '../domain/exchange-rate.ts';
import { byField, currencyField, instantField, nameField } from '../wire/fields.ts';
import { metaOf } from '../wire/meta.ts';
import { exchangeRateIdOf } from './exchange-rate-list.ts';
import { firstRate, type ListedExchangeRate, type RateCursor, readExchangeRates } from './exchange-rate-reads.ts';

const PAGE_MAX = 500;

type ExchangeMethods = 'setExchangeRate' | 'listExchangeRates';

/** Answers what is about exchange rates. */
export function exchangeRateAnswers({ database, clock }: CatalogDeps, aggregates: Aggregates): Pick<ServiceImplementation<typeof CatalogService>, ExchangeMethods> {
  return {
    async setExchangeRate(request, context) {
      const now = clock.nowUs();
      const [rate, by] = [rateFields(request, now), byField(request.by)];
      if (!rate.ok) return rate;
      if (!by.ok) return by;
      const { base, quote, validFrom } = rate.value;
      await aggregates.exchangeRates.handle(exchangeRateIdOf(rate.value), { type: 'SetExchangeRate', ...rate.value, by: by.value, at: now }, metaOf(context));
      const [counting] = (await readExchangeRates(database, { base, quote }, { base, quote, validFromUs: validFrom, revision: 0 }, PAGE_MAX)).filter((each) => !each.isCorrected);
      return ok(listingOf(present(counting, 'the rate that was set')));
    },

    async listExchangeRates({ base, quote, pageToken }) {
      const after = cursorOf(pageToken);
      if (after === undefined) return refuse({ code: 'field_malformed', field: 'pageToken', detail: 'Give the token of the page before, or none.' });
      const rates = await readExchangeRates(database, { base, quote }, after, PAGE_MAX);
      const last = rates.at(-1);
      return ok({ exchangeRates: rates.map(listingOf), nextPageToken: last === undefined || rates.length < PAGE_MAX ? '' : tokenOf(last) });
    },
  };
}

/** A rate as it was asked for. Refuses two currencies that are one, and a rate that is no decimal above 0 of at most 18 digits. */
function rateFields({ base, quote, rate, validFromUs, source }: SetExchangeRateRequest, now: InstantUs): Result<DatedRate, CodedRefusal> {
  const [from, to] = [currencyField(base, 'base'), currencyField(quote, 'quote')];
  if (!from.ok) return from;
  if (!to.ok) return to;
  if (from.value === to.value) return refuse({ code: 'field_malformed', field: 'quote', detail: 'Give two different currencies.' });
  const [value, said] = [rateField(rate), nameField(source, 'source')];
  if (!value.ok) return value;
  if (!said.ok) return said;
  const validFrom = validFromUs === 0n ? ok(now) : instantField(validFromUs, 'validFromUs');
  return validFrom.ok ? ok({ base: from.value, quote: to.value, ...value.value, validFrom: validFrom.value, source: said.value }) : validFrom;
}

function rateField(text: string): Result<Decimal, CodedRefusal> {
  if (text === '') return refuse({ code: 'field_missing', field: 'rate', detail: 'Give rate.' });
  const rate = exchangeDecimalOf(text);
  return rate.ok ? rate : refuse({ code: rate.refusal.code, field: 'rate', detail: advice[rate.refusal.reason] });
}

const advice: Readonly<Record<DecimalRefusal['reason'], string>> = {
  form: 'Give rate as decimal text, as 1.0842.',
  zero: 'Give a rate above 0.',
  digits: 'Give a rate of at most 18 digits that count.',
};

function listingOf({ recordedBy, validFrom, validUntil, recordedAt, ...rate }: ListedExchangeRate): MessageInitShape<typeof ExchangeRateListingSchema> {
  const { base, quote, revision, source, isCorrected } = rate;
  return {
    ...{ base, quote, revision, rate: formatExchangeRate(rate), source, isCorrected, by: recordedBy },
    validFromUs: BigInt(validFrom), validUntilUs: BigInt(validUntil ?? 0), recordedAtUs: BigInt(recordedAt),
  };
}

function tokenOf({ base, quote, validFrom, revision }: ListedExchangeRate): string {
  return `${base}/${quote}/${validFrom}/${revision}`;
}

function cursorOf(token: string): RateCursor | undefined {
  if (token === '') return firstRate;
  const [, base, quote, validFromUs, revision] = /^([A-Z]{3})\/([A-Z]{3})\/(\d{1,16})\/(\d{1,9})$/.exec(token) ?? [];
  return base === undefined || quote === undefined ? undefined : { base, quote, validFromUs: Number(validFromUs), revision: Number(revision) };
}
