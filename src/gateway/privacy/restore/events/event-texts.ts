import type { JsonObject } from '../../../apis/api.ts'
import type { TextForm } from '../link-guard.ts'

/** A piece of a text that comes in several events. */
export interface TextPiece {
  /** Where in the data of the event it stands. */
  readonly path: readonly (string | number)[]
  readonly text: string
  /** Pieces of one channel are one text. */
  readonly channel: string
  readonly form: TextForm
  /** What it has in common with texts that clients put before it; null where it is read by itself. */
  readonly joined?: string | null
  /** The tool that is called with it, null for words. */
  readonly tool: string | null
}

/** What one event of a stream means for the texts that come in pieces. */
export interface EventTexts {
  readonly pieces: readonly TextPiece[]
  /** Is nothing more to come of a channel behind this event? */
  readonly closes: (channel: string) => boolean
  /** The tool that was called with what the event repeats whole, where an earlier event said it. */
  readonly tool?: string | undefined
  /** The channel whose text the event repeats whole, or that of the first of its texts. */
  readonly repeats?: string | undefined
}

/** Reads the events of one stream, one after the other. */
export type EventReader = (data: JsonObject) => EventTexts

/** A number or a text that tells one text from another; '' for anything else. */
export function keyFrom(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
