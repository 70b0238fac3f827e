import { once } from 'node:events'
import { PassThrough, Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { JoinedStream } from '../../../../../src/sandbox/containers/runsc/joined-stream.ts'

function open() {
  const written: string[] = []
  const stdout = new PassThrough()
  const stdin = new Writable({
    write(piece: Buffer, _encoding, done) {
      written.push(piece.toString())
      done()
    },
  })
  return { stdout, stdin, written, stream: new JoinedStream(stdout, stdin) }
}

describe('the stdio of a child as one stream', () => {
  it('carries bytes both ways, and ends when the child ends its output', async () => {
    const { stdout, stdin, written, stream } = open()
    const read: string[] = []
    stream.on('data', (piece: Buffer) => read.push(piece.toString()))
    stream.write('question')
    stdout.end('answer')
    await once(stream, 'close')
    expect([read, written, stdin.destroyed]).toEqual([['answer'], ['question'], true])
  })

  it('closes with the error when the child takes nothing more', async () => {
    const { stdout, stdin, stream } = open()
    const failed = once(stream, 'error')
    stdin.destroy(new Error('EPIPE'))
    expect(await failed).toEqual([new Error('EPIPE')])
    expect([stream.destroyed, stdout.destroyed]).toEqual([true, true])
  })

  it('closes without an error when it is destroyed, and closes both ends', async () => {
    const { stdout, stdin, stream } = open()
    const errors: unknown[] = []
    stream.on('error', (error) => errors.push(error))
    stream.destroy()
    await once(stream, 'close')
    expect([errors, stdout.destroyed, stdin.destroyed]).toEqual([[], true, true])
  })

  it('ends the input of the child when it is ended', async () => {
    const { stdin, stream } = open()
    stream.end('last')
    await once(stream, 'finish')
    expect(stdin.writableFinished).toBe(true)
  })

  it('does not read on while nobody takes what it has, and loses nothing of it', async () => {
    const { stdout, stream } = open()
    stdout.write(Buffer.alloc(1024 * 1024))
    await once(stream, 'readable')
    expect(stdout.isPaused()).toBe(true)
    let bytes = 0
    stream.on('data', (piece: Buffer) => (bytes += piece.length))
    stdout.end()
    await once(stream, 'end')
    expect(bytes).toBe(1024 * 1024)
  })
})
