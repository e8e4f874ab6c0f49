import type { Readable } from 'node:stream';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { type Entry, fromBuffer, type ZipFile } from 'yauzl';

/** The file is no workbook that can be read; says what is wrong with it, for whoever sent it. */
export class BadWorkbook extends Error {
  override readonly name = 'BadWorkbook';
}

/** A sheet as the workbook lists it. */
export interface SheetEntry {
  readonly name: string;
  readonly isHidden: boolean;
  /** The part that holds it. */
  readonly part: string;
}

export interface Workbook {
  readonly sheets: readonly SheetEntry[];
  /** Days count from 1904, not from 1900. */
  readonly countsFrom1904: boolean;
  /** Which strings its cells refer to; the part is undefined where they hold their text themselves. */
  readonly stringsPart: string | undefined;
  /** The parts by their names. */
  readonly parts: ReadonlyMap<string, Entry>;
  readonly zip: ZipFile;
}

const PARTS_MAX = 10_000;
/** Of a part with its compression taken away; a million rows of ten cells have some 500 MB. */
const PART_BYTES_MAX = 1_536 * 1024 * 1024;
/** What a workbook, its relations and their like may have: a file that is small and unpacks to much is no deck. */
const DIRECTORY_BYTES_MAX = 8 * 1024 * 1024;
const SLICE_MS = 8;

const zipHeader = Buffer.from('PK\u0003\u0004');
const oldWorkbookHeader = Buffer.from('d0cf11e0', 'hex');

/** Whether a file's first bytes are those of a workbook, be it one that is read here, or an old or protected one that is not. */
export function workbookKind(head: Buffer): 'workbook' | 'old workbook' | undefined {
  if (head.subarray(0, 4).equals(zipHeader)) return 'workbook';
  return head.subarray(0, 4).equals(oldWorkbookHeader) ? 'old workbook' : undefined;
}

/**
 * Opens an XLSX workbook (ECMA-376): its list of sheets. Throws BadWorkbook where it is none. The file is in memory, its
 * parts are read as streams: a sheet is never whole in memory.
 */
export async function openWorkbook(file: Buffer): Promise<Workbook> {
  const zip = await openZip(file);
  const parts = await partsOf(zip);
  const directory = { zip, parts };
  const root = await relationsOf(directory, '_rels/.rels', '');
  const main = [...root.values()].find(({ type }) => type.endsWith('/officeDocument'))?.target ?? 'xl/workbook.xml';
  const folder = main.slice(0, main.lastIndexOf('/') + 1);
  const relations = await relationsOf(directory, `${folder}_rels/${main.slice(folder.length)}.rels`, folder);
  const sheets: SheetEntry[] = [];
  let countsFrom1904 = false;
  await readXml(directory, main, DIRECTORY_BYTES_MAX, {
    open: ({ name, attributes }) => {
      if (localName(name) === 'workbookPr') countsFrom1904 = ['1', 'true'].includes(attributes['date1904'] ?? '');
      if (localName(name) !== 'sheet') return;
      const id = Object.entries(attributes).find(([key]) => key === 'id' || key.endsWith(':id'))?.[1] ?? '';
      const part = relations.get(id)?.target;
      if (part !== undefined) sheets.push({ name: attributes['name'] ?? '', part, isHidden: (attributes['state'] ?? 'visible') !== 'visible' });
    },
  });
  if (sheets.length === 0) throw new BadWorkbook('It has no sheet.');
  const stringsPart = [...relations.values()].find(({ type }) => type.endsWith('/sharedStrings'))?.target;
  return { ...directory, sheets, countsFrom1904, stringsPart };
}

/** What is told of an XML part as it is read. */
export interface XmlListener {
  open?(tag: SaxesTagPlain): void;
  text?(text: string): void;
  close?(name: string): void;
  /** After each piece, some 64 KB; what it answers true to ends the reading. */
  piece?(): boolean;
}

/**
 * Reads a part as XML, well-formed or not at all: no entities but the five of XML, no documents from elsewhere. Pauses
 * whenever it has run for some milliseconds. Throws BadWorkbook.
 */
