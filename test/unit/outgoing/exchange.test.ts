import type { Readable } from 'node:stream'
import { describe, expect, it, vi } from 'vitest'
import { Exchange, type ExchangeOptions, type ExchangeRules } from '../../../src/outgoing/exchange.ts'

/** What the client of HTTP hands to whom it tells of an answer. */
class Controller {
  aborted = false
  reason: Error | null = null
  paused = false
  rawHeaders = ['Content-Type', 'application/json', 'X-A', 'b'].map((part) => Buffer.from(part))
  abort(reason: Error): void {
    this.aborted = true
    this.reason = reason
  }
  pause(): void {
    this.paused = true
  }
  resume(): void {
    this.paused = false
  }
}

interface Begun extends Partial<Pick<ExchangeOptions, 'signal' | 'left'>> {
  readonly gather?: ExchangeRules['gather']
  readonly timeoutMilliseconds?: number
}

function begun({ gather = () => 10, timeoutMilliseconds = 60_000, ...more }: Begun = {}) {
  const caller = new AbortController()
  const log: string[] = []
  const tooLong = () => new Error('too long')
  const rules = { gather, tooLong, timeoutMilliseconds, tooLate: () => new Error('too late') }
  const exchange = new Exchange({ rules, signal: caller.signal, left: null, ...more }, () => log.push('over'))
  exchange.answered.catch(() => undefined)
  return { exchange, caller, log, controller: new Controller() }
}

const raw = ['Content-Type', 'application/json', 'X-A', 'b']

describe('an exchange whose body is gathered', () => {
  it('is answered with all of it, and is over once', async () => {
    const { exchange, controller, log } = begun()
    exchange.onRequestStart(controller)
    exchange.onResponseStart(controller, 103)
    exchange.onResponseStart(controller, 201)
    for (const piece of ['{"a"', ':1}']) exchange.onResponseData(controller, Buffer.from(piece))
    exchange.onResponseEnd()
    exchange.onResponseError(controller, new Error('later'))
    expect(await exchange.answered).toEqual({ status: 201, raw, body: Buffer.from('{"a":1}') })
    expect([log, controller.aborted]).toEqual([['over'], false])
  })

  it('is ended where it goes on beyond its limit, and not gathered further', async () => {
    const { exchange, controller, log } = begun()
    exchange.onRequestStart(controller)
    exchange.onResponseStart(controller, 200)
    exchange.onResponseData(controller, Buffer.alloc(10))
    expect(controller.aborted).toBe(false)
    exchange.onResponseData(controller, Buffer.alloc(1))
    exchange.onResponseData(controller, Buffer.alloc(1))
    exchange.onResponseEnd()
    await expect(exchange.answered).rejects.toThrow('too long')
    expect([log, controller.reason?.message]).toEqual([['over'], 'too long'])
  })

  it('fails as its connection does', async () => {
    const { exchange, controller, log } = begun()
    exchange.onRequestStart(controller)
    exchange.onResponseStart(controller, 200)
    exchange.onResponseData(controller, Buffer.from('{'))
    exchange.onResponseError(controller, new Error('broken off'))
    await expect(exchange.answered).rejects.toThrow('broken off')
    expect(log).toEqual(['over'])
  })
})

