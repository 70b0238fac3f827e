import type { Finding } from '../core/verdict.ts'

const message =
  'Nothing is left of the milliseconds of sandboxes (sandbox_ms) that whoever asks may use: no further program is run.'

/** Of a program for which no time is left. */
export const refusedForTime: { readonly kind: 'refused'; readonly findings: readonly Finding[] } = {
  kind: 'refused',
  findings: [{ rule: 'quota/sandbox-time', line: 1, column: 1, message }],
}
