import { isObject, type JsonObject } from '../apis/api.ts'

/** One event of a text of several. */
export interface ReadEvent {
  /** Offsets of its first byte and behind its empty line. */
  readonly begin: number
  readonly end: number
  /** What its `event` line says; empty where it has none. */
  readonly name: string
  /** The object it carries; null for an event that has no data, or no object as data. */
  readonly data: JsonObject | null
  /** Has it data that is neither an object nor a mark such as `[DONE]`, or a line that only some clients read? */
  readonly isUnreadable: boolean
  /** Is it the mark of an end, `[DONE]`? */
  readonly isMark: boolean
}

/**
 * In front of a line, read as UTF-8 or as single bytes: clients that decode lines one by one take it away and read what is
 * behind it, others the line as a comment.
 */
const byteOrderMark = /^(?:\uFEFF|\u00EF\u00BB\u00BF)/

/** Ends of events: an empty line, whatever the line ends are, and whether or not they are alike. */
const eventEnd = /(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r)/g

/** The events of a text, in order; what stands behind the last empty line is one, too. */
export function* eventsOf(text: string): Generator<ReadEvent> {
  let begin = 0
  for (const { 0: empty, index } of text.matchAll(eventEnd)) {
    const end = index + empty.length
    yield readEvent(text, begin, end)
    begin = end
  }
  if (begin < text.length) yield readEvent(text, begin, text.length)
}

function readEvent(text: string, begin: number, end: number): ReadEvent {
  let name = ''
  let json: string | null = null
  let isHidden = false
  for (const line of text.slice(begin, end).split(/\r\n|\n|\r/)) {
    if (line.startsWith('data:')) json = json === null ? line.slice(5) : `${json}\n${line.slice(5)}`
    else if (line.startsWith('event:')) name = line.slice(6).trim()
    else if (byteOrderMark.test(line)) isHidden = true
  }
  const data = json === null ? null : parseObject(json)
  const unread = data === null ? json?.trim() : undefined
  const isMark = unread === '[DONE]'
  return {
    begin,
    end,
    name,
    data,
    isUnreadable: isHidden || (unread !== undefined && unread !== '' && !isMark),
    isMark,
  }
}

/** The objects that the events of a text carry; an event with anything else carries none. */
export function* dataOf(events: string): Generator<JsonObject> {
  for (const { data } of eventsOf(events)) if (data !== null) yield data
}

/** The object of a text of JSON; null for anything else. */
export function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}
