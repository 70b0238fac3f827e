import { isObject } from '../../apis/api.ts'
import type { Document } from '../mask/documents.ts'
import { answerDocument } from './answer-document.ts'
import type { JsonNode } from '../../../text/json-tree.ts'
import type { PositionNode } from '../positions/position.ts'
import type { EventReader, TextPiece } from './events/event-texts.ts'
import { JoinedTexts } from './joined-texts.ts'
import type { LinkGuard } from './link-guard.ts'
import { hasLogprobs, withholdLogprobs } from './logprobs.ts'
import { reachOf, restoreDocument, textFor, type Restoring } from './restore-json.ts'
import type { AnswerText } from './answer-text.ts'

/** A piece of a text in an event that has not left: what stands in its place so far. */
interface HeldPiece {
  readonly path: TextPiece['path']
  readonly given: string
  text: string
}

interface Channel {
  readonly text: AnswerText
  /** The last piece that came. */
  piece: HeldPiece
  event: HeldEvent
  /** Pieces that may hold a part of a value which is withheld, with their events. */
  undecided: { readonly event: HeldEvent; readonly length: number }[]
}

interface HeldEvent {
  readonly event: string
  readonly data: Document | null
  readonly pieces: HeldPiece[]
  /** Was a value withheld that what it says of its letters may hold? */
  hidesLetters: boolean
}

/** Events that wait for the rest of a token, at most: a token that comes in more is left as it is. */
const mostHeld = 1_024
/** Texts of which is noted what stood before them, at most: a stream has few. */
const mostNoted = 256

/**
 * Restores the events of one stream. An event waits where its text ends in what could be the beginning of a token; every
 * other one leaves as it came, to the byte, unless a value is put into it.
 */
export class EventRestorer {
  readonly #restoring: Restoring
  readonly #positions: PositionNode
  readonly #reader: EventReader
  readonly #channels = new Map<string, Channel>()
  readonly #joined: JoinedTexts
  /** What stood before the text of a channel. */
  readonly #before = new Map<string, string>()
  #held: HeldEvent[] = []

  constructor(restoring: Restoring, positions: PositionNode, reader: EventReader) {
    this.#restoring = restoring
    this.#positions = positions
    this.#reader = reader
    this.#joined = new JoinedTexts(restoring.form)
  }

