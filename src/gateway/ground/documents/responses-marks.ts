import { isObject, type JsonObject } from '../../apis/api.ts'
import { parseObject } from '../../calls/event-data.ts'
import { namedEvent, type GuardedStream } from '../../actions/guarded-stream.ts'
import { textOf } from '../../actions/chat-turns.ts'
import { eventsOf } from '../../privacy/restore/restore-answer.ts'
import { dataOf, withData } from '../../privacy/restore/restore-events.ts'
import { behindText, memberOf, type GroundText, type MarkedAs } from './answer-marks.ts'
import type { AnswerInDocuments } from './document-marks.ts'

/** A text of a response and what was found of it. */
interface MarkedText {
  readonly place: { readonly output_index: number; readonly content_index: number }
  readonly found: AnswerInDocuments
  readonly behind: string
}

const isMessage = (item: unknown): item is JsonObject => isObject(item) && item['type'] === 'message'
const isText = (part: unknown): part is JsonObject => isObject(part) && part['type'] === 'output_text'
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : [])
const keyOf = (output: unknown, content: unknown): string => `${String(output)} ${String(content)}`

/** A whole answer of Responses with the marks of its texts, and what was found of each. */
export async function markResponse(
  body: Buffer,
  ground: GroundText,
  marked: MarkedAs,
): Promise<{ readonly body: Buffer; readonly found: readonly AnswerInDocuments[] }> {
  const answer = parseObject(body.toString('utf8')) ?? {}
  const texts = new Map<string, MarkedText>()
  for (const [at, item] of listOf(answer['output']).entries()) {
    for (const [part, given] of isMessage(item) ? listOf(item['content']).entries() : []) {
      const words = isText(given) ? textOf(given['text']) : ''
      if (words.trim() === '') continue
      const found = await ground(words)
      const place = { output_index: at, content_index: part }
      texts.set(keyOf(at, part), { place, found, behind: behindText(words, found, marked) })
    }
  }
  if (texts.size === 0) return { body, found: [] }
  const told = withMember(withTexts(answer, texts), texts, marked)
  return { body: Buffer.from(JSON.stringify(told)), found: [...texts.values()].map(({ found }) => found) }
}

/** A response with what was put behind its texts. */
function withTexts(response: JsonObject, texts: ReadonlyMap<string, MarkedText>): JsonObject {
  const output = listOf(response['output']).map((item, at) => withMarks(item, at, texts))
  const { output_text: whole } = response
  const behind = [...texts.values()].map((text) => text.behind).join('')
  return { ...response, output, ...(typeof whole === 'string' ? { output_text: whole + behind } : {}) }
}

function withMarks(item: unknown, at: unknown, texts: ReadonlyMap<string, MarkedText>): unknown {
  if (!isMessage(item)) return item
  return {
    ...item,
    content: listOf(item['content']).map((part, index) => markedPart(part, texts.get(keyOf(at, index)))),
  }
}

const markedPart = (part: unknown, text: MarkedText | undefined): unknown =>
  text === undefined || text.behind === '' || !isText(part)
    ? part
    : { ...part, text: textOf(part['text']) + text.behind }

/** A response of several texts tells of each, whatever was thought before it came. */
function withMember(response: JsonObject, texts: ReadonlyMap<string, MarkedText>, marked: MarkedAs): JsonObject {
  const all = [...texts.values()]
  return { ...response, sallyport: memberOf(all, { ...marked, isOnly: all.length === 1 }, response['sallyport']) }
}

/** A stream of Responses: marks of a text come as its last piece, and stand in all that says it once more. */
export class ResponsesMarks implements GuardedStream {
  readonly #ground: GroundText
  readonly #marked: MarkedAs
  readonly #texts = new Map<string, MarkedText>()
  /** How many events have left that did not come: what is behind them is numbered anew. */
  #more = 0

  constructor(ground: GroundText, marked: MarkedAs) {
    this.#ground = ground
    this.#marked = marked
  }

  async push(events: string): Promise<string> {
    let leaving = ''
    for (const event of eventsOf(events)) leaving += await this.#take(event)
    return leaving
  }

  async end(): Promise<string> {
    return ''
  }

  async #take(event: string): Promise<string> {
    const json = dataOf(event)
    const data = json === null ? null : parseObject(json)
    if (data === null) return event
    const { type } = data
    if (type === 'response.output_text.done') return this.#done(event, data)
    return this.#numbered(event, this.#changed(data), data)
  }

  async #done(event: string, data: JsonObject): Promise<string> {
    const { output_index: output, content_index: content, item_id: item, sequence_number: number } = data
    const words = textOf(data['text'])
    if (words.trim() === '') return this.#numbered(event, data, data)
    const found = await this.#ground(words)
    const behind = behindText(words, found, this.#marked)
    const place = { output_index: Number(output), content_index: Number(content) }
    this.#texts.set(keyOf(output, content), { place, found, behind })
    if (behind === '') return this.#numbered(event, data, data)
    const numbered = typeof number === 'number' ? { sequence_number: number + this.#more } : {}
    const delta = { output_index: output, item_id: item, content_index: content, delta: behind, logprobs: [] }
    this.#more += 1
    const said = namedEvent({ type: 'response.output_text.delta', ...delta, ...numbered })
    return said + this.#numbered(event, { ...data, text: words + behind }, data)
  }

  /** What says a text once more, with what was put behind it. */
  #changed(data: JsonObject): JsonObject {
    const { type, output_index: output, content_index: content, part, item, response } = data
    if (this.#texts.size === 0) return data
    if (type === 'response.content_part.done') {
      return { ...data, part: markedPart(part, this.#texts.get(keyOf(output, content))) }
    }
    if (type === 'response.output_item.done') return { ...data, item: withMarks(item, output, this.#texts) }
    const isEnd = type === 'response.completed' || type === 'response.incomplete'
    if (!isEnd || !isObject(response) || isWithheld(response)) return data
    return { ...data, response: withMember(withTexts(response, this.#texts), this.#texts, this.#marked) }
  }

  #numbered(event: string, data: JsonObject, given: JsonObject): string {
    const { sequence_number: number } = data
    const isMoved = this.#more !== 0 && typeof number === 'number'
    if (!isMoved && data === given) return event
    return withData(event, JSON.stringify(isMoved ? { ...data, sequence_number: number + this.#more } : data))
  }
}

/** What was withheld is told by nobody, nor what was found in it. */
const isWithheld = ({ incomplete_details: details }: JsonObject): boolean =>
  isObject(details) && details['reason'] === 'content_filter'
