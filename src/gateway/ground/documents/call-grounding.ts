import { ServiceError } from '../../../core/errors.ts'
import type { AuthorizedCall, ScreenedAnswer } from '../../../core/model-call.ts'
import { bytesOf } from '../../../core/sizes.ts'
import type { LoopShare } from '../../../filters/loop-share.ts'
import type { IndexedDocuments } from '../../../grounding/ground-in-documents.ts'
import type { GuardedStream } from '../../actions/guarded-stream.ts'
import type { JsonObject } from '../../apis/api.ts'
import { objectOfBody } from '../../calls/object-of-body.ts'
import { asksForJson } from '../../privacy/keys/end-user.ts'
import type { GroundText, MarkedAs } from './answer-marks.ts'
import { ChatMarks, markChat } from './chat-marks.ts'
import { doubtsOf, marksOf, withJudged, type AnswerInDocuments } from './document-marks.ts'
import type { GivenDocument } from './given-documents.ts'
import { ownWordsOf } from './own-words.ts'
import type { Judge } from './judge.ts'
import { markResponse, ResponsesMarks } from './responses-marks.ts'
import { withFindings } from './with-findings.ts'

/** Asks for another answer by this body; null where that may not be: it would do something twice, or costs more than is left. */
export type AskAgain = (body: Buffer) => Promise<ScreenedAnswer | null>

/** What is held of a stream that nothing leaves of before all of it was looked at. */
const mostHeld = bytesOf.mb(8)

export interface CallGroundingOptions {
  readonly call: AuthorizedCall
  readonly documents: readonly GivenDocument[]
  /** Has a model read them? */
  readonly areSent: boolean
  /** Judges its sentences, too; null where nobody does. */
  readonly judge: Judge | null
  /** Divides the event loop between the calls whose documents are read. */
  readonly share: LoopShare
}

/** Holds the answer to one call against the documents that its request has brought. */
export class CallGrounding {
  readonly #call: AuthorizedCall
  readonly #request: JsonObject
  readonly #documents: readonly GivenDocument[]
  readonly #notes: readonly string[]
  readonly #judge: Judge | null
  readonly #share: LoopShare
  #index: Promise<IndexedDocuments> | null = null

  constructor({ call, documents, areSent, judge, share }: CallGroundingOptions) {
    this.#call = call
    this.#request = (call.body === null ? null : objectOfBody(call.body)) ?? {}
    this.#documents = documents
    this.#judge = judge
    this.#share = share
    this.#notes = areSent ? [] : ['The documents were not sent to the model: its answer was held against them.']
  }

  /** The answer as its caller may have it. Rejects with `refused` where it is withheld. */
  async answer(answer: ScreenedAnswer, again: AskAgain): Promise<ScreenedAnswer> {
    const mode = this.#call.grant.grounding
    if (mode === 'annotate' && !Buffer.isBuffer(answer.body)) {
      // Read while the answer comes in.
      void this.#indexed().catch(() => undefined)
      return { ...answer, body: markedEvents(answer.body, this.#stream()) }
    }
    const first = await this.#whole(answer)
    const doubts = first.found.filter((found) => doubtsOf(found).length > 0 || found.isJudged === false)
    if (mode === 'annotate' || doubts.length === 0) return first.answer
    const body = this.#call.body === null ? null : withFindings(this.#call.api, this.#call.body, first)
    const other = body === null ? null : await again(body)
    const last = other === null ? first : await this.#whole(other)
    if (mode === 'block') refuseDoubtful(last.found)
    return last.answer
  }

  async #whole({ body, ...head }: ScreenedAnswer): Promise<MarkedAnswer> {
    const texts: string[] = []
    const found: AnswerInDocuments[] = []
    const ground: GroundText = async (text) => {
      const each = await this.#ground(text)
      texts.push(text)
      found.push(each)
      return each
    }
    if (Buffer.isBuffer(body)) {
      const mark = this.#call.api === 'responses' ? markResponse : markChat
      const marked = await mark(body, ground, this.#marked)
      return { answer: { ...head, body: marked.body }, found, texts }
    }
    const stream = this.#stream(ground)
    const events: Buffer[] = []
    let length = 0
    for await (const each of markedEvents(body, stream)) {
      length += each.length
      if (length > mostHeld) throw tooLong()
      events.push(each)
    }
    return { answer: { ...head, body: oneAfterAnother(events) }, found, texts }
  }

  #stream(ground: GroundText = (text) => this.#ground(text)): GuardedStream {
    const Marks = this.#call.api === 'responses' ? ResponsesMarks : ChatMarks
    return new Marks(ground, this.#marked)
  }

  get #marked(): MarkedAs {
    const { choices = 1 } = this.#call.facts
    return { isProse: !asksForJson(this.#request), isOnly: choices === 1 }
  }

  async #ground(text: string): Promise<AnswerInDocuments> {
    const { groundInDocuments } = await import('../../../grounding/ground-in-documents.ts')
    const found = groundInDocuments(text, await this.#indexed())
    const cut = found.isCut ? ['The answer has more than is compared.'] : []
    const marks = marksOf(text, found, this.#documents)
    const judged = await this.#judge?.judge(text, this.#documents, ownWordsOf(this.#call.api, this.#request))
    return {
      marks: judged === undefined || judged.marks === null ? marks : withJudged(marks, judged.marks),
      novelty: found.novelty,
      isJudged: judged === undefined ? null : judged.marks !== null,
      notes: [...this.#notes, ...cut, ...(judged?.why === undefined ? [] : [judged.why])],
    }
  }

  #indexed(): Promise<IndexedDocuments> {
    this.#index ??= this.#read()
    return this.#index
  }

  async #read(): Promise<IndexedDocuments> {
    const { indexDocuments } = await import('../../../grounding/ground-in-documents.ts')
    const titles = this.#documents.flatMap(({ id, title }) => [id ?? '', title ?? ''])
    const texts = this.#documents.map(({ text }) => text)
    const words = [...ownWordsOf(this.#call.api, this.#request), ...titles]
    return this.#share.inTurns(indexDocuments(texts, words))
  }
}

/** An answer with its marks, and the words that were looked at. */
interface MarkedAnswer {
  readonly answer: ScreenedAnswer
  readonly found: readonly AnswerInDocuments[]
  readonly texts: readonly string[]
}

async function* markedEvents(body: AsyncIterable<Buffer>, stream: GuardedStream): AsyncGenerator<Buffer> {
  for await (const events of body) {
    const leaving = await stream.push(events.toString('utf8'))
    if (leaving !== '') yield Buffer.from(leaving)
  }
}

async function* oneAfterAnother(events: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* events
}

function refuseDoubtful(found: readonly AnswerInDocuments[]): void {
  const doubts = found.reduce((sum, each) => sum + doubtsOf(each).length, 0)
  if (doubts > 0) {
    const parts = doubts === 1 ? 'one part that' : `${doubts} parts that`
    throw new ServiceError(
      'refused',
      `The answer was withheld: it has ${parts} the documents of the request do not bear out.`,
      {
        advice: 'Ask again, or bring the documents that it rests on.',
      },
    )
  }
  if (found.some(({ isJudged }) => isJudged === false)) {
    throw new ServiceError('refused', 'The answer was withheld: it could not be judged.', {
      advice: 'Try again later, or ask the operator to look at gateway.judge.',
    })
  }
}

const tooLong = (): ServiceError =>
  new ServiceError('refused', 'The answer is longer than what is held to be looked at before it leaves.', {
    advice: 'Ask for less at once, or ask the operator for grounding: annotate.',
  })
