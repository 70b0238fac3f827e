import { withholds, type FilterAction } from '../../../filters/profile.ts'
import type { TextWindow } from '../../../filters/windows/windows.ts'
import type { JsonObject } from '../../apis/api.ts'
import { parseObject } from '../../calls/event-data.ts'
import type { Document } from '../../privacy/mask/documents.ts'
import { answerDocument } from '../../privacy/restore/answer-document.ts'
import { hasLogprobs, withholdLogprobs } from '../../privacy/restore/logprobs.ts'
import { dataOf, withData } from '../../privacy/restore/restore-events.ts'
import type { AnswerDecider } from '../answer-decider.ts'
import { whyWithheld } from '../blocked.ts'
import type { ToldBlock } from '../blocked-answers.ts'
import { elementsIn, memberIn } from '../written-texts.ts'
import { Channel, type HeldPiece } from './channel.ts'
import type { SentSoFar } from './closing-events.ts'
import type { ReadWritten } from './event-texts.ts'

interface HeldEvent {
  readonly event: string
  readonly data: JsonObject | null
  readonly document: Document | null
  readonly pieces: HeldPiece[]
}

const endsResponse = /^response\.(?:completed|incomplete|failed)$/

/** The model is to be asked once more, and nothing of this answer has left. */
export class Regenerate extends Error {}

/** The answer goes no further. */
class Blocked extends Error {
  readonly reason: string | null

  constructor(reason: string | null) {
    super('the answer is blocked')
    this.reason = reason
  }
}

export interface EventModeratorOptions {
  readonly decider: AnswerDecider
  readonly read: ReadWritten
  readonly sent: SentSoFar
  /** May the model be asked once more, as long as nothing has left? */
  readonly mayRegenerate: boolean
}

const wholePiece = (node: HeldPiece['node'], given: string): HeldPiece => ({
  node,
  given,
  start: 0,
  left: '',
  isDecided: false,
})

/** Events that wait before the first text of an answer, at most. */
const mostHeld = 1_024

/**
 * Decides about the events of one stream, in order. An event waits until the windows are decided in which its texts stand, so
 * that what leaves is the same for every way in which the text was cut into pieces; what has nothing replaced leaves to the byte.
 */
export class EventModerator {
  readonly #options: EventModeratorOptions
  readonly #channels = new Map<string, Channel>()
  /** Of texts that have come in pieces what is left. */
  readonly #known = new Map<string, string>()
  #held: HeldEvent[] = []
  #hasLeft = false
  /** What a block is told as; null as long as there is none. */
  told: ToldBlock | null = null

  constructor(options: EventModeratorOptions) {
    this.#options = options
  }