describe('an exchange whose body is read piece by piece', () => {
  const streamed = () => begun({ gather: () => null })

  it('is answered with its head, and makes the upstream wait while nobody reads', async () => {
    const { exchange, controller } = streamed()
    exchange.onRequestStart(controller)
    exchange.onResponseStart(controller, 200)
    const { body, ...head } = await exchange.answered
    expect(head).toEqual({ status: 200, raw })
    exchange.onResponseData(controller, Buffer.alloc(1_000_000, 'a'))
    expect(controller.paused).toBe(true)
    const pieces = (body as Readable)[Symbol.asyncIterator]()
    expect(((await pieces.next()) as { value: Buffer }).value).toHaveLength(1_000_000)
    void pieces.next()
    await expect.poll(() => controller.paused).toBe(false)
  })

  it('ends at the upstream when whoever reads it leaves', async () => {
    const { exchange, controller, log } = streamed()
    exchange.onRequestStart(controller)
    exchange.onResponseStart(controller, 200)
    const { body } = await exchange.answered
    ;(body as Readable).destroy()
    await expect.poll(() => [controller.aborted, log]).toEqual([true, ['over']])
  })

  it('breaks off as its connection does, behind what came before', async () => {
    const { exchange, controller } = streamed()
    exchange.onRequestStart(controller)
    exchange.onResponseStart(controller, 200)
    const { body } = await exchange.answered
    exchange.onResponseData(controller, Buffer.from('a'))
    const pieces = (body as Readable)[Symbol.asyncIterator]()
    expect(String(((await pieces.next()) as { value: Buffer }).value)).toBe('a')
    exchange.onResponseError(controller, new Error('broken off'))
    await expect(pieces.next()).rejects.toThrow('broken off')
    expect(controller.aborted).toBe(false)
  })
})

describe('a caller who hangs up', () => {
  it('before there is a connection ends the exchange at once, and the connection when there is one', async () => {
    const { exchange, controller, caller, log } = begun()
    caller.abort(new Error('gone'))
    await expect(exchange.answered).rejects.toThrow('gone')
    expect(log).toEqual(['over'])
    exchange.onRequestStart(controller)
    expect(controller.aborted).toBe(true)
  })

  it.each([true, false])('in the middle ends it at the upstream; gathered: %s', async (gathered) => {
    const { exchange, controller, caller, log } = begun({ gather: () => (gathered ? 10 : null) })
    exchange.onRequestStart(controller)
    exchange.onResponseStart(controller, 200)
    const answered = gathered ? null : await exchange.answered
    const closed = answered === null ? exchange.answered : drained(answered.body as Readable)
    caller.abort(new Error('gone'))
    await expect(closed).rejects.toThrow('gone')
    expect([controller.reason?.message, log]).toEqual(['gone', ['over']])
  })

  it('earlier than everything sends nothing', async () => {
    const { exchange, log } = begun({ signal: AbortSignal.abort(new Error('gone')) })
    await expect(exchange.answered).rejects.toThrow('gone')
    expect(log).toEqual(['over'])
  })
})

describe('an exchange that has no connection yet', () => {
  it('is taken out of the queue with its body when its caller hangs up, before its place is given to another', async () => {
    const { exchange, caller, log } = begun()
    exchange.onTaken(() => log.push('taken out'))
    caller.abort(new Error('gone'))
    await expect(exchange.answered).rejects.toThrow('gone')
    expect(log).toEqual(['taken out', 'over'])
  })

  it('is given up when the time is over until its answer has to begin', async () => {
    const { exchange, log } = begun({ timeoutMilliseconds: 1 })
    exchange.onTaken(() => log.push('taken out'))
    await expect(exchange.answered).rejects.toThrow('too late')
    expect(log).toEqual(['taken out', 'over'])
  })

  it('has the time that its wait has left, with a connection, too', async () => {
    const { exchange, controller, log } = begun({ left: 1 })
    exchange.onRequestStart(controller)
    await expect(exchange.answered).rejects.toThrow('too late')
    expect([log, controller.reason?.message]).toEqual([['over'], 'too late'])
  })

  it('is watched by nobody when its answer has begun', async () => {
    vi.useFakeTimers()
    try {
      const { exchange, controller } = begun({ left: 1 })
      exchange.onRequestStart(controller)
      exchange.onResponseStart(controller, 200)
      expect(vi.getTimerCount()).toBe(0)
      exchange.onResponseEnd()
      expect((await exchange.answered).status).toBe(200)
    } finally {
      vi.useRealTimers()
    }
  })
})

async function drained(body: Readable): Promise<void> {
  for await (const _ of body);
}
