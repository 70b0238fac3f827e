import type { UpstreamOptions } from './options.ts'

const requestHeaders: Readonly<Record<UpstreamOptions['kind'], readonly string[]>> = {
  openai: ['content-type', 'idempotency-key', 'openai-beta', 'openai-organization', 'openai-project'],
  anthropic: ['anthropic-beta', 'anthropic-version', 'content-type', 'idempotency-key'],
}

const responseHeaders: Readonly<Record<UpstreamOptions['kind'], readonly string[]>> = {
  openai: ['content-type', 'openai-model', 'openai-processing-ms', 'openai-version'],
  anthropic: ['content-type'],
}

/** Headers of answers with one value, of which the first is also what is decided by here. */
const singular: ReadonlySet<string> = new Set([
  'content-type',
  'retry-after',
  'date',
  'etag',
  'last-modified',
  'location',
])

/** What of a list of names and values, in that order, may pass; lower-case names as the lists have them. */
export type HeaderFilter = (raw: readonly string[]) => string[]

function passing(names: readonly string[]): HeaderFilter {
  const allowed = new Set(names)
  return (raw) => {
    const passed: string[] = []
    for (let at = 0; at + 1 < raw.length; at += 2) {
      const name = (raw[at] ?? '').toLowerCase()
      if (allowed.has(name)) passed.push(name, raw[at + 1] ?? '')
    }
    return passed
  }
}

/** One line for each name: the first of what can have one value only, all of a list in their order (RFC 9110, 5.3). */
function combined(headers: readonly string[]): string[] {
  const values = new Map<string, string>()
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const [name = '', value = ''] = [headers[at], headers[at + 1]]
    const before = values.get(name)
    if (before === undefined) values.set(name, value)
    else if (!singular.has(name)) values.set(name, `${before}, ${value}`)
  }
  return [...values].flat()
}

export function requestFilter({ kind, request_headers }: UpstreamOptions): HeaderFilter {
  return passing([...requestHeaders[kind], ...request_headers])
}

export function responseFilter({ kind, response_headers }: UpstreamOptions): HeaderFilter {
  const pass = passing([...responseHeaders[kind], ...response_headers])
  return (raw) => combined(pass(raw))
}
