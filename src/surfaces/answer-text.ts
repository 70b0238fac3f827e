import type { AgentEnding, AgentEvent, AnswerArtifact } from '../core/events.ts'
import { ServiceError } from '../core/errors.ts'
import { nameInMarkdown } from '../text/name-in-markdown.ts'
import type { TableData } from '../core/result.ts'
import type { Finding } from '../core/verdict.ts'
import type { FinishReason } from './openai/wire/chat-completions.ts'
import type { CompletionEnd } from './openai/wire/completion-chunks.ts'
import { toFindings } from './wire/sql.ts'
import { holdsTable, markdownTable } from '../text/markdown-table.ts'
import { fileLink, imageLink } from './markdown.ts'

export interface AnswerTextOptions {
  /** Said before the answer; null for none. */
  readonly label: string | null
  readonly tableRows: number
  readonly linkFor: (artifact: AnswerArtifact) => string | null
  /** False where pictures and files go another way than in the text. */
  readonly mentionsFiles?: boolean
}

type End = Extract<AgentEvent, { type: 'end' }>

// Anything but `answer` must not look like a whole answer to a client that only reads the finish reason.
const finishReasons: Readonly<Record<AgentEnding, FinishReason>> = {
  answer: 'stop',
  'step-limit': 'length',
  'token-limit': 'length',
  'time-limit': 'length',
  'correction-limit': 'length',
  'empty-turns': 'length',
  'model-length': 'length',
  'model-filtered': 'content_filter',
  cancelled: 'length',
  failed: 'length',
}

/** Turns events into one Markdown text, piece by piece: the words, then the last table, then charts as links. */
export class AnswerText {
  readonly #options: AnswerTextOptions
  readonly #artifacts: AnswerArtifact[] = []
  #text = ''
  #step: number | null = null
  #table: TableData | null = null
  #end: CompletionEnd | null = null
  readonly #findings: Finding[] = []

  constructor(options: AnswerTextOptions) {
    this.#options = options
  }

  /** Known once the `end` event was seen; null for a run that broke off. */
  get end(): CompletionEnd | null {
    return this.#end
  }

  get text(): string {
    return this.#text
  }

  /** The text this event adds. Throws the fault behind a failed run, so that a failure never looks like an answer. */
  next(event: AgentEvent): string {
    switch (event.type) {
      case 'text-delta':
        return this.#add(this.#spaced(event.step, event.text))
      case 'tool-result':
        this.#findings.push(...(event.findings ?? []))
        this.#table = this.#tableAfter(event)
        return ''
      case 'artifact':
        this.#keep(event.artifact)
        return ''
      case 'end':
        return this.#add(this.#finish(event))
      default:
        return ''
    }
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
    return this.#table !== null && this.#table.totalRows <= this.#options.tableRows ? this.#table : null
  }

  #add(text: string): string {
    const labelled =
      this.#text === '' && text !== '' && this.#options.label !== null ? `> ${this.#options.label}\n\n${text}` : text
    this.#text += labelled
    return labelled
  }

  /** What a model says in another step is another paragraph. */
  #spaced(step: number, text: string): string {
    const isNewStep = this.#step !== null && this.#step !== step && this.#text !== '' && !this.#text.endsWith('\n\n')
    this.#step = step
    return isNewStep ? `\n\n${text}` : text
  }

  #finish(event: End): string {
    if (event.ending === 'failed') {
      const { code = 'internal', message, retryAfterSeconds: seconds, approval } = event
      // The message of an ending holds the advice already.
      const details = {
        advice: '',
        ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
        ...(approval === undefined ? {} : { approval }),
      }
      throw new ServiceError(code, message ?? 'The run failed.', details)
    }
    if (event.ending === 'cancelled') throw new ServiceError('cancelled', event.message ?? 'The run was cancelled.')
    const { inputTokens, outputTokens } = event.usage
    this.#end = {
      finishReason: finishReasons[event.ending],
      usage: {
        prompt_tokens: inputTokens,
        completion_tokens: outputTokens,
        total_tokens: inputTokens + outputTokens,
      },
      sallyport: {
        ending: event.ending,
        steps: event.steps,
        duration_ms: event.milliseconds,
        findings: toFindings([...this.#findings, ...(event.findings ?? [])]),
      },
    }
    return [...this.#appendix(), ...(event.message === null ? [] : [`\n\n**${event.message}**`])].join('')
  }

  #appendix(): string[] {
    const pieces: string[] = []
    if (this.#table !== null && this.#table.columns.length > 0 && !holdsTable(this.#text)) {
      pieces.push(`\n\n${markdownTable(this.#table, this.#options.tableRows)}`)
    }
    for (const artifact of this.#options.mentionsFiles === false ? [] : this.#artifacts) {
      const url = this.#options.linkFor(artifact)
      const link = artifact.mediaType.startsWith('image/') ? imageLink : fileLink
      const masked = artifact.isMasked === true ? ' (a filter masked parts of it)' : ''
      if (url === null) pieces.push(`\n\n*The file "${nameInMarkdown(artifact.name)}" is too large for a link.*`)
      else pieces.push(`\n\n${link(artifact.name, url)}${masked}`)
    }
    return pieces
  }
}
