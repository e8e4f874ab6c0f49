import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ChangeListReplySchema, ChangeListRequest, CodedRefusal, ListService, ListSubject as SubjectMessage } from '@tollwire/contracts';
import { ok, present, refuse, type Result } from '@tollwire/core';
import type { CommandItem, EventMeta } from '@tollwire/event-store';
import type { ServiceImplementation } from '@tollwire/messaging';
import type { CdrDeps } from '../cdr.deps.ts';
import { type ListEntryCommand, type ListName, listNames, type ListSubject } from '../domain/list-entry.ts';
import { listEntryIdOf } from './list-projections.ts';
import { listNotices, setListNotice } from './list-notices.ts';
import { showList } from './show-list.ts';
import { snapshotLists } from './snapshot-lists.ts';

const entriesMax = 1_000;
const reasonMax = 200;
const byMax = 128;
const prefixForm = /^[1-9]\d{0,14}$/;
/** A code that could be a prefix as well would name the entry of that prefix. */
const countryForm = /^(?![1-9]\d+$)[A-Z0-9]{2,3}$/;
const controlCharacter = /[\u0000-\u001f\u007f]/;

type ListDeps = Pick<CdrDeps, 'database' | 'clock' | 'catalog' | 'lists' | 'allowsPrivateWebhooks'>;
type Changed = Result<MessageInitShape<typeof ChangeListReplySchema>, CodedRefusal>;

/** The answers of ListService. */
export function listAnswers(deps: ListDeps): ServiceImplementation<typeof ListService> {
  return {
    listNumbers: (request, context) => changeList(deps, request, metaOf(context), (entry) => listing(deps, entry)),
    delistNumbers: (request, context) => changeList(deps, request, metaOf(context), ({ by, at }) => Promise.resolve(ok({ type: 'Delist', by, at }))),
    showList: (request) => showList(deps.database, request),
    setListNotice: (request) => setListNotice(deps, request),
    listNotices: async () => ok({ notices: await listNotices(deps.database) }),
    snapshotLists: (request) => snapshotLists(deps.database, request),
  };
}

function metaOf({ traceparent }: { readonly traceparent?: string }): EventMeta {
  return traceparent === undefined ? {} : { traceparent };
}

/** An entry of a request, read. */
interface Asked {
  readonly list: ListName;
  readonly subject: ListSubject;
  readonly reason: string;
  readonly by: string;
  readonly at: ReturnType<CdrDeps['clock']['nowUs']>;
}

type ToCommand = (entry: Asked) => Promise<Result<ListEntryCommand, CodedRefusal>>;

/** Carries out a change of many entries in one transaction; each stands for itself. */
async function changeList(deps: ListDeps, request: ChangeListRequest, meta: EventMeta, commandOf: ToCommand): Promise<Changed> {
  const list = listNames.find((name) => name === request.list);
  if (list === undefined) return refuse({ code: 'field_malformed', field: 'list', facts: { allowed: listNames.join(', ') } });
  if (request.entries.length > entriesMax) return refuse({ code: 'too_many_items', field: 'entries', detail: `Give at most ${entriesMax} entries at once.` });
  const by = request.by.replaceAll(/[\u0000-\u001f\u007f]/g, '').slice(0, byMax);
  const at = deps.clock.nowUs();
  const refused: { index: number; refusal: CodedRefusal }[] = [];
  const items: (CommandItem<ListEntryCommand> & { readonly index: number })[] = [];
  for (const [index, entry] of request.entries.entries()) {
    const asked = askedOf(entry);
    const command = asked.ok ? await commandOf({ ...asked.value, list, by, at }) : asked;
    if (asked.ok && command.ok) items.push({ id: listEntryIdOf(list, asked.value.subject), command: command.value, meta, index });
    else if (!command.ok) refused.push({ index, refusal: command.refusal });
  }
  const answers = items.length === 0 ? [] : await deps.lists.handleMany(items);
  let changedCount = 0;
  for (const [at_, answer] of answers.entries()) {
    if (answer.ok) changedCount += answer.value.events.length > 0 ? 1 : 0;
    else refused.push({ index: present(items[at_], 'the item of an answer').index, refusal: { ...answer.refusal, field: 'entries' } });
  }
  const unchangedCount = request.entries.length - changedCount - refused.length;
  return ok({ changedCount, unchangedCount, refused: refused.toSorted((one, other) => one.index - other.index).map(refusedOf) });
}

function refusedOf({ index, refusal: { code, detail = '', field = '', facts = {} } }: { index: number; refusal: CodedRefusal }) {
  return { index, refusal: { code, detail, field, facts: { ...facts } } };
}

function askedOf({ subject, reason }: SubjectMessage): Result<Pick<Asked, 'subject' | 'reason'>, CodedRefusal> {
  if (reason.length > reasonMax || controlCharacter.test(reason)) return refuse({ code: 'field_malformed', field: 'reason', detail: `Give the reason as at most ${reasonMax} printable characters.` });
  if (subject.case === undefined) return refuse({ code: 'field_missing', field: 'prefix', detail: 'Name a prefix or a country.' });
  const { case: kind, value } = subject;
  if (kind === 'prefix' && !prefixForm.test(value)) return refuse({ code: 'field_malformed', field: 'prefix', detail: 'A prefix is 1 to 15 digits that do not start with 0.' });
  if (kind === 'country' && !countryForm.test(value)) return refuse({ code: 'field_malformed', field: 'country', detail: 'A country is its code in the number plan, as AT.' });
  return ok({ subject: { kind, value }, reason });
}

/** An entry with what it stands for: of a country, the catalog says. */
async function listing({ catalog }: ListDeps, entry: Asked): Promise<Result<ListEntryCommand, CodedRefusal>> {
  const { kind, value } = entry.subject;
  if (kind === 'prefix') return ok({ type: 'List', ...entry, prefixes: [value] });
  const cover = await catalog.coverCountry({ countryCode: value });
  if (!cover.ok) return refuse({ ...cover.refusal, field: 'country' });
  const { prefixes } = cover.value;
  if (prefixes.length === 0) return refuse({ code: 'unknown_prefix', field: 'country', detail: `The number plan has no prefix of ${value}.` });
  return ok({ type: 'List', ...entry, prefixes });
}
