/** What an upstream does while it answers, one thing after the other; after the last the answer ends in order. */
export type Step =
  | { readonly do: 'head'; readonly status: number; readonly headers: Readonly<Record<string, string>> }
  | { readonly do: 'write'; readonly bytes: Buffer }
  /** The same bytes so many times. */
  | { readonly do: 'repeat'; readonly bytes: Buffer; readonly times: number }
  /** Says nothing more, and leaves the connection open. */
  | { readonly do: 'stay-silent' }
  /** Breaks the connection off. */
  | { readonly do: 'reset' }

export interface Served {
  readonly steps: readonly Step[]
  /** Answers when the head of the request is there, without waiting for its body. */
  readonly isEarly?: boolean
}

/** A whole answer in JSON. */
export function servedJson(value: unknown, headers: Readonly<Record<string, string>>, status = 200): Served {
  return servedBytes(Buffer.from(JSON.stringify(value)), { 'content-type': 'application/json', ...headers }, status)
}

export function servedBytes(bytes: Buffer, headers: Readonly<Record<string, string>>, status = 200): Served {
  return {
    steps: [
      { do: 'head', status, headers: { ...headers, 'content-length': String(bytes.length) } },
      { do: 'write', bytes },
    ],
  }
}

/** An event stream, each event in a write of its own. */
export function servedEvents(
  events: readonly string[],
  headers: Readonly<Record<string, string>>,
  more: readonly Step[] = [],
): Served {
  return {
    steps: [
      { do: 'head', status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8', ...headers } },
      ...events.map((event): Step => ({ do: 'write', bytes: Buffer.from(event) })),
      ...more,
    ],
  }
}

/** As OpenAI's Chat Completions writes its events: without a name. */
export function namelessEvent(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`
}

/** As Responses and Anthropic write them: named by the type of what they carry. */
export function namedEvent(data: { readonly type: string; readonly [name: string]: unknown }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`
}
