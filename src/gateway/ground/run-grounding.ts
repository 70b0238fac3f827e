import { isDoubtful, type AnswerGrounding, type AnswerMark, type EarlierDoubt } from '../../core/answer-grounding.ts'
import { ServiceError } from '../../core/errors.ts'
import type { AgentEvent, ToolSource } from '../../core/events.ts'
import type { GroundingMode } from '../../core/grant.ts'
import type { Admitted } from '../../core/request.ts'
import { SpacedText } from '../../core/spaced-text.ts'
import type { LoopShare } from '../../filters/loop-share.ts'
import type { RunDeeds } from '../../grounding/action-claims.ts'
import { ReferenceStream } from '../../grounding/references/reference-stream.ts'
import { RunResults } from '../../grounding/references/run-results.ts'
import type { Evidence } from '../../grounding/tables/evidence.ts'
import { withoutTurnNote } from '../screen/turn-cap.ts'
import { describeFindings } from './describe-findings.ts'
import { evidenceOf, markAnswer, notAllCompared } from './mark-answer.ts'
import { OwnFigures } from './own-figures.ts'
import type { JudgedAnswer, RunJudge } from './run-judge.ts'

/** What a run is told of the answers that it may give. */
export interface AnswerReview {
  /** Takes a text that the model has read. */
  readonly onRead: (text: string) => void
  /**
   * Judges an answer before anything of it is told; absent where it is told as it comes. Resolves with what the model is told to write it once
   * more, null where it may be told. Rejects with `refused` where it may not.
   */
  readonly review?: (answer: string, mayAskAgain: boolean) => Promise<string | null>
  /** May words be told that stand beside a call? Only where nothing of them is doubted; they are no answer that could be written anew. */
  readonly mayTell?: (words: string) => Promise<boolean>
}

/** Messages before the last one that are compared. */
const mostEarlier = 40

/** What a model has said in one step, with its references filled in. */
interface Filled {
  readonly step: number
  readonly stream: ReferenceStream
  text: string
}

/** A message of the run that its reader has got. */
interface ToldMessage {
  readonly words: string
  /** What was filled in, in its last step. */
  readonly filled: Filled | undefined
}

/** Binds the answer of one run to its results. */
export class RunGrounding {
  readonly #request: Pick<Admitted, 'messages'>
  readonly #mode: GroundingMode
  readonly #share: LoopShare
  readonly #judge: RunJudge | null
  /** What was last judged: an answer that was held is not judged again when it is told. */
  #judged: { readonly words: string; readonly judged: JudgedAnswer } | null = null
  readonly #results = new RunResults()
  readonly #own = new OwnFigures()
  /** What a call runs, as its model wrote it, until it has run. */
  readonly #sources = new Map<string, ToolSource>()
  readonly #calls: RunDeeds['calls'][number][] = []
  readonly #files = new Set<string>()
  readonly #message = new SpacedText()
  readonly #earlier: ToldMessage[] = []
  /** By their steps. */
  readonly #fills = new Map<number, Filled>()
  #filled: Filled | null = null
  #step = 0
  /** What was made of so many results. */
  #evidence: { readonly of: number; readonly evidence: Evidence } | null = null
  #remark = ''
  #hasAskedAgain = false

  /**
   * `share` divides the event loop between the answers that are looked through; `judge` is null where nobody judges what
   * they say without figures.
   */
  constructor(request: Pick<Admitted, 'messages' | 'grant'>, share: LoopShare, judge: RunJudge | null = null) {
    this.#judge = judge
    this.#request = request
    this.#share = share
    this.#mode = request.grant.grounding
    for (const { content } of request.messages) this.#results.read(content)
  }

