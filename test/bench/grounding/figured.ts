import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { CodePoints } from '../../../src/filters/remote/code-points.ts'
import type { SourceTable } from '../../support/grounding/generate/source-table.ts'
import type { Check, CheckedMark } from '../../support/grounding/score.ts'
import { pythonEnvironment } from '../../support/python/python-environment.ts'

export const figuredPolicies = ['default', 'strict', 'all'] as const

export type FiguredPolicy = (typeof figuredPolicies)[number]

/** An answer and the tables that it was written from. */
export interface TracedAnswer {
  readonly tables: readonly SourceTable[]
  readonly text: string
}

/** Seconds that all answers took, by the clock and of the processor: on a busy machine only the second says something. */
export interface Taken {
  readonly seconds: number
  readonly processor: number
}

/**
 * `figured` over the same answers, all of them in one run of its interpreter; the time is that of its `trace` alone. Null, said
 * aloud, where it cannot be had.
 */
export function figuredCheck(
  answers: readonly TracedAnswer[],
  policy: FiguredPolicy,
): { check: Check; taken: Taken } | null {
  const environment = pythonEnvironment('figured', join(import.meta.dirname, 'figured.txt'))
  if (typeof environment === 'string') {
    process.stderr.write(`SKIPPED: figured cannot be had: ${environment}\n`)
    return null
  }
  const tables = Object.fromEntries(
    answers.flatMap((answer) => answer.tables.map(({ id, columns, rows }) => [id, { columns, rows }] as const)),
  )
  const asked = answers.map((answer) => ({ tables: answer.tables.map(({ id }) => id), text: answer.text }))
  const output = execFileSync(environment.python, ['-I', '-B', join(import.meta.dirname, 'figured_marks.py'), policy], {
    input: JSON.stringify({ tables, answers: asked }),
    maxBuffer: 1e9,
    encoding: 'utf8',
  })
  const { figures, seconds, processor } = JSON.parse(output) as Taken & { figures: [number, number, string][][] }
  const marks = new Map(
    answers.map((answer, at) => [keyOf(answer.tables, answer.text), toMarks(answer.text, figures[at] ?? [])]),
  )
  return { check: (given, text) => marks.get(keyOf(given, text)) ?? [], taken: { seconds, processor } }
}

function keyOf(tables: readonly SourceTable[], text: string): string {
  return `${tables.map(({ id }) => id).join('\n')}\n\n${text}`
}

function toMarks(text: string, figures: readonly (readonly [number, number, string])[]): readonly CheckedMark[] {
  const points = new CodePoints(text)
  return figures.map(([start, end, status]) => ({
    start: points.unitOf(start),
    end: points.unitOf(end),
    marked: status === 'ungrounded',
    contradicted: false,
    bound: status === 'grounded',
  }))
}
