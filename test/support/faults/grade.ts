import type { CallerView } from './callers.ts'
import type { Grade, Scenario } from './scenarios.ts'
import { wordOf, wordsOfAnswer, type ArrivedAttempt, type Role } from './scripted-models.ts'

export interface Seen {
  /** null where nothing had ended in time. */
  readonly view: CallerView | null
  readonly attempts: Readonly<Record<Role, readonly ArrivedAttempt[]>>
}

export interface Graded {
  readonly grade: Grade
  readonly why: string
}

/**
 * pass: what is best for the caller, with no more attempts than that takes. partial: that, with other attempts. safe: a plain error
 * in place of an answer. fail: no end, a part of an answer as if it were whole, words of two attempts, a refusal routed
 * around, or an error after attempts that should not have been.
 */
export function gradeOf(scenario: Scenario, { view, attempts }: Seen): Graded {
  if (view === null) return { grade: 'fail', why: 'no end' }
  const words = view.text.split(' ').filter((word) => word !== '')
  if (!areOfOneAttempt(words)) return { grade: 'fail', why: `words of two attempts: ${view.text}` }
  const isWhole = view.failure === null && words.length === wordsOfAnswer && view.hasReason
  const isRefused = view.failure === null && view.isRefusal && view.hasReason
  if (view.failure === null && !isWhole && !isRefused) {
    return { grade: 'fail', why: `a part as if it were whole: ${words.length} words` }
  }
  const reached = { answer: isWhole, error: view.failure !== null, refusal: isRefused }[scenario.ideal]
  const flaw = flawOf(scenario, attempts)
  if (reached) return flaw === null ? { grade: 'pass', why: '' } : { grade: 'partial', why: flaw }
  if (view.failure === null) return { grade: 'fail', why: 'answered all the same' }
  return flaw === null ? { grade: 'safe', why: view.failure } : { grade: 'fail', why: flaw }
}

function areOfOneAttempt(words: readonly string[]): boolean {
  const [, role, attempt] = /^(first|second)\/(\d+)\//.exec(words[0] ?? '') ?? []
  return words.every((word, at) => word === wordOf(role as Role, Number(attempt), at + 1))
}

function flawOf({ asked, gap }: Scenario, { first, second }: Seen['attempts']): string | null {
  for (const [count, [least, most], name] of [
    [first.length, asked[0], 'first'],
    [second.length, asked[1], 'second'],
  ] as const) {
    if (count < least || count > most) return `${count} attempts at the ${name} model`
  }
  const between = (first[1]?.at ?? 0) - (first[0]?.at ?? 0)
  return gap !== undefined && between < gap ? `${Math.round(between)} ms between two attempts` : null
}
