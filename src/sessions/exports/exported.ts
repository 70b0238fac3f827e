import type { ConversationItem, KeptItem } from '../../core/conversations.ts'
import { doubtfulMarks } from '../../text/doubtful-marks.ts'
import { inertMarkdown } from '../../text/inert-markdown.ts'
import { nameInMarkdown } from '../../text/name-in-markdown.ts'

/** A conversation on its way out, as its owner may have it: every item has passed the output filters when it was made. */
export interface ExportedConversation {
  readonly id: string
  /** For people; null for none. */
  readonly title: string | null
  readonly made: Date
  /** Oldest first. */
  readonly items: readonly KeptItem[]
}

export const exportFormats = ['ipynb', 'md', 'html'] as const
export type ExportFormat = (typeof exportFormats)[number]

/** Which conversation of whom, and as what. */
export interface ExportWish {
  readonly principal: string
  readonly id: string
  readonly format: ExportFormat
}

/** A conversation as a file that does nothing by being opened. */
export interface ConversationFile {
  /** `conversation-2026-03-02.ipynb` */
  readonly name: string
  readonly mediaType: string
  readonly text: string
}

type Item<Type extends ConversationItem['type']> = Extract<ConversationItem, { readonly type: Type }>

/** Who says a message, as a heading. */
export const speakers = { system: 'Instructions', user: 'Question', assistant: 'Answer' } as const

export const titleOf = ({ title }: Pick<ExportedConversation, 'title'>): string =>
  `# ${nameInMarkdown(title ?? 'Conversation')}`

export const fileLine = ({ name, bytes }: Item<'artifact'>): string =>
  `*File: ${nameInMarkdown(name)}, ${bytes.toLocaleString('en')} bytes.*`

/** Why a call of a tool came to nothing; null where it came to something. */
export function refusalLine({ tool, outcome }: Item<'tool-use'>): string | null {
  if (outcome.kind === 'refusal') return `*Refused: ${inertMarkdown(outcome.message)}*`
  return outcome.kind === 'failure' ? `*${nameInMarkdown(tool)} failed: ${inertMarkdown(outcome.message)}*` : null
}

/** What of an answer the results of its run did not bear out; empty where they bore out all of it. */
export const doubtsOf = ({ grounding }: Item<'message'>): string =>
  grounding === undefined ? '' : inertMarkdown(doubtfulMarks(grounding) ?? '')
