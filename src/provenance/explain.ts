import type { ActionDecision, ProposedCall } from './decide-action.ts'
import type { Read } from './read-ledger.ts'
import { shownName, shownValue } from './shown-value.ts'
import type { TrustedWords } from './trusted-words.ts'

interface Asked {
  readonly call: ProposedCall
  readonly reads: readonly Read[]
  readonly words: Pick<TrustedWords, 'holds'>
}

/** Stands in each sentence about a call that was refused, so that who reads a conversation later knows that one was. */
export const notCalled = ' was not called: '

/** One sentence for whoever asked: what would be done, by which data, and what became of it. Null where it simply runs. */
export function explainDecision(decision: ActionDecision, { call, reads, words }: Asked): string | null {
  const tool = shownName(call.tool)
  switch (decision.kind) {
    case 'allow':
      return null
    case 'refuse':
      return `${tool}${notCalled}${whyRefused[decision.rule]}${decision.rule === 'undeclared' ? '' : ` ${readBefore(reads)}`}.`
    case 'ask':
      return `${tool} waits for you: ${whyAsked(decision, { reads, words })}.`
  }
}

const whyRefused = {
  undeclared: 'nobody has declared what may flow into it',
  'not-planned': 'nothing that you wrote asks for it, and it was called after',
  'not-asked-for': 'it reads what is private and you did not speak of, and it was called after',
  malformed: 'its arguments cannot be read, and it was called after',
} as const

function whyAsked(
  { rule, shown }: Extract<ActionDecision, { kind: 'ask' }>,
  { reads, words }: Pick<Asked, 'reads' | 'words'>,
): string {
  if (rule === 'handed-over') return `you left the steps to a text, and this step ${readBefore(reads, 'comes of')}`
  if (rule === 'after-refusal') return 'another call of this answer was refused before it'
  if (rule === 'only-mentioned')
    return `what you wrote speaks of it and does not clearly ask for it, and it ${readBefore(reads, 'was called after')}`
  if (rule === 'unread-words')
    return `what you wrote is not in English, in which alone it is read what you ask for, and it ${readBefore(reads, 'was called after')}`
  if (rule === 'no-target')
    return `it does not say what it is to act on, and it ${readBefore(reads, 'was called after')}`
  if (rule === 'again') return 'the same was done to the same before'
  const unproven = shown.filter(({ ground }) => ground === null)
  return unproven
    .slice(0, 3)
    .map(
      ({ path, value, from }) =>
        `${shownName(path)} would be ${shownValue(value, words.holds)}, which ${whereFrom(from, reads)} and not what you wrote`,
    )
    .join('; ')
    .concat(unproven.length > 3 ? `; and ${unproven.length - 3} more values` : '')
}

function whereFrom(from: readonly string[], reads: readonly Read[]): string {
  const tools = [...new Set(reads.filter(({ id }) => from.includes(id)).map(({ tool }) => shownName(tool)))]
  return tools.length === 0 ? 'is what the model has made up' : `is what ${tools.slice(0, 3).join(', ')} answered`
}

function readBefore(reads: readonly Read[], verb = ''): string {
  const tools = [...new Set(reads.filter(({ trusted }) => !trusted).map(({ tool }) => shownName(tool)))]
  const named = tools.length === 0 ? 'what the conversation held before' : `what ${tools.slice(-3).join(', ')} answered`
  return verb === '' ? named : `${verb} ${named}`
}
