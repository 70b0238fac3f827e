import type { AgentEvent, AnswerArtifact } from '../core/events.ts'
import { ServiceError } from '../core/errors.ts'
import type { TableData } from '../core/result.ts'
import type { Finding } from '../core/verdict.ts'
import type { AnswerGrounding } from '../core/answer-grounding.ts'
import { doubtfulMarks } from '../text/doubtful-marks.ts'
import { holdsTable, markdownTable } from '../text/markdown-table.ts'
import { closingOf } from '../text/open-blocks.ts'
import type { RunEnding } from '../sessions/run-parts.ts'
import { nameInMarkdown } from '../text/name-in-markdown.ts'
import { fileLink, imageLink } from './markdown.ts'

/** How pictures and files, and tables, stand in a text. */
export interface AppendixOptions {
  readonly tableRows: number
  /** Null for what has no link. */
  readonly linkFor: (artifact: AnswerArtifact) => string | null
  /** Why there is none, behind the name of the file; absent, it is too large for one. */
  readonly whyNoLink?: (artifact: AnswerArtifact) => string
  /** False where pictures and files go another way than in the text. */
  readonly mentionsFiles?: boolean
}

/** A part of a text that is put behind the model's own words; `artifact` is the one that it links to. */
export interface AppendixPart {
  readonly text: string
  readonly artifact: AnswerArtifact | null
}

/**
 * What the answer of a run is, read off its events: beside the model's words what of them its results bear out, the table that belongs to
 * them, its pictures and files, what filters changed, and how it ended. Every surface reads it here.
 */
export class Answer {
  readonly #artifacts: AnswerArtifact[] = []
  readonly #findings: Finding[] = []
  readonly #tableRows: number
  #table: TableData | null = null
  #end: RunEnding | null = null

  /** `tableRows`: of a table that is shown. */
  constructor(tableRows: number) {
    this.#tableRows = tableRows
  }

  /** Known once the `end` event was seen; null for a run that broke off. */
  get end(): RunEnding | null {
    return this.#end
  }

  /** What filters changed on the way. */
  get findings(): readonly Finding[] {
    return [...this.#findings, ...(this.#end?.findings ?? [])]
  }

  /** What of the answer its results bear out; null where nothing of it had to be, or it is not known yet. */
  get grounding(): AnswerGrounding | null {
    return this.#end?.grounding ?? null
  }

  take(event: AgentEvent): void {
    if (event.type === 'tool-result') {
      this.#findings.push(...(event.findings ?? []))
      this.#table = this.#tableAfter(event)
    } else if (event.type === 'artifact') this.#keep(event.artifact)
    else if (event.type === 'end') this.#end = event
  }

  /**
   * What belongs behind these words: what closes them where they would hide it, what of them is not borne out, the table, unless they hold one, then
   * each picture and file.
   */
  appendix(
    words: string,
    { tableRows, linkFor, whyNoLink, mentionsFiles = true }: AppendixOptions,
  ): readonly AppendixPart[] {
    const parts: AppendixPart[] = []
    const doubts = this.grounding === null ? null : doubtfulMarks(this.grounding)
    if (doubts !== null) parts.push({ text: `\n\n${doubts}`, artifact: null })
    if (this.#table !== null && this.#table.columns.length > 0 && !holdsTable(words)) {
      parts.push({ text: `\n\n${markdownTable(this.#table, tableRows)}`, artifact: null })
    }
    for (const artifact of mentionsFiles ? this.#artifacts : []) {
      parts.push({ text: `\n\n${linkText(artifact, linkFor(artifact), whyNoLink)}`, artifact })
    }
    const isFollowed = parts.length > 0 || (this.#end?.message ?? null) !== null
    const closing = isFollowed ? closingOf(words) : ''
    return closing === '' ? parts : [{ text: `\n${closing}`, artifact: null }, ...parts]
  }

  /** A file that a later step changes is linked once, as it was at the end. */
  #keep(artifact: AnswerArtifact): void {
    const earlier = this.#artifacts.findIndex(({ name }) => name === artifact.name)
    if (earlier >= 0) this.#artifacts.splice(earlier, 1)
    this.#artifacts.push(artifact)
  }

  /** The table that belongs to the answer: the last one, unless it was only the raw material of what came after. */
  #tableAfter(event: Extract<AgentEvent, { type: 'tool-result' }>): TableData | null {
    if (event.tool === 'describe_data') return this.#table
    const own = event.table ?? event.cell?.results.findLast((item) => item.data !== undefined)?.data
    if (own !== undefined) return own
    return this.#table !== null && this.#table.totalRows <= this.#tableRows ? this.#table : null
  }
}

function linkText(
  artifact: AnswerArtifact,
  url: string | null,
  whyNoLink: AppendixOptions['whyNoLink'] = () => 'is too large for a link',
): string {
  const { name, mediaType, isMasked = false } = artifact
  if (url === null) return `*The file "${nameInMarkdown(name)}" ${whyNoLink(artifact)}.*`
  const link = mediaType.startsWith('image/') ? imageLink : fileLink
  return `${link(name, url)}${isMasked ? ' (a filter masked parts of it)' : ''}`
}

/** The fault behind a run that failed or was cancelled; null for one that ended otherwise. */
export function faultOf(end: RunEnding): ServiceError | null {
  if (end.ending === 'cancelled') return new ServiceError('cancelled', end.message ?? 'The run was cancelled.')
  if (end.ending !== 'failed') return null
  const { code = 'internal', message, retryAfterSeconds: seconds, approval } = end
  // The message of an ending holds the advice already.
  return new ServiceError(code, message ?? 'The run failed.', {
    advice: '',
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
    ...(approval === undefined ? {} : { approval }),
  })
}
