import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { fuzzCalls, type FuzzCall } from '../support/endpoints/fuzz/calls.ts'
import { serveFuzzed } from '../support/endpoints/fuzz/fuzz-service.ts'
import { readReceipt } from '../support/endpoints/fuzz/oracle.ts'
import { Spy } from '../support/endpoints/fuzz/spy.ts'
import { hiddenPath, wireCases, type WireCase, type WirePlace } from '../support/endpoints/fuzz/wire-cases.ts'
import { WireClient, type WireAnswer } from '../support/endpoints/fuzz/wire-client.ts'
import { verifies } from '../support/verifies.ts'

const requests = Number(process.env['SALLYPORT_FUZZ_REQUESTS'] ?? 4_000)
const seed = Number(process.env['SALLYPORT_FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const callers = 8
const atOnce = 400

interface Case {
  readonly call: FuzzCall | null
  readonly wire: WireCase
}

/** One caller, who has a connection as long as it is kept open and a new one after that. */
class Caller {
  readonly #port: number
  readonly #place: WirePlace
  readonly #spy: Spy
  #client: WireClient | null = null
  readonly counts = { sent: 0, taken: 0, refused: 0, cut: 0, inStep: 0 }

  constructor(port: number, place: WirePlace, spy: Spy) {
    this.#port = port
    this.#place = place
    this.#spy = spy
  }

  async send({ call, wire }: Case): Promise<void> {
    if (this.#client?.isOver === true) this.leave()
    const client = (this.#client ??= await WireClient.to(this.#port))
    for (const [at, piece] of wire.pieces.entries()) {
      if (at > 0) await new Promise((resolve) => setImmediate(resolve))
      client.send(piece)
    }
    if (wire.ends === true) client.end()
    let isOpen = true
    for (const method of wire.methods) {
      // What stood behind a request after which the connection is closed was not read.
      if (!isOpen) break
      const answer = await client.answer({ method })
      this.counts.sent += 1
      this.#judge(answer, wire, call)
      if (answer === 'closed' || answer.headers['connection'] === 'close') isOpen = false
    }
    if (wire.connection === 'closes' || !isOpen) {
      const more = await client.answer()
      if (more !== 'closed') throw new Error(`one answer more: ${more.status} ${more.body.toString()}`)
      this.leave()
    } else if (wire.connection === 'stays' || this.counts.sent % 4 === 0) await this.#requireStep(client)
  }

  /** The next answer on the connection has to be that of the next request. */
  async #requireStep(client: WireClient): Promise<void> {
    const { host, prefix, authorization } = this.#place
    const n = this.counts.inStep
    const head = `GET ${prefix}/mark/${n} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${authorization}\r\n\r\n`
    client.send(Buffer.from(head))
    const answer = await client.answer({ method: 'GET' })
    this.counts.inStep += 1
    const receipt = answer === 'closed' ? null : this.#receiptOf(answer)
    if (receipt?.url !== `/mark/${n}`) throw new Error(`out of step: ${JSON.stringify(receipt)}`)
  }

  #receiptOf(answer: WireAnswer) {
    const { seen } = JSON.parse(answer.body.toString()) as { readonly seen?: string }
    return this.#spy.receipts[Number(seen)]
  }

  #judge(answer: WireAnswer | 'closed', { verdict, ends = false }: WireCase, call: FuzzCall | null): void {
    if (answer === 'closed') {
      // Nobody is told anything who has left in the middle of a request.
      if (!ends || verdict === 'taken') throw new Error('the connection was closed without a word')
      this.counts.cut += 1
      return
    }
    const { status } = answer
    if (status === 200) {
      if (verdict === 'refused') throw new Error(`was taken: ${JSON.stringify(this.#receiptOf(answer))}`)
      const receipt = this.#receiptOf(answer)
      if (receipt === undefined) throw new Error('was answered without having been sent')
      this.counts.taken += 1
      if (call?.means !== undefined && call.means !== null && verdict === 'taken')
        requireMeaning(readReceipt(receipt), call.means)
      return
    }
    if (status < 400 || status > 499) throw new Error(`was answered ${status}: ${answer.body.toString()}`)
    this.counts.refused += 1
    if (verdict === 'taken') throw new Error(`was refused: ${answer.body.toString()}`)
    requireProblem(answer)
  }

  leave(): void {
    this.#client?.[Symbol.dispose]()
    this.#client = null
  }
}

function requireMeaning(read: ReturnType<typeof readReceipt>, means: NonNullable<FuzzCall['means']>): void {
  const same =
    read.operation === means.operation &&
    isDeepStrictEqual(read.parameters, means.parameters) &&
    (means.body === undefined || isDeepStrictEqual(read.body, means.body))
  if (!same) throw new Error(`arrived as another call: ${JSON.stringify(read)}`)
}

function requireProblem({ status, headers, body }: WireAnswer): void {
  if (!(headers['content-type'] ?? '').startsWith('application/problem+json')) throw new Error('no problem document')
  // The answer of a HEAD has none.
  if (body.length === 0) return
  const problem = JSON.parse(body.toString()) as Readonly<Record<string, unknown>>
  const { detail, request_id: id } = problem
  if (problem['status'] !== status) throw new Error(`another status than its own: ${body.toString()}`)
  if (typeof detail !== 'string' || detail.length < 10) throw new Error(`no reason: ${body.toString()}`)
  if (typeof id !== 'string' || !/^[\da-f-]{36}$/.test(id)) throw new Error(`no request id: ${body.toString()}`)
  if (headers['x-request-id'] !== id) throw new Error(`another id in the header: ${headers['x-request-id']}`)
}

it(
  `of ${requests.toLocaleString('en')} requests of every kind none makes an error of ours, and what arrives is as the document says`,
  { retry: 0, timeout: 300_000 + requests * 60 },
  async () => {
    verifies('endpoints.fuzz')
    using spy = await Spy.start()
    await using service = await serveFuzzed(spy)
    const { port, host } = new URL(service.url)
    const place = { host, prefix: '/endpoints/fuzz', authorization: `Bearer ${service.key}` }
    const cases = wireCases(fuzzCalls, place)
    const all = Array.from({ length: callers }, () => new Caller(Number(port), place, spy))
    const sent = () => all.reduce((sum, { counts }) => sum + counts.sent + counts.inStep, 0)
    for (let round = 0; sent() < requests; round += 1) {
      const waiting = fc.sample(cases, { seed: seed + round, numRuns: atOnce })
      const from = spy.receipts.length
      await Promise.all(
        all.map(async (caller) => {
          for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
            await caller.send(next).catch((cause: unknown) => {
              throw new Error(
                `${(cause as Error).message}\nof "${next.wire.what}" (seed ${seed + round}):\n${shown(next)}`,
                { cause },
              )
            })
          }
        }),
      )
      // A connection on which nothing comes for some seconds is closed, and the next request would meet that.
      for (const caller of all) caller.leave()
      for (const receipt of spy.receipts.slice(from)) {
        const { faults } = readReceipt(receipt)
        const hidden = receipt.url === hiddenPath ? ['a request that was hidden in another'] : []
        expect(
          [...faults, ...hidden],
          `${receipt.method} ${receipt.url} ${receipt.body.toString('latin1', 0, 500)} (seed ${seed + round})`,
        ).toEqual([])
      }
    }
    const count = (name: keyof Caller['counts']): number => all.reduce((sum, { counts }) => sum + counts[name], 0)
    // Each that was answered with success arrived once, and nothing else did but calls whose callers have hung up.
    const unheard = spy.receipts.length - count('taken') - count('inStep')
    expect(unheard).toBeGreaterThanOrEqual(0)
    expect(unheard).toBeLessThanOrEqual(count('cut'))
    expect(service.process.exitCode).toBeNull()
    const told = (['sent', 'taken', 'refused', 'cut', 'inStep'] as const).map((name) => `${name} ${count(name)}`)
    process.stderr.write(`endpoint fuzz: ${told.join(', ')}; seed ${seed}\n`)
  },
)

function shown({ wire }: Case): string {
  return Buffer.concat(wire.pieces).toString('latin1').slice(0, 1_500)
}