  get review(): AnswerReview {
    const onRead = (text: string): void => this.#results.read(text)
    if (this.#mode !== 'regenerate' && this.#mode !== 'block') return { onRead }
    return {
      onRead,
      review: async (answer, mayAskAgain) => this.#decide(answer, mayAskAgain),
      mayTell: async (words) => {
        const { marks = [], notes = [] } = (await this.#groundHeld(words)).found ?? {}
        return !notes.includes(notAllCompared) && !marks.some(isDoubtful)
      },
    }
  }

  /** The events of the run as they came, with the references in the model's words filled in from what `told` has passed on. */
  async *fill(events: AsyncIterable<AgentEvent>): AsyncGenerator<AgentEvent> {
    for await (const event of events) {
      if (event.type === 'text-delta' && event.isRemark !== true) {
        if (this.#filled?.step !== event.step) {
          yield* this.#flush()
          this.#filled = { step: event.step, stream: new ReferenceStream(this.#results.resolve), text: '' }
          this.#fills.set(event.step, this.#filled)
        }
        yield* this.#say(this.#filled.stream.push(event.text))
        continue
      }
      yield* this.#flush()
      if (event.type === 'text-delta') this.#remark = event.text
      this.#noteSource(event)
      yield event
    }
  }

  /** The events as they are told, screened; the end of an answer says what of it the results bear out. */
  async *told(events: AsyncIterable<AgentEvent>): AsyncGenerator<AgentEvent> {
    for await (const event of events) {
      this.#note(event)
      if (event.type === 'text-delta') this.#hear(event.step, event.text)
      if (event.type === 'tool-call' || event.type === 'plan') this.#endMessage()
      // What was cut short is read, too.
      if (event.type === 'end' && event.ending !== 'cancelled' && this.#mode !== 'off') {
        const grounding = await this.#ground(event.ending === 'answer')
        yield grounding === null ? event : { ...event, grounding }
      } else yield event
    }
  }

  #noteSource(event: AgentEvent): void {
    if (event.type === 'tool-call' && event.source !== null) this.#sources.set(event.callId, event.source)
    if (event.type !== 'tool-result') return
    const source = this.#sources.get(event.callId)
    this.#sources.delete(event.callId)
    if (source !== undefined && event.number !== undefined) this.#own.take(event.number, source)
  }

  #hear(step: number, text: string): void {
    this.#message.add(step, text)
    // A note of a filter is of no step.
    if (this.#fills.has(step)) this.#step = step
  }

  /** What is said before anything was read rests on nothing, and is no answer. */
  #endMessage(): void {
    const words = this.#message.take()
    const isCompared = this.#results.all.length > 0 && /\p{N}/u.test(words) && this.#earlier.length < mostEarlier
    if (isCompared && this.#mode !== 'off') this.#earlier.push({ words, filled: this.#fills.get(this.#step) })
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
    const text = withoutTurnNote(this.#message.text)
    const remark = this.#remark.trim()
    // Where a filter has changed or cut it, the same words are the model's own, wherever they stand.
    return remark !== '' && text.trimEnd().endsWith(remark)
      ? text.slice(0, text.trimEnd().length - remark.length)
      : text
  }

  async #ground(isWhole: boolean): Promise<AnswerGrounding | null> {
    const words = this.#words()
    const found = await this.#groundMessage({ words, filled: this.#fills.get(this.#step) })
    const last = isWhole ? await this.#withJudged(words, found) : found
    const earlier: EarlierDoubt[] = []
    for (const message of this.#earlier) {
      const { marks } = (await this.#groundMessage(message)) ?? { marks: [] }
      for (const { text, verdict, reason } of marks) {
        if (isDoubtful({ verdict }) && isClaim({ text, verdict })) earlier.push({ text, verdict, reason })
      }
    }
    if (earlier.length === 0) return last
    return { ...(last ?? { marks: [], unfilled: [], notes: [] }), earlier }
  }

  async #groundMessage({ words, filled }: ToldMessage): Promise<AnswerGrounding | null> {
    const { text = '', stream } = filled ?? {}
    const said = text.trimEnd()
    // Where a filter has changed the words, nobody knows any more which of them were filled in.
    const isSaid = said !== '' && words.trimEnd().endsWith(said)
    const base = isSaid ? words.trimEnd().length - said.length : 0
    return this.#mark(words, { bound: isSaid ? (stream?.bound ?? []) : [], base, unbound: stream?.unbound ?? [] })
  }

  async #mark(
    words: string,
    { bound, base, unbound }: Pick<ReferenceStream, 'bound' | 'unbound'> & { readonly base: number },
  ): Promise<AnswerGrounding | null> {
    const question = this.#request.messages.flatMap(({ role, content }) => (role === 'user' ? [content] : []))
    return markAnswer({
      words,
      bound: bound.map(({ start, end, ...value }) => ({ ...value, start: base + start, end: base + end })),
      unbound,
      results: this.#results,
      evidence: await this.#known(),
      own: this.#own,
      deeds: { calls: this.#calls, files: [...this.#files] },
      question: question.join('\n\n'),
      share: this.#share,
    })
  }

  async #known(): Promise<Evidence> {
    const of = this.#results.all.length
    if (this.#evidence?.of !== of) this.#evidence = { of, evidence: await evidenceOf(this.#results) }
    return this.#evidence.evidence
  }

  /** With what a judge doubts of the sentences that nothing else was found of. */
  async #withJudged(words: string, found: AnswerGrounding | null): Promise<AnswerGrounding | null> {
    if (this.#judge === null) return found
    const key = words.trim()
    if (this.#judged?.words !== key) {
      const request = this.#request.messages.flatMap(({ role, content }) => (role === 'user' ? [content] : []))
      const marks = found?.marks ?? []
      const judged = await this.#judge.judge({ words, marks, results: this.#results.all, request })
      this.#judged = { words: key, judged }
    }
    const { marks, why } = this.#judged.judged
    if (marks.length === 0 && why === null) return found
    const { marks: others, notes, ...rest } = found ?? { marks: [], unfilled: [], notes: [] }
    return {
      ...rest,
      marks: [...others, ...marks].toSorted((one, other) => one.start - other.start),
      notes: why === null ? notes : [...notes, why],
    }
  }

  async #decide(answer: string, mayAskAgain: boolean): Promise<string | null> {
    const { words, found } = await this.#groundHeld(answer)
    const grounding = await this.#withJudged(words, found)
    const doubtful: readonly AnswerMark[] = grounding?.marks.filter(isDoubtful) ?? []
    if (grounding === null) return null
    if (this.#mode === 'block' && grounding.notes.includes(notAllCompared)) {
      throw new ServiceError('refused', 'The answer was withheld: it is longer than what is compared of one.', {
        advice: 'Ask for less at once.',
      })
    }
    if (this.#mode === 'block' && doubtful.length === 0 && this.#judged !== null && this.#judged.judged.why !== null) {
      throw new ServiceError('refused', 'The answer was withheld: it could not be judged.', {
        advice: 'Try again later, or ask the operator to look at gateway.judge.',
      })
    }
    if (doubtful.length === 0 && grounding.unfilled.length === 0) return null
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

  /** Words that nobody has been told, with their references filled in, and what was found of them. */
  async #groundHeld(held: string): Promise<{ readonly words: string; readonly found: AnswerGrounding | null }> {
    const stream = new ReferenceStream(this.#results.resolve)
    const words = stream.push(held) + stream.end()
    return { words, found: await this.#mark(words, { bound: stream.bound, unbound: stream.unbound, base: 0 }) }
  }
}

/** Words beside a call tell mostly what comes next: of what is not found there, a figure of three digits or more is a claim. */
const isClaim = ({ text, verdict }: Pick<AnswerMark, 'text' | 'verdict'>): boolean =>
  verdict === 'contradicted' || (text.match(/\p{Nd}/gu) ?? []).length >= 3
