import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../../src/core/errors.ts'
import { ProtocolConnection } from '../../../../src/sandbox/protocol/connection.ts'
import { ask, Inbox } from '../../../../src/sandbox/protocol/inbox.ts'
import { duplexPair } from '../../../support/sandbox/fake-supervisor.ts'

const never = new AbortController().signal
const mebibyte = Buffer.alloc(1_048_576)

function open() {
  const [host] = duplexPair()
  host.on('error', () => {})
  const connection = new ProtocolConnection(host, Buffer.alloc(16), () => {})
  const inbox = new Inbox(connection)
  return { connection, inbox, answer: { type: 'deleted', id: inbox.id } as const }
}

describe('the answers to one request', () => {
  it('are taken in their order, with waiting or without', async () => {
    const { inbox, answer } = open()
    const first = inbox.next(never)
    inbox.onMessage(answer)
    inbox.onChunk(Buffer.from('x'))
    expect(await first).toEqual({ kind: 'message', message: answer })
    expect(await inbox.next(never)).toEqual({ kind: 'chunk', bytes: Buffer.from('x') })
    inbox.onMessage(answer)
    expect([inbox.poll(), inbox.poll()]).toEqual([{ kind: 'message', message: answer }, undefined])
  })

  it('may lie unread up to four mebibytes of a file, and not a byte more', () => {
    const { inbox } = open()
    for (let index = 0; index < 4; index += 1) inbox.onChunk(mebibyte)
    expect(() => inbox.onChunk(Buffer.from('x'))).toThrow('more of a file than was asked for')
  })

  it('have room again for what was read', async () => {
    const { inbox } = open()
    for (let index = 0; index < 4; index += 1) inbox.onChunk(mebibyte)
    for (let index = 0; index < 20; index += 1) {
      expect(inbox.poll()?.kind).toBe('chunk')
      inbox.onChunk(mebibyte)
    }
    expect(() => inbox.onChunk(Buffer.from('x'))).toThrow('more of a file than was asked for')
  })

  it('may lie unread up to ten thousand messages', () => {
    const { inbox, answer } = open()
    for (let index = 0; index < 10_000; index += 1) inbox.onMessage(answer)
    expect(() => inbox.onMessage(answer)).toThrow('too many answers to one request')
    inbox.poll()
    expect(() => inbox.onMessage(answer)).not.toThrow()
  })

  it('that have arrived are read before the loss of the connection is reported', async () => {
    const { connection, inbox, answer } = open()
    inbox.onMessage(answer)
    connection.lose(new ServiceError('sandbox-lost', 'gone'))
    expect((await inbox.next(never)).kind).toBe('message')
    await expect(inbox.next(never)).rejects.toThrow('gone')
    expect(() => inbox.poll()).toThrow('gone')
  })

  it('are not waited for any more by who gave up, or when the connection goes', async () => {
    const { connection, inbox } = open()
    const stop = new AbortController()
    const given = inbox.next(stop.signal)
    stop.abort(new Error('changed my mind'))
    await expect(given).rejects.toThrow('changed my mind')
    await expect(inbox.next(stop.signal)).rejects.toThrow('changed my mind')
    const waiting = inbox.next(never)
    connection.lose(new ServiceError('sandbox-lost', 'gone'))
    await expect(waiting).rejects.toThrow('gone')
  })

  it('are none of a request made when the connection was lost', async () => {
    const { connection } = open()
    connection.lose(new ServiceError('sandbox-lost', 'gone'))
    await expect(ask(connection, { type: 'ping' }, never)).rejects.toThrow('gone')
  })
})
