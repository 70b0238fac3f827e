import { isDoubtful, type AnswerGrounding, type AnswerMark } from '../../core/answer-grounding.ts'
import { ServiceError } from '../../core/errors.ts'
import type { AgentEvent } from '../../core/events.ts'
import type { GroundingMode } from '../../core/grant.ts'
import type { Admitted } from '../../core/request.ts'
import { SpacedText } from '../../core/spaced-text.ts'
import type { LoopShare } from '../../filters/loop-share.ts'
import type { RunDeeds } from '../../grounding/action-claims.ts'
import { ReferenceStream } from '../../grounding/references/reference-stream.ts'
import { RunResults } from '../../grounding/references/run-results.ts'
import { describeFindings } from './describe-findings.ts'
import { markAnswer } from './mark-answer.ts'

/** What a run is told of the answers that it may give. */
export interface AnswerReview {
  /** Takes a text that the model has read. */
  readonly onRead: (text: string) => void
  /**
   * Judges an answer before anything of it is told; absent where it is told as it comes. Resolves with what the model is told to write it once
   * more, null where it may be told. Rejects with `refused` where it may not.
   */
  readonly review?: (answer: string, mayAskAgain: boolean) => Promise<string | null>
}

/** What a model has said in one step, with its references filled in. */
interface Filled {
  readonly step: number
  readonly stream: ReferenceStream
  text: string
}

/** Binds the answer of one run to its results. */
export class RunGrounding {
  readonly #request: Pick<Admitted, 'messages'>
  readonly #mode: GroundingMode
  readonly #share: LoopShare
  readonly #results = new RunResults()
  readonly #calls: RunDeeds['calls'][number][] = []
  readonly #files = new Set<string>()
  readonly #message = new SpacedText()
  #filled: Filled | null = null
  #remark = ''
  #hasAskedAgain = false

  /** `share` divides the event loop between the answers that are looked through. */
  constructor(request: Pick<Admitted, 'messages' | 'grant'>, share: LoopShare) {
    this.#request = request
    this.#share = share
    this.#mode = request.grant.grounding
    for (const { content } of request.messages) this.#results.read(content)
  }

  get review(): AnswerReview {
    const onRead = (text: string): void => this.#results.read(text)
    const isHeld = this.#mode === 'regenerate' || this.#mode === 'block'
    return isHeld ? { onRead, review: async (answer, mayAskAgain) => this.#judge(answer, mayAskAgain) } : { onRead }
  }

  /** The events of the run as they came, with the references in the model's words filled in from what `told` has passed on. */
  async *fill(events: AsyncIterable<AgentEvent>): AsyncGenerator<AgentEvent> {
    for await (const event of events) {
      if (event.type === 'text-delta' && event.isRemark !== true) {
        if (this.#filled?.step !== event.step) {
          yield* this.#flush()
          this.#filled = { step: event.step, stream: new ReferenceStream(this.#results.resolve), text: '' }
        }
        yield* this.#say(this.#filled.stream.push(event.text))
        continue
      }
      yield* this.#flush()
      if (event.type === 'text-delta') this.#remark = event.text
      yield event
    }
  }

  /** The events as they are told, screened; the end of an answer says what of it the results bear out. */
  async *told(events: AsyncIterable<AgentEvent>): AsyncGenerator<AgentEvent> {
    for await (const event of events) {
      this.#note(event)
      if (event.type === 'text-delta') this.#message.add(event.step, event.text)
      if (event.type === 'tool-call' || event.type === 'plan') this.#message.take()
      if (event.type === 'end' && event.ending === 'answer' && this.#mode !== 'off') {
        const grounding = await this.#ground(this.#words())
        yield grounding === null ? event : { ...event, grounding }
      } else yield event
    }
  }

  #note(event: AgentEvent): void {
    if (event.type === 'tool-result') {
      this.#results.add(event)
      this.#calls.push({ number: event.number ?? null, tool: event.tool, outcome: event.cell?.outcome ?? 'ok' })
      for (const { path } of event.cell?.artifacts ?? []) this.#files.add(path)
    } else if (event.type === 'tool-refusal' || event.type === 'tool-failure') {
      this.#calls.push({ number: null, tool: event.tool, outcome: 'failed' })
    } else if (event.type === 'artifact') this.#files.add(event.artifact.name)
  }

  *#say(text: string): Generator<AgentEvent> {
    if (this.#filled === null || text === '') return
    this.#filled.text += text
    yield { type: 'text-delta', step: this.#filled.step, text }
  }

  *#flush(): Generator<AgentEvent> {
    if (this.#filled !== null) yield* this.#say(this.#filled.stream.end())
  }

  /** The model's own words of the last message: the service's are behind them. */
  #words(): string {
    const text = this.#message.text
    const end = this.#remark === '' ? -1 : text.lastIndexOf(this.#remark.trim())
    return end < 0 ? text : text.slice(0, end)
  }

  async #ground(words: string): Promise<AnswerGrounding | null> {
    const { text = '', stream } = this.#filled ?? {}
    const base = text.trim() === '' ? -1 : words.lastIndexOf(text.trimEnd())
    // Where a filter has changed the words, nobody knows any more which of them were filled in.
    const bound = base < 0 ? [] : (stream?.bound ?? [])
    return this.#mark(words, { bound, base, unbound: stream?.unbound ?? [] })
  }

  async #mark(
    words: string,
    { bound, base, unbound }: Pick<ReferenceStream, 'bound' | 'unbound'> & { readonly base: number },
  ): Promise<AnswerGrounding | null> {
    const question = this.#request.messages.flatMap(({ role, content }) => (role === 'user' ? [content] : []))
    return markAnswer({
      words,
      bound: bound.map(({ start, end, ...value }) => ({ ...value, start: base + start, end: base + end })),
      unbound: unbound.filter(({ text }) => words.includes(text)),
      results: this.#results,
      deeds: { calls: this.#calls, files: [...this.#files] },
      question: question.join('\n\n'),
      share: this.#share,
    })
  }

  async #judge(answer: string, mayAskAgain: boolean): Promise<string | null> {
    const stream = new ReferenceStream(this.#results.resolve)
    const words = stream.push(answer) + stream.end()
    const grounding = await this.#mark(words, { bound: stream.bound, unbound: stream.unbound, base: 0 })
    const doubtful: readonly AnswerMark[] = grounding?.marks.filter(isDoubtful) ?? []
    if (grounding === null || (doubtful.length === 0 && grounding.unfilled.length === 0)) return null
    if (mayAskAgain && !this.#hasAskedAgain) {
      this.#hasAskedAgain = true
      return describeFindings({ ...grounding, marks: doubtful })
    }
    if (this.#mode !== 'block' || doubtful.length === 0) return null
    const figures = doubtful.length === 1 ? 'one figure that' : `${doubtful.length} figures that`
    throw new ServiceError(
      'refused',
      `The answer was withheld: it has ${figures} the results of this run do not bear out.`,
      {
        advice: 'Ask again, or ask for less at once.',
      },
    )
  }
}
