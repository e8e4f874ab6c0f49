import { describe, expect, it } from '@jest/globals';
import { cursorIn, RowReader, wholePages } from './pages.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('rows of an export', () => {
  it('are whole, also with line breaks within them and cut anywhere', () => {
    const text = 'a,cursor\r\n"x\r\ny""z",\r\nb,abc\r\n';
    for (let cut = 0; cut <= text.length; cut += 1) {
      const reader = new RowReader();
      expect([...reader.push(text.slice(0, cut)), ...reader.push(text.slice(cut))]).toEqual(['a,cursor\r\n', '"x\r\ny""z",\r\n', 'b,abc\r\n']);
    }
    expect(['b,abc\r\n', 'b,\r\n', 'b,"a,b"\r\n'].map(cursorIn)).toEqual(['abc', '', '']);
  });
});

describe('pages of an export', () => {
  const rows: Readonly<Record<string, string>> = { '': 'id,cursor\r\na,\r\nb,two\r\nc,\r\nd,\r\n', two: 'id,cursor\r\nc,\r\nd,\r\n' };

  async function* broken(text: string): AsyncGenerator<Uint8Array> {
    yield bytes(text);
    await Promise.reject(new Error('the connection was reset'));
  }

  async function* whole(text: string): AsyncGenerator<Uint8Array> {
    await Promise.resolve();
    yield bytes(text);
  }

  it('are handed over once each, whatever breaks', async () => {
    const asked: string[] = [];
    let breaks = 2;
    const open = (cursor: string) => {
      asked.push(cursor);
      const text = rows[cursor] ?? '';
      return (breaks -= 1) >= 0 ? broken(text.slice(0, -4)) : whole(text);
    };
    let read = '';
    for await (const page of wholePages(open, '')) read += page;
    expect(read).toBe(rows['']);
    expect(asked).toEqual(['', 'two', 'two']);
  });

  it('end with the error that comes again and again', async () => {
    const pages = wholePages(() => broken('id,cursor\r\n'), '');
    await expect(pages.next()).rejects.toThrow('reset');
  });
});
