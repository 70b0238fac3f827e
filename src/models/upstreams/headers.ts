import type { UpstreamOptions } from './options.ts'

const requestHeaders: Readonly<Record<UpstreamOptions['kind'], readonly string[]>> = {
  openai: ['content-type', 'idempotency-key', 'openai-beta', 'openai-organization', 'openai-project'],
  anthropic: ['anthropic-beta', 'anthropic-version', 'content-type', 'idempotency-key'],
}

const responseHeaders: Readonly<Record<UpstreamOptions['kind'], readonly string[]>> = {
  openai: ['content-type', 'openai-model', 'openai-processing-ms', 'openai-version'],
  anthropic: ['content-type'],
}

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

export function requestFilter({ kind, request_headers }: UpstreamOptions): HeaderFilter {
  return passing([...requestHeaders[kind], ...request_headers])
}

export function responseFilter({ kind, response_headers }: UpstreamOptions): HeaderFilter {
  return passing([...responseHeaders[kind], ...response_headers])
}
