import { Duplex } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../../src/core/errors.ts'
import { ProtocolConnection } from '../../../../src/sandbox/protocol/connection.ts'
import { encodeChunk, encodeControl } from '../../../../src/sandbox/protocol/frames.ts'
import { Inbox } from '../../../../src/sandbox/protocol/inbox.ts'
import type { SupervisorMessage } from '../../../../src/sandbox/protocol/messages.ts'
import { duplexPair } from '../../../support/sandbox/fake-supervisor.ts'

const zeros = Buffer.alloc(16)
const never = new AbortController().signal

const settle = () => new Promise((resolve) => setTimeout(resolve, 5))

function connect() {
  const [host, guest] = duplexPair()
  host.on('error', () => {})
  const unasked: SupervisorMessage[] = []
  const connection = new ProtocolConnection(host, zeros, (message) => unasked.push(message))
  return { connection, guest, unasked }
}

async function lossAfter(bytes: (id: number) => Buffer): Promise<ServiceError> {
  const { connection, guest } = connect()
  const inbox = new Inbox(connection)
  guest.write(bytes(inbox.id))
  return connection.lost
}

describe('the host end of the protocol', () => {
  it('hands an answer to whoever asked', async () => {
    const { connection, guest } = connect()
    using inbox = new Inbox(connection)
    guest.write(encodeControl(zeros, { type: 'deleted', id: inbox.id }))
    expect(await inbox.next(never)).toEqual({ kind: 'message', message: { type: 'deleted', id: inbox.id } })
    expect(connection.loss).toBeNull()
  })

  it('drops late answers to a request that is over', async () => {
    const { connection, guest, unasked } = connect()
    const first = new Inbox(connection)
    first[Symbol.dispose]()
    guest.write(encodeControl(zeros, { type: 'deleted', id: first.id }))
    guest.write(encodeControl(zeros, { type: 'keeper-lost' }))
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(unasked).toEqual([{ type: 'keeper-lost' }])
    expect(connection.loss).toBeNull()
  })

  it.each([
    ['an answer to nothing', () => encodeControl(zeros, { type: 'deleted', id: 99 })],
    ['a message of no known type', (id: number) => encodeControl(zeros, { type: 'owned', id })],
    ['a member of the wrong type', (id: number) => encodeControl(zeros, { type: 'credit', id, bytes: -1 })],
    [
      'text that is too long',
      (id: number) => encodeControl(zeros, { type: 'output', id, stream: 'stdout', text: 'x'.repeat(70_000) }),
    ],
    ['what is not JSON', () => Buffer.concat([Buffer.from('00000013', 'hex'), zeros, Buffer.from('007b7b', 'hex')])],
    ['a foreign nonce', (id: number) => encodeControl(Buffer.alloc(16, 1), { type: 'deleted', id })],
    ['a chunk for nobody', () => encodeChunk(zeros, 77, Buffer.from('x'))],
  ])('is lost at %s', async (_, bytes) => {
    expect(await lossAfter(bytes)).toMatchObject({ code: 'sandbox-lost', message: expect.stringContaining('protocol') })
  })

  it('is lost when more of a file comes than was asked for', async () => {
    const piece = Buffer.alloc(262_144)
    const loss = await lossAfter((id) => Buffer.concat(Array.from({ length: 20 }, () => encodeChunk(zeros, id, piece))))
    expect(loss.message).toContain('more of a file')
  })

  it('tells everyone who waits when the sandbox ends', async () => {
    const { connection, guest } = connect()
    const waiting = new Inbox(connection).next(never)
    guest.end()
    await expect(waiting).rejects.toMatchObject({ code: 'sandbox-lost' })
    await expect(new Inbox(connection).next(never)).rejects.toMatchObject({ code: 'sandbox-lost' })
  })

  it('stops waiting when its signal aborts', async () => {
    const { connection } = connect()
    const stop = new AbortController()
    const waiting = new Inbox(connection).next(stop.signal)
    stop.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
  })

  it('hands the pieces of a stream to who opened it, until it is closed', async () => {
    const { connection, guest } = connect()
    const heard: unknown[] = []
    const channel = {
      onMessage: (message: SupervisorMessage) => heard.push(message.type),
      onChunk: (bytes: Buffer, stream: number) => heard.push([bytes.toString(), stream]),
      onLost: () => {},
    }
    const stream = 2_147_483_648
    connection.adopt(stream, channel)
    guest.write(encodeChunk(zeros, stream, Buffer.from('x')))
    guest.write(encodeControl(zeros, { type: 'end', stream, bytes: 1 }))
    await settle()
    expect(heard).toEqual([['x', stream], 'end'])
    expect(() => connection.adopt(stream, channel)).toThrow('a stream that is open already')
    connection.close(stream)
    guest.write(encodeChunk(zeros, stream, Buffer.from('late')))
    await settle()
    expect([heard.length, connection.loss]).toEqual([2, null])
    connection.adopt(stream, channel)
  })

  it('waits with a piece until the sandbox takes more, or is gone', async () => {
    const full = new Duplex({ read() {}, write() {}, highWaterMark: 16 })
    full.on('error', () => {})
    const connection = new ProtocolConnection(full, zeros, () => {})
    let isSent = false
    const sent = connection.sendChunk(1, Buffer.alloc(64)).then(() => (isSent = true))
    await settle()
    expect(isSent).toBe(false)
    full.emit('drain')
    await sent
    const cut = connection.sendChunk(1, Buffer.alloc(64))
    connection.lose(new ServiceError('sandbox-lost', 'gone'))
    await cut
    await expect(connection.sendChunk(1, Buffer.alloc(1))).rejects.toThrow('gone')
    expect(full.listenerCount('drain')).toBe(0)
  })

  it('is lost for the first reason, also where what takes an answer fails', async () => {
    const { connection, guest } = connect()
    const id = connection.open({
      onMessage: () => {
        throw new TypeError('broken')
      },
      onLost: () => {},
    })
    guest.write(encodeControl(zeros, { type: 'deleted', id }))
    expect((await connection.lost).message).toBe('The sandbox broke its protocol: TypeError: broken')
    connection.lose(new ServiceError('sandbox-lost', 'second'))
    expect(connection.loss?.message).toContain('broken')
  })

  it('speaks under a new nonce after hello, both ways', async () => {
    const { connection, guest } = connect()
    const nonce = Buffer.alloc(16, 9)
    connection.hello({}, nonce)
    using inbox = new Inbox(connection)
    guest.write(encodeControl(nonce, { type: 'deleted', id: inbox.id }))
    expect((await inbox.next(never)).kind).toBe('message')
    guest.write(encodeControl(zeros, { type: 'deleted', id: inbox.id }))
    expect((await connection.lost).message).toContain('nonce')
  })
})
