import type { AgentEnding, AgentEvent } from '../core/events.ts'
import type { RunEnding } from '../sessions/run-parts.ts'
import { Answer, faultOf, type AppendixOptions } from './answer.ts'
import type { FinishReason } from './openai/wire/chat-completions.ts'
import type { CompletionEnd } from './openai/wire/completion-chunks.ts'
import { groundingJson } from './wire/grounding.ts'
import { toFindings } from './wire/sql.ts'

export interface AnswerTextOptions extends AppendixOptions {
  /** Said before the answer; null for none. */
  readonly label: string | null
}

// Anything but `answer` must not look like a whole answer to a client that only reads the finish reason.
const finishReasons: Readonly<Record<AgentEnding, FinishReason>> = {
  answer: 'stop',
  'step-limit': 'length',
  'token-limit': 'length',
  'time-limit': 'length',
  'cost-limit': 'length',
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
  readonly #answer: Answer
  #text = ''
  #step: number | null = null
  /** Where the last message of the run begins in the text. */
  #message = 0
  #isMessageOver = false
  #end: CompletionEnd | null = null

  constructor(options: AnswerTextOptions) {
    this.#options = options
    this.#answer = new Answer(options.tableRows)
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
    this.#answer.take(event)
    if (event.type === 'text-delta') return this.#say(event.step, event.text)
    if (event.type === 'tool-call' || event.type === 'plan') this.#isMessageOver = true
    return event.type === 'end' ? this.#add(this.#finish(event)) : ''
  }

  #say(step: number, text: string): string {
    const isFirst = this.#isMessageOver || this.#text === ''
    const said = this.#add(this.#spaced(step, text))
    if (isFirst && text !== '') {
      this.#message = this.#text.length - text.length
      this.#isMessageOver = false
    }
    return said
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

  #finish(event: RunEnding): string {
    const fault = faultOf(event)
    if (fault !== null) throw fault
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
        findings: toFindings(this.#answer.findings),
        ...(event.decision === undefined ? {} : { decision_id: event.decision }),
        ...(event.appeal === undefined ? {} : { appeal: event.appeal }),
        ...(event.grounding === undefined ? {} : { grounding: groundingJson(event.grounding, this.#message) }),
      },
    }
    const appendix = this.#answer.appendix(this.#text, this.#options).map(({ text }) => text)
    return [...appendix, ...(event.message === null ? [] : [`\n\n**${event.message}**`])].join('')
  }
}
