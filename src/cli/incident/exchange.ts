import { connect } from 'node:net'
import { z } from 'zod'
import { headOf, type IncidentRequest, type Target } from './request.ts'

/** What was answered; `status` is null where nothing was that is HTTP, within the time that a caller waits. */
export interface Answered {
  readonly status: number | null
  /** What stands after the head, as far as it came. */
  readonly body: string
}

/** The head of an answer, and how many bytes follow it. */
const statusLine = /^HTTP\/1\.[01] (\d{3})/
const lengthLine = /\r\ncontent-length: *(\d+) *\r\n/i

/** More of an answer than this is not kept: the service has nothing as long to say. */
const mostBytes = 1_000_000

/**
 * Sends one request on a connection of its own, byte by byte as it is, and reads one answer. Never throws: a connection that is
 * refused, closed or silent is an answer without a status.
 */
export function exchange(request: IncidentRequest, target: Target, milliseconds: number): Promise<Answered> {
  return new Promise((resolve) => {
    const socket = connect({ host: target.host, port: target.port, allowHalfOpen: true, noDelay: true })
    let received = ''
    const finish = () => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answerOf(received))
    }
    const timer = setTimeout(finish, milliseconds)
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => {
      if (received.length < mostBytes) received += text
      if (isWhole(received)) finish()
    })
    for (const event of ['end', 'close', 'error'] as const) socket.on(event, finish)
    socket.write(headOf(request, target))
    socket.write(request.body)
    if (request.stops) socket.end()
  })
}

function isWhole(received: string): boolean {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return false
  const length = lengthLine.exec(received.slice(0, end + 2))?.[1]
  return length !== undefined && received.length >= end + 4 + Number(length)
}

function answerOf(received: string): Answered {
  const status = statusLine.exec(received)?.[1]
  const end = received.indexOf('\r\n\r\n')
  return { status: status === undefined ? null : Number(status), body: end < 0 ? '' : received.slice(end + 4) }
}

const shapes = z.object({
  shapes: z.array(z.object({ shape: z.string(), probability: z.number().min(0).max(1) })).min(1),
})

/** Is it what an honest caller asked for? */
export function isClassification({ status, body }: Answered): boolean {
  if (status !== 200) return false
  try {
    return shapes.safeParse(JSON.parse(body)).success
  } catch {
    return false
  }
}
