import { isObject, type JsonObject } from '../../apis/api.ts'
import { parseObject } from '../../calls/event-data.ts'
import { dataEvent, type GuardedStream } from '../../actions/guarded-stream.ts'
import { textOf } from '../../actions/chat-turns.ts'
import { eventsOf } from '../../privacy/restore/restore-answer.ts'
import { dataOf, withData } from '../../privacy/restore/restore-events.ts'
import { behindText, memberOf, type GroundText, type MarkedAs } from './answer-marks.ts'
import type { AnswerInDocuments } from './document-marks.ts'

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : [])

/** Is it the end of an answer that somebody reads? One that asks for tools goes on, and one that was withheld says nothing. */
const endsAnswer = (reason: unknown): boolean => reason === 'stop' || reason === 'length'
const isWithheld = (reason: unknown): boolean => reason === 'content_filter'

/** The words of a message: its text, or those of its parts. */
function wordsOf(content: unknown): string {
  if (typeof content === 'string') return content
  return listOf(content)
    .flatMap((part) => (isObject(part) && typeof part['text'] === 'string' ? [part['text']] : []))
    .join('')
}

/** A whole answer of Chat Completions with the marks of its choices, and what was found of each. */
export async function markChat(
  body: Buffer,
  ground: GroundText,
  marked: MarkedAs,
): Promise<{ readonly body: Buffer; readonly found: readonly AnswerInDocuments[] }> {
  const answer = parseObject(body.toString('utf8')) ?? {}
  const texts: { place: { index: number }; found: AnswerInDocuments }[] = []
  const choices: unknown[] = []
  for (const [at, choice] of listOf(answer['choices']).entries()) {
    const message = isObject(choice) && isObject(choice['message']) ? choice['message'] : {}
    const words = wordsOf(message['content'])
    if (!isObject(choice) || words.trim() === '' || isWithheld(choice['finish_reason'])) {
      choices.push(choice)
      continue
    }
    const found = await ground(words)
    texts.push({ place: { index: typeof choice['index'] === 'number' ? choice['index'] : at }, found })
    const behind = endsAnswer(choice['finish_reason']) ? behindText(words, found, marked) : ''
    choices.push(
      behind === '' ? choice : { ...choice, message: { ...message, content: put(message['content'], behind) } },
    )
  }
  if (texts.length === 0) return { body, found: [] }
  const told = { ...answer, choices, sallyport: memberOf(texts, marked, answer['sallyport']) }
  return { body: Buffer.from(JSON.stringify(told)), found: texts.map(({ found }) => found) }
}

const put = (content: unknown, behind: string): unknown =>
  Array.isArray(content)
    ? [...(content as readonly unknown[]), { type: 'text', text: behind }]
    : `${textOf(content)}${behind}`

/** A stream of Chat Completions: words flow on as they come, marks stand before the end of their choice. */
export class ChatMarks implements GuardedStream {
  readonly #ground: GroundText
  readonly #marked: MarkedAs
  readonly #words = new Map<unknown, string>()

  constructor(ground: GroundText, marked: MarkedAs) {
    this.#ground = ground
    this.#marked = marked
  }

  async push(events: string): Promise<string> {
    let leaving = ''
    for (const event of eventsOf(events)) leaving += await this.#take(event)
    return leaving
  }

  /** A choice that never ends was cut off: nothing is said of it. */
  async end(): Promise<string> {
    return ''
  }

  async #take(event: string): Promise<string> {
    const json = dataOf(event)
    const data = json === null ? null : parseObject(json)
    const choices = listOf(data?.['choices'])
    if (data === null || choices.length === 0) return event
    if (choices.length === 1) return this.#takeChoice(event, data, choices[0])
    let leaving = ''
    for (const choice of choices) {
      const alone = { ...data, choices: [choice] }
      leaving += await this.#takeChoice(withData(event, JSON.stringify(alone)), alone, choice)
    }
    return leaving
  }

  async #takeChoice(event: string, data: JsonObject, choice: unknown): Promise<string> {
    if (!isObject(choice)) return event
    const { index = 0, finish_reason: reason } = choice
    const delta = isObject(choice['delta']) ? choice['delta'] : {}
    const words = (this.#words.get(index) ?? '') + wordsOf(delta['content'])
    this.#words.set(index, words)
    if (textOf(reason) === '') return event
    this.#words.delete(index)
    if (words.trim() === '' || isWithheld(reason)) return event
    const found = await this.#ground(words)
    const behind = endsAnswer(reason) ? behindText(words, found, this.#marked) : ''
    const place = { index: typeof index === 'number' ? index : 0 }
    const member = memberOf([{ place, found }], this.#marked, data['sallyport'])
    const { usage: _usage, ...common } = data
    const own = textOf(delta['content'])
    const piece = dataEvent({ ...common, choices: [{ index, delta: { content: own + behind }, finish_reason: null }] })
    const { content: _content, ...rest } = delta
    const last = { ...data, choices: [{ ...choice, delta: behind === '' ? delta : rest }], sallyport: member }
    return (behind === '' ? '' : piece) + withData(event, JSON.stringify(last))
  }
}
