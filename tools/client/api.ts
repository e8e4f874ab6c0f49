import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { Stop } from '../cli/stop.ts';

/** Where the HTTP door is, and with which key to come in. */
export interface ApiOptions {
  readonly baseUrl: string;
  readonly key: string;
  /** How long a service that is away is waited for, in seconds: it is being started again. Default 60. */
  readonly patienceSec?: number;
}

const problemBody = z.object({ code: z.string().optional(), title: z.string().optional(), detail: z.string().optional(), field: z.string().optional() });

/** A refusal of the API, as its problem details tell it. */
export class ApiProblem extends Stop {
  readonly status: number;
  readonly code: string;

  constructor(method: string, path: string, status: number, body: z.infer<typeof problemBody>) {
    const what = [body.title ?? `HTTP ${status}`, body.detail, body.field === undefined ? undefined : `(field ${body.field})`];
    super(`${method} ${path}: ${what.filter(Boolean).join(' ')} [${body.code ?? status}]`);
    this.status = status;
    this.code = body.code ?? String(status);
  }
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

  /** Sends a text body of another type and reads the whole answer as text. */
  async send(path: string, contentType: string, body: string | Uint8Array): Promise<string> {
    const response = await this.#request('POST', path, body, { 'content-type': contentType });
    return await response.text();
  }

  async #json<Schema extends z.ZodType>(
    method: string, path: string, body: string | undefined, headers: Record<string, string>, schema: Schema,
  ): Promise<z.infer<Schema>> {
    const response = await this.#request(method, path, body, headers);
    return schema.parse(await response.json());
  }

  async #request(method: string, path: string, body: string | Uint8Array | undefined, headers: Record<string, string>): Promise<Response> {
    const deadline = performance.now() + (this.#options.patienceSec ?? 60) * 1000;
    for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 1000)) {
      const response = await this.#once(method, path, body, headers);
      if (response instanceof Response) {
        if (response.ok) return response;
        if (!retriedStatus.has(response.status) || performance.now() > deadline) throw await problem(method, path, response);
        await response.arrayBuffer();
      } else if (performance.now() > deadline) {
        throw new Stop(`${this.#options.baseUrl} does not answer (${response.message}); ./tollwire status shows what runs.`);
      }
      await delay(pauseMs);
    }
  }

  async #once(method: string, path: string, body: string | Uint8Array | undefined, headers: Record<string, string>): Promise<Response | Error> {
    const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : Buffer.from(body) };
    try {
      return await fetch(`${this.#options.baseUrl}${path}`, {
        method,
        headers: { authorization: `Bearer ${this.#options.key}`, ...headers },
        ...sent,
      });
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}

async function problem(method: string, path: string, response: Response): Promise<ApiProblem> {
  const text = await response.text();
  const told = problemBody.safeParse(parsedOf(text));
  return new ApiProblem(method, path, response.status, told.success ? told.data : { detail: text.slice(0, 200) });
}

/** What the text says as JSON; nothing where it is none, as from a proxy in between. */
function parsedOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
