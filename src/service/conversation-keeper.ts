import type { TokenUsage } from '../core/events.ts'
import type { RunExplanation } from '../sessions/explain-run.ts'
import type { ConversationFile, ExportFormat } from '../sessions/exports/exported.ts'

export { exportFormats, type ConversationFile, type ExportFormat } from '../sessions/exports/exported.ts'

/** What is said of a kept conversation where they are listed. */
export interface ConversationFacts {
  /** `conv_…` */
  readonly id: string
  /** For people; null for none. */
  readonly title: string | null
  readonly made: Date
  /** When it last got an item. */
  readonly used: Date
}

/** Which conversations, newest first. */
export interface ConversationPage {
  /** The id of the last one that was seen. */
  readonly after?: string
  readonly most: number
}

/**
 * What the person at a command line does with the conversations that are kept for them. Each method that names one rejects with `not-found`
 * for none of theirs, and all of them with `storage-unavailable` where they cannot be had.
 */
export interface ConversationKeeper {
  list(page: ConversationPage): Promise<readonly ConversationFacts[]>
  show(id: string): Promise<ConversationFacts>
  /** What was asked last, in whichever of them, oldest first. */
  lastQuestions(most: number): Promise<readonly string[]>
  /** All of it as a file that does nothing by being opened. */
  export(id: string, format: ExportFormat): Promise<ConversationFile>
  /** What its runs have used that are still in it; null where that cannot be asked. */
  usage(id: string): Promise<TokenUsage | null>
  /** Why calls of a run were stopped, and what it was made of; of a conversation, its last run. */
  explain(id: string): Promise<RunExplanation>
  /** Deletes its last run for good, with what it was asked and the files that it made. Rejects with `conflict` for one that runs; false where there is none. */
  undo(id: string): Promise<boolean>
  /** For good, with its files. */
  delete(id: string): Promise<void>
}
