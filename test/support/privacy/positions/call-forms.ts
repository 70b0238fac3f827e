import type { positionsByKind } from '../positions-by-kind.ts'

export type Members = Readonly<Record<string, unknown>>

/** How the clients of an API write what stands at a place, so that a value can be put anywhere into a call as it is made. */
export interface CallForm {
  readonly api: keyof typeof positionsByKind
  readonly path: string
  /** Members that stand beside those which are given, by the path of what they are members of: `messages[].content[]`. */
  readonly beside: Readonly<Record<string, (given: Members) => Members>>
  /** A whole body, of what is given of it: after twenty turns with tools. */
  readonly whole: (given: Members) => Members
}

/** A member of an object that may be none. */
export function has(given: unknown, ...names: readonly string[]): boolean {
  return typeof given === 'object' && given !== null && names.some((name) => Object.hasOwn(given, name))
}

export const listOf = (value: unknown): readonly Members[] => (Array.isArray(value) ? (value as Members[]) : [])
