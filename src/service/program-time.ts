import { ServiceError } from '../core/errors.ts'

interface ProgramTime {
  /** What its caller asks for; null where they say nothing. */
  readonly wished: number | null
  /** Of its session; absent where that says nothing. */
  readonly ofSession?: number | undefined
  readonly usual: number
  readonly ceiling: number
}

/** The wall time of a program that its caller brings, milliseconds; throws `invalid-request` for more than the caller's ceiling. */
export function programTime({ wished, ofSession, usual, ceiling }: ProgramTime): number {
  if (wished === null) return ofSession ?? Math.min(usual, ceiling)
  if (wished <= ceiling) return wished
  throw new ServiceError('invalid-request', `A program may take ${ceiling} ms, and ${wished} ms were asked for.`, {
    parameter: 'timeout_ms',
    advice: 'Ask for less, or ask the operator for a higher gateway.groups.GROUP.sandbox.wall_ms.',
  })
}