  /** Takes the next event, its empty line included; gives what may leave. Behind a block nothing more is to come. */
  async push(event: string): Promise<string> {
    return this.#orBlock(async () => {
      const json = dataOf(event)
      const data = json === null ? null : parseObject(json)
      const document = json === null || data === null ? null : answerDocument(json)
      const held: HeldEvent = { event, data, document, pieces: [] }
      this.#held.push(held)
      if (data === null || document === null) {
        // The mark of the end is behind every text.
        if (json !== null) await this.#close(() => true)
      } else await this.#read(held, data, document)
    })
  }

  /** What is left when nothing comes any more. */
  async end(): Promise<string> {
    const rest = await this.#orBlock(() => this.#close(() => true), true)
    if (this.told === null) this.#options.decider.record.complete()
    return rest
  }

  async #orBlock(work: () => Promise<void>, isEnd = false): Promise<string> {
    try {
      await work()
      return this.#release(isEnd)
    } catch (thrown) {
      if (!(thrown instanceof Blocked)) throw thrown
      const { record } = this.#options.decider
      record.conclude('block')
      this.told = { decision: record.id, why: thrown.reason ?? whyWithheld(record), appeal: record.appeal }
      return this.#release(true) + this.#cut() + this.#options.sent.closing(this.told)
    }
  }

  async #read(held: HeldEvent, data: JsonObject, document: Document): Promise<void> {
    const { texts, closes } = this.#options.read(data, document)
    // All of an event waits before anything of it is decided.
    const begun = texts.map(({ text, node, channel: name }) => {
      if (name === null) return { channel: null, text, windows: [], piece: wholePiece(node, text) }
      const channel = this.#channels.get(name) ?? new Channel()
      this.#channels.set(name, channel)
      const { piece, windows } = channel.push(node, text)
      return { channel, text, windows, piece }
    })
    held.pieces.push(...begun.map(({ piece }) => piece))
    for (const { channel, windows } of begun) if (channel !== null) await this.#decide(channel, windows)
    await this.#close(closes)
    for (const { channel, text, piece } of begun) {
      if (channel !== null) continue
      piece.left = await this.#whole(text)
      piece.isDecided = true
    }
  }

  async #close(closes: (channel: string) => boolean): Promise<void> {
    for (const [name, channel] of this.#channels) {
      if (!closes(name)) continue
      await this.#decide(channel, channel.end())
      this.#channels.delete(name)
      this.#known.set(channel.given, channel.left)
    }
  }

  /** One window after the other: what comes before a block leaves, however it was cut. */
  async #decide(channel: Channel, windows: readonly TextWindow[]): Promise<void> {
    for (const window of windows) {
      const { action, reason, spans } = await this.#options.decider.windows([window])
      this.#refuse(action, reason)
      channel.decided(window, spans[0] ?? [])
    }
  }

  async #whole(text: string): Promise<string> {
    const known = this.#known.get(text)
    if (known !== undefined) return known
    const { action, reason, masked } = await this.#options.decider.texts([text])
    this.#refuse(action, reason)
    const [left = ''] = masked
    this.#known.set(text, left)
    return left
  }

  #refuse(action: FilterAction, reason: string | null): void {
    if (action === 'regenerate' && this.#options.mayRegenerate && !this.#hasLeft) throw new Regenerate()
    if (withholds(action)) throw new Blocked(reason)
  }

  /** The events from the first one on whose texts are decided. Before the first text none leaves where it may be asked for anew. */
  #release(isEnd: boolean): string {
    const first = this.#held.findIndex(({ pieces }) => pieces.some(({ isDecided }) => !isDecided))
    const leaving = first < 0 ? this.#held : this.#held.slice(0, first)
    const waits = this.#options.mayRegenerate && !this.#hasLeft && !isEnd && leaving.length < mostHeld
    if (waits && leaving.every(({ pieces }) => pieces.length === 0)) return ''
    this.#held = first < 0 ? [] : this.#held.slice(first)
    return leaving.map((held) => this.#written(held)).join('')
  }

  /** Of the first event that is not decided what is; nothing behind it leaves. */
  #cut(): string {
    const [held] = this.#held
    this.#held = []
    if (held === undefined || held.document === null || held.pieces.every(({ left }) => left === '')) return ''
    // What says that the answer is over would end the stream before the event that says how.
    if (endsResponse.test(String(held.data?.['type']))) return ''
    for (const choice of elementsIn(memberIn(held.document.root, 'choices'))) {
      const reason = memberIn(choice, 'finish_reason')
      if (reason !== null) held.document.replace(reason, 'null')
    }
    return this.#written(held)
  }

  #written({ event, data, document, pieces }: HeldEvent): string {
    this.#hasLeft = true
    if (data === null || document === null) return event
    const changed = pieces.filter(({ given, left }) => given !== left)
    if (changed.length > 0 && hasLogprobs(event)) withholdLogprobs(document)
    for (const { node, left } of changed) document.replace(node, JSON.stringify(left))
    if (!document.isChanged) {
      this.#options.sent.sent(data)
      return event
    }
    const json = document.render()
    this.#options.sent.sent(parseObject(json) ?? data)
    return withData(event, json)
  }
}
