import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { AttachedStream } from '../../../../../src/sandbox/containers/docker/attached-stream.ts'
import { duplexPair } from '../../../../support/sandbox/fake-supervisor.ts'

function attach() {
  const [connection, docker] = duplexPair()
  const diagnostics: string[] = []
  const stream = new AttachedStream(connection, (piece) => diagnostics.push(piece.toString()))
  return { stream, connection, docker, diagnostics }
}

/** A piece as Docker sends it: 1 is standard output, 2 standard error. */
function piece(kind: number, content: string): Buffer {
  const header = Buffer.alloc(8)
  header[0] = kind
  header.writeUInt32BE(content.length, 4)
  return Buffer.concat([header, Buffer.from(content)])
}

describe("Docker's attached connection", () => {
  it.each([1, 3, 8, 11, 1000])('gives output and diagnostics apart, cut into pieces of %d bytes', async (size) => {
    const { stream, docker, diagnostics } = attach()
    const bytes = Buffer.concat([piece(1, 'one '), piece(2, 'wrong'), piece(1, ''), piece(1, 'two'), piece(2, '!')])
    for (let at = 0; at < bytes.length; at += size) docker.write(bytes.subarray(at, at + size))
    docker.end()
    expect(await text(stream)).toBe('one two')
    expect(diagnostics.join('')).toBe('wrong!')
  })

  it('hands on what is written, and its end', async () => {
    const { stream, docker } = attach()
    stream.write('hello')
    stream.end(' there')
    expect(await text(docker)).toBe('hello there')
  })

  it('ends with its connection, and with its fault', async () => {
    const { stream, connection } = attach()
    const fault = once(stream, 'error')
    connection.destroy(new Error('reset'))
    expect(await fault).toEqual([expect.objectContaining({ message: 'reset' })])
    const other = attach()
    other.connection.destroy()
    await once(other.stream, 'close')
    expect(other.stream.destroyed).toBe(true)
  })

  it('holds Docker back while nobody reads, and loses nothing of it', async () => {
    const { stream, connection, docker } = attach()
    const whole = 'x'.repeat(65_536)
    for (let index = 0; index < 4; index += 1) docker.write(piece(1, whole))
    await new Promise(setImmediate)
    expect(connection.isPaused()).toBe(true)
    const read = text(stream)
    docker.end()
    expect(await read).toBe(whole.repeat(4))
  })

  it('takes its connection with it when it is destroyed', async () => {
    const { stream, connection } = attach()
    const closed = once(stream, 'close')
    stream.destroy()
    await closed
    expect(connection.destroyed).toBe(true)
  })
})
