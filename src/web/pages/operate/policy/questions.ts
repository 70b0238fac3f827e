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

type Input = { readonly [name: string]: never }

/** Reads what a person has typed as the `input` of a question. */
export function readInput(text: string): { readonly input: Input } | { readonly fault: string } {
  try {
    const read: unknown = JSON.parse(text)
    const isRecord = typeof read === 'object' && read !== null && !Array.isArray(read)
    return isRecord ? { input: read as Input } : { fault: 'An input is an object of JSON.' }
  } catch {
    return { fault: 'This is not JSON yet.' }
  }
}

const outcomes = { allowed: 'good', refused: 'warning', fault: 'danger' } as const

export const outcomeKind = (outcome: keyof typeof outcomes) => outcomes[outcome]
