import { z } from 'zod'
import type { ModelApi } from '../../core/model-call.ts'
import { decisions, type DecisionInput, type DecisionName } from './decisions.ts'
import type { Decided } from './decide.ts'
import { exampleInput } from './example-inputs.ts'
import type { FindPatterns } from './payload/patterns.ts'
import { shapeOf } from './payload/shape.ts'
import { orderedText } from './same-answer.ts'

const object = z.record(z.string(), z.unknown())

/** What a decision should be. Members that are left out may be anything. */
const expected = z.strictObject({
  allow: z.boolean(),
  ask: z.boolean().optional(),
  reason: z.string().optional(),
  rules: z.array(z.string()).optional().describe('All that had a say, in any order.'),
  restrict: z.array(object).optional().describe('All restrictions, in any order.'),
  demand: object.optional(),
  tighten: z.array(object).optional().describe('All actions that are wanted at least, in any order.'),
})

/** A question and its expected decision, as whoever owns the rules writes it down. */
const caseSchema = z.strictObject({
  name: z.string().min(1).max(500),
  decision: z.enum(Object.keys(decisions) as [DecisionName, ...DecisionName[]]),
  input: object.default({}).describe('What differs from a question on a Monday afternoon.'),
  body: object.optional().describe('Of a payload: a body, whose shape and patterns are asked about.'),
  expect: expected,
})

export type PolicyCase = z.infer<typeof caseSchema>

export const casesSchema = z.array(caseSchema).min(1)

/** A member of a decision that is not what was expected. */
export interface WrongMember {
  readonly member: string
  readonly expected: unknown
  readonly got: unknown
}

/**
 * The question of a case: the example of its decision with what the case says in its place, and of a body its shape, with
 * what these patterns find in it. Throws for what is no question.
 */
export function questionOfCase<Name extends DecisionName>(
  { decision, input, body }: PolicyCase & { readonly decision: Name },
  find: FindPatterns,
): DecisionInput<Name> {
  const example: unknown = exampleInput(decision)
  const shaped = body === undefined ? {} : { payload: payloadOf(body, find) }
  return decisions[decision].input.parse(merged(merged(example, shaped), input)) as DecisionInput<Name>
}

function payloadOf(body: Readonly<Record<string, unknown>>, find: FindPatterns): object {
  const { model, stream } = body
  const bytes = Buffer.byteLength(JSON.stringify(body))
  const named = typeof model === 'string' ? { model } : {}
  const api: ModelApi = 'input' in body ? 'responses' : 'chat-completions'
  return { ...shapeOf(body, find), ...named, api, streamed: stream === true, bytes }
}

/** What of a decision is not as the case expects; empty where all is. Whoever gets no decision is not allowed anything. */
export function wrongOf({ expect }: PolicyCase, decided: Decided<DecisionName>): readonly WrongMember[] {
  if (decided.kind === 'fault') return [{ member: 'decision', expected: expect, got: decided.fault }]
  const output: Readonly<Record<string, unknown>> = { ask: false, ...decided.output }
  return Object.entries(expect).flatMap(([member, value]) => {
    const got = output[member]
    return orderedText(value) === orderedText(got) ? [] : [{ member, expected: value, got: got ?? null }]
  })
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Objects member by member; everything else, lists too, as the second says. */
function merged(base: unknown, over: unknown): unknown {
  if (!isPlain(base) || !isPlain(over)) return over
  const members = Object.entries(over).map(([name, value]) => [
    name,
    Object.hasOwn(base, name) ? merged(base[name], value) : value,
  ])
  return { ...base, ...(Object.fromEntries(members) as object) }
}