export async function readXml({ zip, parts }: Pick<Workbook, 'zip' | 'parts'>, part: string, bytesMax: number, listener: XmlListener): Promise<void> {
  const entry = parts.get(part.toLowerCase());
  if (entry === undefined) throw new BadWorkbook(`It has no part ${part}.`);
  if (entry.uncompressedSize > Math.min(bytesMax, PART_BYTES_MAX)) throw new BadWorkbook(`Its part ${part} is too large.`);
  if (entry.isEncrypted()) throw new BadWorkbook('It is protected by a password; save it without.');
  const parser = new SaxesParser({ xmlns: false });
  parser.on('error', (error) => {
    throw new BadWorkbook(`Its part ${part} is no XML: ${error.message.slice(0, 200)}`);
  });
  parser.on('doctype', () => {
    throw new BadWorkbook(`Its part ${part} declares a document type, which no workbook does.`);
  });
  parser.on('opentag', (tag) => listener.open?.(tag));
  parser.on('text', (text) => listener.text?.(text));
  parser.on('cdata', (text) => listener.text?.(text));
  parser.on('closetag', ({ name }) => listener.close?.(name));
  await feed(await streamOf(zip, entry), parser, listener);
}

/** The part of a name after its namespace's prefix. */
export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

async function feed(stream: Readable, parser: SaxesParser, listener: XmlListener): Promise<void> {
  const decoder = new TextDecoder();
  let since = performance.now();
  try {
    for await (const piece of stream) {
      parser.write(decoder.decode(Buffer.isBuffer(piece) ? piece : Buffer.from(String(piece)), { stream: true }));
      if (listener.piece?.() === true) return;
      if (performance.now() - since < SLICE_MS) continue;
      await new Promise((resolve) => setImmediate(resolve));
      since = performance.now();
    }
    parser.close();
    listener.piece?.();
  } catch (error) {
    throw error instanceof BadWorkbook || !isOfStream(error) ? error : new BadWorkbook(`It is damaged: ${error.message}`);
  }
}

/** What zlib and yauzl say of bytes that are not what they should be. */
function isOfStream(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return ('code' in error && String(error.code).startsWith('Z_')) || /bytes|crc|size|stream|header/i.test(error.message);
}

function openZip(file: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    fromBuffer(file, { lazyEntries: true, validateEntrySizes: true, autoClose: false }, (error, zip) => {
      if (error === null) resolve(zip);
      else reject(new BadWorkbook(`It is no workbook, or not all of it: ${error.message}`));
    });
  });
}

function partsOf(zip: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  if (zip.entryCount > PARTS_MAX) throw new BadWorkbook(`It has more than ${PARTS_MAX} parts.`);
  const parts = new Map<string, Entry>();
  return new Promise((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      parts.set(entry.fileName.toLowerCase(), entry);
      zip.readEntry();
    });
    zip.on('end', () => resolve(parts));
    zip.on('error', (error: Error) => reject(new BadWorkbook(`It is damaged: ${error.message}`)));
    zip.readEntry();
  });
}

function streamOf(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error === null) resolve(stream);
      else reject(new BadWorkbook(`It is damaged: ${error.message}`));
    });
  });
}

interface Relation {
  readonly type: string;
  readonly target: string;
}

/** What a part refers to, by the ids that it uses; nothing where it refers to nothing. */
async function relationsOf(directory: Pick<Workbook, 'zip' | 'parts'>, part: string, folder: string): Promise<ReadonlyMap<string, Relation>> {
  const relations = new Map<string, Relation>();
  if (!directory.parts.has(part.toLowerCase())) return relations;
  await readXml(directory, part, DIRECTORY_BYTES_MAX, {
    open: ({ name, attributes }) => {
      if (localName(name) !== 'Relationship' || attributes['TargetMode'] === 'External') return;
      const target = attributes['Target'] ?? '';
      relations.set(attributes['Id'] ?? '', { type: attributes['Type'] ?? '', target: target.startsWith('/') ? target.slice(1) : `${folder}${target}` });
    },
  });
  return relations;
}
