import { cutText } from '../text/cut-text.ts'
import { terminalText } from '../text/terminal-text.ts'
import { addressesIn } from './address-forms.ts'
import type { ActionDecision, ProposedCall, ShownValue } from './decide-action.ts'
import type { Read } from './read-ledger.ts'

interface Asked {
  readonly call: ProposedCall
  readonly reads: readonly Read[]
}

const shownCharacters = 200
/** Of addresses behind them. */
const mostAddresses = 3
const longestAddress = 100

/** Stands in each sentence about a call that was refused, so that who reads a conversation later knows that one was. */
export const notCalled = ' was not called: '

/** One sentence for whoever asked: what would be done, by which data, and what became of it. Null where it simply runs. */
export function explainDecision(decision: ActionDecision, { call, reads }: Asked): string | null {
  const tool = shownName(call.tool)
  switch (decision.kind) {
    case 'allow':
      return null
    case 'refuse':
      return `${tool}${notCalled}${whyRefused[decision.rule]}${decision.rule === 'undeclared' ? '' : ` ${readBefore(reads)}`}.`
    case 'ask':
      return `${tool} waits for you: ${whyAsked(decision.rule, decision.shown, reads)}.`
  }
}

const whyRefused = {
  undeclared: 'nobody has declared what may flow into it',
  'not-planned': 'nothing that you wrote asks for it, and it was called after',
  'not-asked-for': 'it reads what is private and you did not speak of, and it was called after',
  malformed: 'its arguments cannot be read, and it was called after',
} as const

function whyAsked(
  rule: Extract<ActionDecision, { kind: 'ask' }>['rule'],
  shown: readonly ShownValue[],
  reads: readonly Read[],
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
        `${shownName(path)} would be ${quoted(value)}, which ${whereFrom(from, reads)} and not what you wrote`,
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

/**
 * A value as a person can read it: nothing in it moves a cursor, hides letters or ends the quotation. Of a long one its beginning,
 * and the addresses behind that, since these are what it is asked about.
 */
function quoted(value: string): string {
  const shown = JSON.stringify(visible(cutText(value, shownCharacters)))
  if (value.length <= shownCharacters) return shown
  const addresses = addressesIn(value.slice(shownCharacters - longestAddress)).map(({ raw }) =>
    visible(cutText(raw, longestAddress)),
  )
  if (addresses.length === 0) return shown
  const more = addresses.length > mostAddresses ? ` and ${addresses.length - mostAddresses} more` : ''
  return `${shown} with ${addresses
    .slice(0, mostAddresses)
    .map((address) => JSON.stringify(address))
    .join(', ')}${more}`
}

/** A name as a person can read it, on one line. */
export function shownName(name: string): string {
  return visible(cutText(name, 80)).replaceAll(/\s+/g, ' ')
}

function visible(text: string): string {
  return terminalText(text).replaceAll(
    /[\p{Cf}\p{Co}\p{Cn}\u2028\u2029]/gu,
    (hidden) => `\\u{${hidden.codePointAt(0)!.toString(16)}}`,
  )
}
