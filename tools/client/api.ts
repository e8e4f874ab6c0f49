import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { Stop } from '../cli/stop.ts';
import { inOptions, withField, withNextStep } from './option-words.ts';

/** Where the HTTP door is, and with which key to come in. */
export interface ApiOptions {
  readonly baseUrl: string;
  readonly key: string;
  /** How long a service that is away is waited for, in seconds: it is being started again. Default 60. */
  readonly patienceSec?: number;
  /** How long to wait before a question is asked again; twice as long each time, to a second. */
  readonly pauseMs?: number;
}

const problemBody = z.object({ code: z.string().optional(), title: z.string().optional(), detail: z.string().optional(), field: z.string().optional() });

/** A refusal of the API, as its problem details tell it. */
export class ApiProblem extends Stop {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly #body: z.infer<typeof problemBody>;

  constructor(status: number, body: z.infer<typeof problemBody>, option?: string) {
    const { title = `HTTP ${status}`, detail, field } = body;
    const what = [title, detail].filter(Boolean).join(': ');
    const told = field === undefined ? inOptions(what) : withField(inOptions(what), field, option);
    super(`${withNextStep(told, body.code ?? '')} [${body.code ?? status}]`);
    this.#body = body;
    this.status = status;
    this.code = body.code ?? String(status);
    this.detail = inOptions(body.detail ?? '');
  }

  /** The same refusal, which names the field at fault as the command line says it, where that has an option for it. */
  inOptions(optionOf: (field: string) => string | undefined): ApiProblem {
    const option = this.#body.field === undefined ? undefined : optionOf(this.#body.field);
    return option === undefined ? this : new ApiProblem(this.status, this.#body, option);
  }
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

const retriedStatus = new Set([429, 502, 503, 504]);

/**
 * Talks to the HTTP door as any adapter would. What may pass by itself (a service that is being started again, too many
 * requests) is tried again, which is safe because every request that changes something carries an id of its own.
 */
export class Api {
  readonly #options: ApiOptions;

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> {
    return this.#json('GET', path, undefined, {}, schema);
  }

  post<Schema extends z.ZodType>(path: string, body: unknown, schema: Schema): Promise<z.infer<Schema>> {
    return this.#json('POST', path, JSON.stringify(body), { 'content-type': 'application/json' }, schema);
  }

  delete<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> {
    return this.#json('DELETE', path, undefined, {}, schema);
  }

  /** Deletes what is under a path; there is nothing to say about it. */
  async remove(path: string): Promise<void> {
    await this.#request('DELETE', path, undefined, {});
  }

  /** Sends a text body of another type and reads the whole answer as text. */
  async send(path: string, contentType: string, body: string | Uint8Array): Promise<string> {
    return await this.#request('POST', path, body, { 'content-type': contentType });
  }

  /** Sends a file as it is read, once: what was sent cannot be sent again. A door that does not answer is told of at once. */
  async stream(path: string, contentType: string, body: AsyncIterable<Uint8Array>): Promise<string> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.converse(path, contentType, body)) pieces.push(piece);
    return Buffer.concat(pieces).toString();
  }

  /** As `stream`, of an answer that comes while the file is still being sent, and is as long. */
  async *converse(path: string, contentType: string, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const headers = { authorization: `Bearer ${this.#options.key}`, 'content-type': contentType };
    try {
      const response = await fetch(`${this.#options.baseUrl}${path}`, { method: 'POST', headers, body, duplex: 'half' });
      if (response.status >= 300) throw problem({ status: response.status, text: await response.text() });
      if (response.body !== null) yield* response.body;
    } catch (error) {
      if (error instanceof Stop) throw error;
      throw new Stop(`${this.#options.baseUrl} did not take the file (${error instanceof Error ? error.message : String(error)}); ./tollwire status shows what runs.`);
    }
  }

  /** An answer as it comes in, however long. Throws a refusal before its first byte, and what broke the stream within it. */
  async *download(path: string): AsyncGenerator<Uint8Array> {
    const response = await fetch(`${this.#options.baseUrl}${path}`, { headers: { authorization: `Bearer ${this.#options.key}` } });
    if (!response.ok) throw problem({ status: response.status, text: await response.text() });
    if (response.body !== null) yield* response.body;
  }

  /** The whole answer as text, whatever it is. */
  async text(path: string): Promise<string> {
    return await this.#request('GET', path, undefined, {});
  }

  async #json<Schema extends z.ZodType>(
    method: string, path: string, body: string | undefined, headers: Record<string, string>, schema: Schema,
  ): Promise<z.infer<Schema>> {
    return schema.parse(JSON.parse(await this.#request(method, path, body, headers)));
  }

  async #request(method: string, path: string, body: string | Uint8Array | undefined, headers: Record<string, string>): Promise<string> {
    const deadline = performance.now() + (this.#options.patienceSec ?? 60) * 1000;
    for (let pauseMs = this.#options.pauseMs ?? 50; ; pauseMs = Math.min(pauseMs * 2, 1000)) {
      const answer = await this.#once(method, path, body, headers);
      if (answer instanceof Error) {
        if (performance.now() > deadline) throw new Stop(`${this.#options.baseUrl} does not answer (${answer.message}); ./tollwire status shows what runs.`);
      } else {
        if (answer.status < 300) return answer.text;
        if (!retriedStatus.has(answer.status) || performance.now() > deadline) throw problem(answer);
      }
      await delay(pauseMs);
    }
  }

  /** An answer counts when it is here whole: a server that is killed may have sent half of it. */
  async #once(method: string, path: string, body: string | Uint8Array | undefined, headers: Record<string, string>): Promise<Answer | Error> {
    const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : Buffer.from(body) };
    try {
      const response = await fetch(`${this.#options.baseUrl}${path}`, {
        method,
        headers: { authorization: `Bearer ${this.#options.key}`, ...headers },
        ...sent,
      });
      return { status: response.status, text: await response.text() };
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}

function problem({ status, text }: Answer): ApiProblem {
  const told = problemBody.safeParse(parsedOf(text));
  return new ApiProblem(status, told.success ? told.data : { detail: text.slice(0, 200) });
}

/** What the text says as JSON; nothing where it is none, as from a proxy in between. */
function parsedOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
