import type { PolicyExplainRequest } from '../../../api/generated/operators.ts'

/** What rules can be asked about. */
export const decisions = ['grant', 'payload', 'action', 'content'] as const
export type Decision = (typeof decisions)[number]

const abouts: Readonly<Record<Decision, string>> = {
  grant: 'what a caller may do at all',
  payload: 'what is about to be sent to a model',
  action: 'a tool call that is about to run',
  content: 'what becomes of a text that filters have looked at',
}

export const aboutDecision = (decision: Decision): string => abouts[decision]

/** Reads what a person has typed as a question. What an input has to have is the service's to say, and it names what is wrong. */
export function readQuestion(
  decision: Decision,
  text: string,
): { readonly question: PolicyExplainRequest } | { readonly fault: string } {
  try {
    const input: unknown = JSON.parse(text)
    const isRecord = typeof input === 'object' && input !== null && !Array.isArray(input)
    return isRecord
      ? { question: { decision, input } as PolicyExplainRequest }
      : { fault: 'An input is an object of JSON.' }
  } catch {
    return { fault: 'This is not JSON yet.' }
  }
}

const outcomes = { allowed: 'good', refused: 'warning', fault: 'danger' } as const

export const outcomeKind = (outcome: keyof typeof outcomes) => outcomes[outcome]
