import { describe, expect, it } from 'vitest'
import { createLimits } from '../../../../src/sandbox/limits.ts'
import { sandboxLimitOptions } from '../../../../src/sandbox/options.ts'
import { ProtocolConnection } from '../../../../src/sandbox/protocol/connection.ts'
import { encodeControl, FrameDecoder } from '../../../../src/sandbox/protocol/frames.ts'
import { CellRun } from '../../../../src/sandbox/session/cell-run.ts'
import { duplexPair, plainDone } from '../../../support/sandbox/fake-supervisor.ts'

const zeros = Buffer.alloc(16)
const limits = createLimits(sandboxLimitOptions.parse({}))

/** A run whose supervisor is the test. */
function open() {
  const [host, guest] = duplexPair()
  host.on('error', () => {})
  const heard: unknown[] = []
  const decoder = new FrameDecoder(zeros)
  guest.on('data', (piece: Buffer) => {
    for (const frame of decoder.push(piece)) {
      if (frame.kind === 'control') heard.push(JSON.parse(frame.payload.toString()))
    }
  })
  const connection = new ProtocolConnection(host, zeros, () => {})
  const told: string[] = []
  const run = new CellRun(connection, {
    limits,
    onOutput: (stream, text) => told.push(`${stream}: ${text}`),
    onExceeded: (what) => told.push(`exceeded ${what}`),
  })
  const say = (message: object) => guest.write(encodeControl(zeros, { id: run.id, ...message }))
  return { run, say, heard, told, connection, guest }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5))

/** What settled so far, by name. */
async function settled(run: CellRun): Promise<readonly string[]> {
  const names: string[] = []
  void run.heeded?.then(() => names.push('heeded'))
  void run.ended?.then(({ kind }) => names.push(kind))
  await settle()
  return names
}

describe('a run', () => {
  it('says what to run, and how to be interrupted', async () => {
    const { run, heard } = open()
    run.start('python', '1 + 1')
    run.interrupt(true)
    run.interrupt(false)
    await settle()
    expect(heard).toEqual([
      { type: 'run', id: run.id, language: 'python', code: '1 + 1' },
      { type: 'interrupt', id: run.id, figures: true },
      { type: 'interrupt', id: run.id, figures: false },
    ])
  })

  it('hands on what it hears as it comes', async () => {
    const { say, told } = open()
    say({ type: 'output', stream: 'stderr', text: 'x' })
    say({ type: 'exceeded', what: 'memory', measured: 2, limit: 1 })
    await settle()
    expect(told).toEqual(['stderr: x', 'exceeded memory'])
  })

  it('has heeded its interrupt before it has ended', async () => {
    const { run, say } = open()
    expect(await settled(run)).toEqual([])
    say({ type: 'heeded' })
    expect(await settled(run)).toEqual(['heeded'])
    say(plainDone)
    expect(await settled(run)).toEqual(['heeded', 'done'])
  })

  it('ends with what the supervisor could not do', async () => {
    const { run, say } = open()
    say({ type: 'failed', code: 'busy', message: 'another run' })
    expect(await run.ended).toEqual({
      kind: 'failed',
      failure: { type: 'failed', id: run.id, code: 'busy', message: 'another run' },
    })
  })

  it('ends with its connection', async () => {
    const { run, guest } = open()
    guest.destroy()
    expect(await run.ended).toMatchObject({ kind: 'lost', reason: { code: 'sandbox-lost' } })
  })

  it('hears nothing of itself once it has ended', async () => {
    const { run, say, told, connection } = open()
    say(plainDone)
    await run.ended
    say({ type: 'output', stream: 'stdout', text: 'late' })
    await settle()
    expect([told, connection.loss]).toEqual([[], null])
  })

  it('leaves no stream open that it opened, whether it came to its end or not', async () => {
    const { run, say, told, connection, guest } = open()
    const streams = [2_147_483_648, 2_147_483_649]
    streams.forEach((stream, index) => say({ type: 'display', index, main: false, stream, bytes: 2 }))
    guest.write(encodeControl(zeros, { type: 'end', stream: streams[0], bytes: 2 }))
    say(plainDone)
    await run.ended
    const channel = { onMessage: () => {}, onLost: () => {} }
    for (const stream of streams) expect(() => connection.adopt(stream, channel)).not.toThrow()
    expect(told).toEqual([])
  })

  it('is lost where it is answered with what answers something else', async () => {
    const { run, say } = open()
    say({ type: 'deleted' })
    const { reason } = (await run.ended) as { reason: Error }
    expect(reason.message).toContain('"deleted" as the answer to a run')
  })
})
