/** One event of a stream: its name (`message` without one) and its data, read as JSON where it is some. */
export interface StreamEvent {
  readonly event: string
  readonly data: unknown
}

/** Characters of one event at most; a stream that goes on without end is cut here, not by the memory of the tab. */
const longestEvent = 16 * 1024 * 1024

/**
 * Reads server-sent events as the HTML standard has them: any line ending, several `data` lines, comments, an event that
 * the end cuts off is dropped. Ends at the data `[DONE]`, which is given to nobody. Throws RangeError at an event that is
 * too long.
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  mostCharacters = longestEvent,
): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let [pending, name, lines, length] = ['', '', [] as string[], 0]
  try {
    for (;;) {
      const { done, value } = await reader.read()
      pending += done ? decoder.decode() : decoder.decode(value, { stream: true })
      if (pending.length + length > mostCharacters)
        throw new RangeError('An event of the stream is too long to be read.')
      let end: { line: string; rest: string } | null
      while ((end = nextLine(pending, done)) !== null) {
        const { line } = end
        pending = end.rest
        if (line === '') {
          const text = lines.join('\n')
          if (text === '[DONE]') return
          if (lines.length > 0) yield { event: name || 'message', data: parsed(text) }
          ;[name, lines, length] = ['', [], 0]
          continue
        }
        const { field, content } = fieldOf(line)
        if (field === 'event') name = content
        if (field === 'data') {
          lines.push(content)
          length += content.length
        }
      }
      if (done) return
    }
  } finally {
    // Who stops reading has also closed the stream: the service ends what it was doing for it.
    await reader.cancel().catch(() => {})
  }
}

/** The first whole line; a carriage return at the very end may be half of an ending. */
function nextLine(text: string, isLast: boolean): { line: string; rest: string } | null {
  const match = /\r\n|\n|\r/.exec(text)
  if (match === null) return null
  const after = match.index + match[0].length
  if (match[0] === '\r' && after === text.length && !isLast) return null
  return { line: text.slice(0, match.index), rest: text.slice(after) }
}

function fieldOf(line: string): { field: string; content: string } {
  const colon = line.indexOf(':')
  if (colon < 0) return { field: line, content: '' }
  const content = line.slice(colon + 1)
  return { field: line.slice(0, colon), content: content.startsWith(' ') ? content.slice(1) : content }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
