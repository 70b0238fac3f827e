/**
 * An upstream that takes as little as it can: `upstream-subject.ts MILLISECONDS`. A GET is answered with how many requests since
 * the last one held a value of a person.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as turnOver } from 'node:timers/promises'
import { preciseDelay } from './precise-delay.ts'
import { personal, traffic } from './traffic.ts'

const delay = preciseDelay(Number(process.argv[2] ?? 0))
const { plain, streamed } = traffic
const asksForStream = Buffer.from('"stream":true')
// Whatever is hidden in it: the member stands at its beginning, and nothing is parsed.
const isStreamed = (body: Buffer) => body.subarray(0, 100).includes(asksForStream)

let withValues = 0

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.end(String(withValues))
    withValues = 0
    return
  }
  const pieces: Buffer[] = []
  request.on('data', (chunk: Buffer) => pieces.push(chunk))
  request.on('end', () => {
    const body = Buffer.concat(pieces)
    if (personal.some((value) => body.includes(value))) withValues += 1
    const { answer, contentType } = isStreamed(body) ? streamed : plain
    delay(() => {
      const framing = answer.length === 1 ? { 'content-length': answer[0]?.length } : {}
      response.writeHead(200, { 'content-type': contentType, ...framing })
      void send(answer)
    })
  })
  async function send(answer: readonly Buffer[]): Promise<void> {
    for (const piece of answer) {
      response.write(piece)
      if (answer.length > 1) await turnOver()
    }
    response.end()
  }
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  console.log(`listens on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
