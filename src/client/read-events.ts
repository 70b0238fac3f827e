/**
 * The data of the events of a stream (https://html.spec.whatwg.org/multipage/server-sent-events.html), in their order; comments,
 * names and ids are passed over. An event that its end has not reached is none. Leaving the loop closes the connection.
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let data: string[] = []
  for await (const line of readLines(body)) {
    if (line === '') {
      if (data.length > 0) yield data.join('\n')
      data = []
    } else if (line === 'data' || line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''))
  }
}

/** Lines that end in LF, CR LF or CR; the one before the end of the stream too, if it has an end. */
async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  // A line may come in many pieces, which are put together once.
  let pieces: string[] = []
  let endedInReturn = false
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      let text = decoder.decode(value, { stream: true })
      if (text === '') continue
      if (endedInReturn && text.startsWith('\n')) text = text.slice(1)
      endedInReturn = text === '' ? false : text.endsWith('\r')
      const [first = '', ...others] = text.split(/\r\n|\n|\r/)
      pieces.push(first)
      for (const next of others) {
        yield pieces.join('')
        pieces = [next]
      }
    }
  } finally {
    // Rejects where the connection is broken already, and waits for nobody who reads a copy.
    reader.cancel().catch(() => undefined)
  }
}
