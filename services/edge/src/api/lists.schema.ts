import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ListSubjectSchema, ShowListRequestSchema } from '@tollwire/contracts';
import { z } from 'zod';
import { instant, prefix, text, whole, wholeText } from '../http/primitives.ts';

const country = z.string().regex(/^(?![1-9]\d+$)[A-Z0-9]{2,3}$/, 'must be the code of a country in the number plan').meta({ example: 'AT' });
const subject = z.union([prefix, country]).meta({ description: 'A prefix, or the code of a country.', example: '43664' });

/** Exactly one of a prefix and a country. */
const entry = z
  .strictObject({ prefix: prefix.optional(), country: country.optional(), reason: text(200).optional().meta({ example: 'Wangiri from this range' }) })
  .check((context) => {
    const { prefix: digits, country: code } = context.value;
    if ((digits === undefined) !== (code === undefined)) return;
    const message = digits === undefined ? 'is missing: name a prefix or a country' : 'must stand alone: name a prefix or a country, not both';
    context.issues.push({ code: 'custom', message, input: digits, path: ['prefix'] });
  })
  .transform(({ prefix: digits, country: code, reason = '' }): MessageInitShape<typeof ListSubjectSchema> => {
    return { reason, subject: digits === undefined ? { case: 'country', value: code ?? '' } : { case: 'prefix', value: digits } };
  });

export const listPath = z.strictObject({ list: z.enum(['blacklist', 'whitelist']) });
export type ListPath = z.output<typeof listPath>;

export const listedNumbers = z.strictObject({ entries: z.array(entry).min(1).max(1000) });
export type ListedNumbers = z.output<typeof listedNumbers>;

export const listPage = z
  .strictObject({
    entry: subject.optional().meta({ description: 'Only this one.', example: 'AT' }),
    removed: z.stringbool().default(false).meta({ description: 'Also entries that were taken off.', example: 'true' }),
    from: instant.optional().meta({ description: 'Hits since then, by whole hours of UTC.', example: '2026-03-14T00:00:00Z' }),
    until: instant.optional().meta({ description: 'Hits before then.', example: '2026-03-15T00:00:00Z' }),
    pageSize: wholeText(1, 1000).default(100),
    after: subject.optional().meta({ description: 'What the page before answered as `nextAfterSubject`.', example: '43664' }),
  })
  .transform(({ entry: one, removed, from, until, pageSize, after }) => ({
    subject: one ?? '', withDelisted: removed, fromUs: from ?? 0n, untilUs: until ?? 0n, pageSize, afterSubject: after ?? '',
  }) satisfies MessageInitShape<typeof ShowListRequestSchema>);
export type ListPage = z.output<typeof listPage>;

/** Who is told that calls met a list. */
export const listNotice = z
  .strictObject({
    email: text(100).optional().meta({ example: 'noc@carrier.example' }),
    webhookUrl: text(2000).optional().meta({ description: 'Not within a network, unless that is allowed by setting.', example: 'https://noc.example/tollwire' }),
    webhookSecret: text(256).min(16).optional().meta({ description: 'Signs what is sent; never shown again.' }),
    throttleSec: whole(0, 31_536_000).default(600).meta({ description: 'No second notice for so long.' }),
  })
  .transform(({ email, webhookUrl, webhookSecret, throttleSec }) => ({ email: email ?? '', webhookUrl: webhookUrl ?? '', webhookSecret: webhookSecret ?? '', throttleSec }));
export type ListNoticeBody = z.output<typeof listNotice>;
