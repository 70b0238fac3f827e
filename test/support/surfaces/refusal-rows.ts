import type { SurfaceService } from './surface-service.ts'

export const refusalRows = [
  'no key',
  'wrong group',
  'tool not granted',
  'quota empty',
  'output blocked',
  'column masked',
  "another's object",
  'cancelled',
  'waiting for approval',
] as const

export type RefusalRow = (typeof refusalRows)[number]

/** What a caller sees: a status or the like of it, a code where there is one, and all of the words. */
export interface Seen {
  readonly status: number | string
  readonly code: string | null
  readonly text: string
}

interface RefusalCase {
  readonly ask: (service: SurfaceService) => Promise<Seen>
  readonly status: number | string
  readonly code: string | null
  /** What has to stand in the words, and what must not. */
  readonly says?: RegExp
  readonly hides?: RegExp
  /** Members of a line of the audit trail; null where it is gathered with others, a minute at a time, and for a look, which is not there. */
  readonly audit: Readonly<Record<string, unknown>> | null
}

/** How a surface refuses; a sentence in the place of a case says why it has none. */
export interface RefusingSurface {
  readonly name: string
  readonly cases: Readonly<Record<RefusalRow, RefusalCase | string>>
}

/** The answer of a surface of JSON. */
export async function seenOf(answering: Promise<Response>): Promise<Seen> {
  const answer = await answering
  const text = await answer.text()
  const { code = null } = text.startsWith('{') ? (JSON.parse(text) as { readonly code?: string }) : {}
  return { status: answer.status, code, text }
}

/** Asks, and leaves as soon as the trail says that the work has begun. */
export async function leaving(
  service: SurfaceService,
  begun: string,
  ask: (signal: AbortSignal) => Promise<Response>,
): Promise<Seen> {
  const caller = new AbortController()
  const count = () => service.audit().filter(({ fact }) => fact.event === begun).length
  const before = count()
  // Of a stream the head may have come by then.
  const answering = ask(caller.signal)
    .then(async (answer) => `it was answered: ${await answer.text()}`)
    .catch(() => 'left')
  while (count() === before) await new Promise((resolve) => setTimeout(resolve, 20))
  caller.abort()
  return { status: await answering, code: null, text: '' }
}
