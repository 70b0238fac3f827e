import type { JsonValue } from '../../../core/json.ts'
import type { JsonObject } from '../../apis/api.ts'
import { doubtsInMarkdown, inDocumentsJson, type AnswerInDocuments } from './document-marks.ts'

/** Holds a text of an answer against the documents. */
export type GroundText = (text: string) => Promise<AnswerInDocuments>

/** How marks stand in an answer. */
export interface MarkedAs {
  /** Is the answer read by people? What a program reads as JSON has nothing put behind it. */
  readonly isProse: boolean
  /** Has the answer one text alone? Of several each is told apart. */
  readonly isOnly: boolean
}

/** What is put behind a text; '' for nothing. */
export function behindText(text: string, found: AnswerInDocuments, { isProse }: MarkedAs): string {
  const doubts = isProse ? doubtsInMarkdown(found) : null
  return doubts === null ? '' : `${text.trimEnd() === text ? '\n\n' : '\n'}${doubts}`
}

/** The member beside the answer that tells all of what was found, of its one text or of each by its place. */
export function memberOf(
  texts: readonly { readonly place: Readonly<Record<string, number>>; readonly found: AnswerInDocuments }[],
  { isOnly }: MarkedAs,
  given: unknown,
): JsonObject {
  const before = typeof given === 'object' && given !== null ? given : {}
  const [first] = texts
  if (isOnly && first !== undefined) return { ...before, grounding: inDocumentsJson(first.found) }
  const each = texts.map(({ place, found }): JsonValue => Object.assign({ grounding: inDocumentsJson(found) }, place))
  return { ...before, texts: each }
}