  /** Takes the next event, its empty line included; returns the events that may leave. */
  async push(event: string): Promise<string> {
    const json = dataOf(event)
    const data = json === null ? null : parseObject(json)
    if (json === null || data === null) return this.#pushOther(event)
    const held: HeldEvent = { event, data: answerDocument(json), pieces: [], hidesLetters: false }
    this.#held.push(held)
    const { pieces, closes, tool = '', repeats = '' } = this.#reader(data)
    for (const piece of pieces) await this.#pushPiece(piece, held)
    for (const [name, channel] of this.#channels) {
      if (!closes(name)) continue
      await flush(channel)
      this.#channels.delete(name)
    }
    if (held.data !== null) {
      const { hasWithheld } = await restoreDocument(held.data, this.#positions, this.#restoring, {
        tool,
        before: this.#before.get(repeats) ?? '',
      })
      held.hidesLetters ||= hasWithheld
    }
    return this.#release(this.#held.length > mostHeld)
  }

  /** What is left when nothing comes any more. */
  async end(): Promise<string> {
    return this.#release(true)
  }

  /** A comment passes among the others; the mark of the end is behind every text. */
  async #pushOther(event: string): Promise<string> {
    const isEnd = /^data: ?\[DONE\]\s*$/m.test(event)
    this.#held.push({ event, data: null, pieces: [], hidesLetters: false })
    return this.#release(isEnd)
  }

  async #pushPiece(
    { path, text, channel: name, form, tool, joined = null }: TextPiece,
    event: HeldEvent,
  ): Promise<void> {
    const choices = tool === null ? null : reachOf(this.#restoring, tool)
    if (choices === 'none') return
    let channel = this.#channels.get(name)
    const piece: HeldPiece = { path, given: text, text: '' }
    if (channel === undefined) {
      const guard = joined === null ? undefined : this.#guardOf(name, joined)
      const answer = textFor(this.#restoring, tool === null ? null : form, { choices, guard })
      channel = { text: answer, piece, event, undecided: [] }
      this.#channels.set(name, channel)
    }
    if (joined !== null) this.#joined.add(joined, text)
    channel.piece = piece
    channel.event = event
    event.pieces.push(piece)
    channel.undecided.push({ event, length: text.length })
    await decide(channel, async () => {
      piece.text = await channel.text.push(text)
    })
  }

  /** Goes on where the texts before have ended, and notes how that was, for events that repeat the text. */
  #guardOf(channel: string, joined: string): LinkGuard {
    if (this.#before.size >= mostNoted) this.#before.clear()
    this.#before.set(channel, this.#joined.endOf(joined))
    return this.#joined.guardBehind(joined)
  }

  /** The events from the first one on that wait for nothing. */
  async #release(all: boolean): Promise<string> {
    if (all) for (const channel of this.#channels.values()) await flush(channel)
    const waiting = new Set<HeldEvent>()
    for (const { text, event, undecided } of this.#channels.values()) {
      if (!text.holds) continue
      waiting.add(event)
      // What an event says of its letters waits with them.
      for (const each of undecided) if (hasLogprobs(each.event.event)) waiting.add(each.event)
    }
    const first = this.#held.findIndex((held) => waiting.has(held))
    const leaving = first < 0 ? this.#held : this.#held.slice(0, first)
    this.#held = first < 0 ? [] : this.#held.slice(first)
    return leaving.map(written).join('')
  }
}

/** What is held of a text goes with the last piece that came of it. */
async function flush(channel: Channel): Promise<void> {
  const { text, piece } = channel
  if (!text.holds) return
  await decide(channel, async () => {
    piece.text += await text.end()
  })
}

/** Notes which events of a channel had a part in what was withheld, and which of its pieces are decided on. */
async function decide(channel: Channel, work: () => Promise<void>): Promise<void> {
  const { text, undecided } = channel
  const before = text.withheld
  await work()
  if (text.withheld > before) for (const { event } of undecided) event.hidesLetters = true
  let behind = undecided.reduce((sum, { length }) => sum + length, 0)
  channel.undecided = undecided.filter(({ length }) => {
    behind -= length
    return behind < text.undecided
  })
}

function written({ event, data, pieces, hidesLetters }: HeldEvent): string {
  if (data === null) return event
  if (hidesLetters && hasLogprobs(event)) withholdLogprobs(data)
  for (const { path, given, text } of pieces) {
    if (text === given) continue
    const node = nodeAt(data.root, path)
    if (node !== null) data.replace(node, JSON.stringify(text))
  }
  return data.isChanged ? withData(event, data.render()) : event
}

function nodeAt(root: JsonNode, path: readonly (string | number)[]): JsonNode | null {
  let node: JsonNode | undefined = root
  for (const step of path) {
    if (node?.kind === 'object') node = node.members.findLast(({ name }) => name === step)?.value
    else if (node?.kind === 'list') node = node.elements[Number(step)]
    else return null
  }
  return node ?? null
}

const dataLine = /^data:[ ]?/
/** Lines with their ends. Nothing but these ends a line of an event: JSON may hold U+2028 as it is. */
const lines = /[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g
const lineEnd = /[\r\n]+$/

/** The data of an event, null where it has none. */
export function dataOf(event: string): string | null {
  if (!event.includes('data:')) return null
  const lines = event.split(/\r\n|\n|\r/).filter((line) => line.startsWith('data:'))
  return lines.length === 0 ? null : lines.map((line) => line.replace(dataLine, '')).join('\n')
}

/** The event with other data, on the line on which its data began. */
export function withData(event: string, json: string): string {
  // A line break in JSON is no part of a text, and would end the line.
  const oneLine = json.replaceAll('\n', '')
  let isWritten = false
  return event.replace(lines, (line: string) => {
    if (!line.startsWith('data:')) return line
    if (isWritten) return ''
    isWritten = true
    return `${dataLine.exec(line)?.[0] ?? ''}${oneLine}${lineEnd.exec(line)?.[0] ?? ''}`
  })
}

function parseObject(json: string) {
  try {
    const value: unknown = JSON.parse(json)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}
