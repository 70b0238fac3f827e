import type { AgentEvent } from '../../core/events.ts'
import { withPlanWords, wordsOfPlan } from '../../core/plan.ts'
import { isObject } from '../apis/api.ts'

/** What programs read, or nobody can: names of kinds, ids, pictures. */
const unread: ReadonlySet<string> = new Set([
  'type',
  'callId',
  'tool',
  'language',
  'rule',
  'ranIn',
  'savedAs',
  'reading',
  'outcome',
  'png',
  'jpeg',
  'pdf',
])

const read: ReadonlySet<AgentEvent['type']> = new Set(['tool-call', 'tool-refusal', 'tool-result', 'tool-failure'])

/**
 * The texts of a plan, and of an event of a call: the code that a model has written, and what came of it. Files are looked at for values alone,
 * and the words of an answer come in pieces, which are decided on together.
 */
export function wordsOf(event: AgentEvent): readonly string[] {
  if (event.type === 'plan') return [wordsOfPlan(event.steps)]
  if (!read.has(event.type)) return []
  const words: string[] = []
  replaced(event, (text) => {
    words.push(text)
    return text
  })
  return words
}

/** The event with others in the places of its texts, in their order. */
export function withWords(event: AgentEvent, words: readonly string[]): AgentEvent {
  if (event.type === 'plan') return { type: 'plan', steps: withPlanWords(event.steps, words[0] ?? '') }
  let at = 0
  return replaced(event, (text) => words[at++] ?? text) as AgentEvent
}

function replaced(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === 'string') return value === '' ? value : replace(value)
  if (Array.isArray(value)) return value.map((each) => replaced(each, replace))
  if (!isObject(value)) return value
  const members = Object.entries(value).map(([name, member]) => [
    name,
    unread.has(name) ? member : replaced(member, replace),
  ])
  return Object.fromEntries(members)
}
