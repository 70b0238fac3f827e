import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RemoteFault, type RemoteFaultWord } from '../../src/filters/remote/remote-fault.ts'
import { adapters, detectorOf, hit, miss, type DetectorUnderTest } from '../support/filters/remote/adapters.ts'
import { sendJson, type FakeServer, type ReceivedQuestion } from '../support/filters/remote/fake-server.ts'
import { never } from '../support/filters/filter-fixtures.ts'
import { verifies } from '../support/verifies.ts'

const context = { direction: 'inbound', group: 'default', executedSql: [] } as const
const parts = (...texts: readonly string[]) => texts.map((text) => ({ text, provenance: 'user' as const }))

const faultOf = async (work: Promise<unknown>): Promise<RemoteFault> => {
  const thrown = await work.then(
    () => null,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(RemoteFault)
  return thrown as RemoteFault
}

interface Misbehaviour {
  readonly name: string
  readonly word: RemoteFaultWord
  /** Milliseconds that the detector has; many without. */
  readonly deadline?: number
  /** Questions that it comes to; one without. */
  readonly asked?: number
  readonly answer: (response: ServerResponse) => void
}

const asJson = { 'content-type': 'application/json' }
const send = (status: number, headers: Record<string, string>, body: string) => (response: ServerResponse) =>
  void response.writeHead(status, headers).end(body)

/** A byte every hundred milliseconds, for as long as somebody listens. */
const drip = (response: ServerResponse): void => {
  response.writeHead(200, asJson)
  const timer = setInterval(() => response.write(' '), 100)
  response.on('close', () => clearInterval(timer))
}

/** Small on the way, and ten million blanks behind it. */
const packed = gzipSync(Buffer.alloc(10_000_000, 32))

const misbehaviours: readonly Misbehaviour[] = [
  { name: 'silence', word: 'deadline', deadline: 300, answer: () => undefined },
  { name: 'a byte now and then', word: 'slow-answer', deadline: 1_500, answer: drip },
  { name: 'damaged JSON', word: 'malformed', answer: send(200, asJson, `{"status":"${hit}`) },
  { name: 'no body', word: 'malformed', answer: send(200, asJson, '') },
  { name: 'a web page', word: 'malformed', answer: send(200, { 'content-type': 'text/html' }, `<p>${hit}</p>`) },
  { name: 'a score that JSON does not have', word: 'malformed', answer: send(200, asJson, '{"score":NaN}') },
  { name: 'status 429 for longer than it has', word: 'busy', answer: send(429, { 'retry-after': '60' }, hit) },
  { name: 'status 429 twice', word: 'busy', asked: 2, answer: send(429, { 'retry-after': '0' }, hit) },
  { name: 'status 503 twice', word: 'busy', asked: 2, answer: send(503, { ...asJson, 'retry-after': '0' }, '{}') },
  { name: 'status 500', word: 'failed', answer: send(500, asJson, JSON.stringify({ error: hit })) },
  { name: 'status 401', word: 'refused', answer: send(401, asJson, JSON.stringify({ error: hit })) },
  { name: 'status 422', word: 'refused', answer: send(422, asJson, JSON.stringify({ detail: hit })) },
  { name: 'a redirect', word: 'redirect', answer: send(307, { location: 'http://127.0.0.1:9/' }, '') },
  {
    name: 'a connection that breaks off',
    word: 'unreachable',
    asked: 2,
    answer: (response) => void response.destroy(),
  },
  {
    name: 'a body that breaks off',
    word: 'unreachable',
    answer: (response) =>
      void response.writeHead(200, { ...asJson, 'content-length': '100' }).write('{', () => response.destroy()),
  },
  {
    name: 'JSON of great depth',
    word: 'wrong-form',
    answer: send(200, asJson, '['.repeat(20_000) + ']'.repeat(20_000)),
  },
  {
    name: 'an answer that is huge once it is unpacked',
    word: 'answer-too-long',
    answer: (response) => void response.writeHead(200, { ...asJson, 'content-encoding': 'gzip' }).end(packed),
  },
  { name: 'a huge answer', word: 'answer-too-long', answer: send(200, asJson, `{${' '.repeat(2_000_000)}}`) },
]

/** A copy of a JSON value with another one at one of its places. */
function put(value: unknown, at: number, other: unknown): unknown {
  const places: [Record<string, unknown>, string][] = []
  const root: Record<string, unknown> = { value: structuredClone(value) }
  const gather = (holder: Record<string, unknown>): void => {
    for (const key of Object.keys(holder)) {
      places.push([holder, key])
      const held = holder[key]
      if (typeof held === 'object' && held !== null) gather(held as Record<string, unknown>)
    }
  }
  gather(root)
  const [holder, key] = places[at % places.length] ?? [root, 'value']
  holder[key] = other
  return root['value']
}

describe.each(adapters)('remote detector: $kind', (adapter) => {
  let fake: FakeServer
  let under: DetectorUnderTest
  beforeEach(async () => {
    fake = await adapter.start()
    under = detectorOf(adapter.settings(fake.url))
  })
  afterEach(() => fake[Symbol.asyncDispose]())

  const inspect = (...texts: readonly string[]) => under.filter.inspect(parts(...texts), context, never)

  /** The fault that an answer comes to: nothing of the text nor of the answer is in it. */
  async function expectFault(word: RemoteFaultWord): Promise<void> {
    const fault = await faultOf(inspect(hit))
    expect([fault.word, under.outcomes]).toEqual([word, [word]])
    expect(fault.advice).not.toBe('')
    expect(`${fault.message} ${fault.advice}`).not.toMatch(/hurt|127\.0\.0\.1/)
  }

  const bodyOf = (question: ReceivedQuestion): unknown => fake.answerTo(question).body

  it('finds what is there and nothing else, and can be asked whether it could', async () => {
    verifies('detectors.asked')
    await under.filter.probe(never)
    const found = await inspect(miss, hit)
    expect(found).toMatchObject([{ part: 1, detector: 'guard@1', ...adapter.found }])
    const [{ start, end } = { start: 0, end: 0 }] = found
    expect(hit.slice(start, end)).toContain('hurt')
    expect(await inspect(miss)).toEqual([])
    expect(under.outcomes).toEqual(['found', 'clear'])
    expect(under.filter.categories).toContain(adapter.found.category)
  })

  it.each(misbehaviours)('fails with "$word" at $name', async ({ word, answer, asked = 1, deadline }) => {
    verifies('detectors.fail-closed')
    fake.answer = answer
    if (deadline !== undefined) under = detectorOf({ ...adapter.settings(fake.url), deadline_ms: deadline })
    await expectFault(word)
    expect(fake.asked.length).toBe(asked)
  })

  it('fails with "wrong-form" at JSON of another form, whatever it is', async () => {
    verifies('detectors.fail-closed')
    for (const { name, body } of adapter.wrongForms) {
      under = detectorOf(adapter.settings(fake.url))
      fake.answer = (response) => sendJson(response, { status: 200, body })
      const { word } = await faultOf(inspect(hit))
      expect(`${name}: ${word}`).toBe(`${name}: wrong-form`)
    }
  })

  it('fails with "unreadable-verdict" at a verdict that is none, also where it would be harmless', async () => {
    verifies('detectors.unreadable')
    let count = 1
    for (let index = 0; index < count; index += 1) {
      let name = ''
      under = detectorOf(adapter.settings(fake.url))
      fake.answer = (response, question) => {
        const garbage = adapter.garbage(question, bodyOf(question))
        count = garbage.length
        name = garbage[index]?.name ?? ''
        sendJson(response, { status: 200, body: garbage[index]?.body })
      }
      const { word, why } = await faultOf(inspect(hit))
      expect(`${name}: ${word}`).toBe(`${name}: unreadable-verdict`)
      expect([why, under.outcomes]).toEqual(['unreadable', ['unreadable-verdict']])
    }
    expect(count).toBeGreaterThan(1)
  })

  it('tells one in ten verdicts that are garbage as what they are, and the others rightly', async () => {
    verifies('detectors.unreadable')
    let asked = 0
    fake.answer = (response, question) => {
      asked += 1
      const body = asked % 10 === 0 ? adapter.garbage(question, bodyOf(question))[0]?.body : bodyOf(question)
      sendJson(response, { status: 200, body })
    }
    const told: string[] = []
    for (let index = 1; index <= 100; index += 1) {
      const text = index % 2 === 0 ? hit : miss
      told.push(
        await inspect(text).then(
          (found) => (found.length === 0 ? 'clear' : 'found'),
          (error: RemoteFault) => error.word,
        ),
      )
    }
    const right = Array.from({ length: 100 }, (_, index) => {
      if (index % 10 === 9) return 'unreadable-verdict'
      return index % 2 === 1 ? 'found' : 'clear'
    })
    expect(told).toEqual(right)
    expect(under.outcomes).toEqual(right)
  })

  it('asks once more where it is told to come back in time, and not a third time', async () => {
    let left = 1
    fake.answer = (response, question) => {
      left -= 1
      if (left >= 0) send(429, { 'retry-after-ms': '20' }, '')(response)
      else sendJson(response, fake.answerTo(question))
    }
    expect(await inspect(hit)).toMatchObject([adapter.found])
    left = 2
    expect((await faultOf(inspect(hit))).word).toBe('busy')
    expect(fake.asked.length).toBe(4)
  })

  it('sends a long text in stretches that overlap, all of it, and finds what stands at any place of it', async () => {
    const filler = 'The report has twelve pages. '.repeat(420)
    for (const at of [0, 3_990, 4_000, 8_000, filler.length]) {
      const text = `${filler.slice(0, at)} ${hit} ${filler.slice(at)}`
      const found = await inspect(text)
      expect(found.length).toBeGreaterThan(0)
      expect(found.some(({ start, end }) => start <= text.indexOf('hurt') && end >= text.indexOf('hurt') + 4)).toBe(
        true,
      )
      for (const { start, end } of found) expect(end - start).toBeLessThanOrEqual(5_000)
    }
  })

  it('decides on what is in focus, and reads it with what stands around', async () => {
    const text = `${hit} ... ${miss}`
    const inFocus = async (start: number, end: number) =>
      (await under.filter.inspect([{ text, provenance: 'user', focus: { start, end } }], context, never)).map(
        (found) => [found.start >= start, found.end <= end],
      )
    for (const clipped of await inFocus(0, hit.length)) expect(clipped).toEqual([true, true])
    expect((await inFocus(0, hit.length)).length).toBeGreaterThan(0)
  })

  it('sends nothing of more than it may, and nothing of blanks', async () => {
    expect((await faultOf(inspect(`${hit} `.repeat(20_000)))).word).toBe('text-too-long')
    expect(await inspect('', ' \n\t ')).toEqual([])
    expect(fake.asked).toEqual([])
  })

  it('asks once about texts that are the same, and tells each of them', async () => {
    const found = await inspect(hit, hit, hit)
    expect(new Set(found.map(({ part }) => part))).toEqual(new Set([0, 1, 2]))
    expect(fake.asked.length).toBe(1)
  })

  it('has a few questions under way at a time, and lets go of the others once one has failed', async () => {
    under = detectorOf({ ...adapter.settings(fake.url), deadline_ms: 60_000, maximum_characters: 1_000_000 })
    const held: (() => void)[] = []
    let most = 0
    let cancelled = 0
    fake.answer = (response, question) => {
      response.on('close', () => {
        if (!response.writableEnded) cancelled += 1
      })
      held.push(() => sendJson(response, fake.answerTo(question)))
      most = Math.max(most, held.length)
      if (fake.asked.length <= 8 && held.length === 4) for (const answer of held.splice(0)) answer()
      else if (held.length === 4) send(500, asJson, '{}')(response)
    }
    const texts = Array.from({ length: 60 }, (_, index) => `${index} ${'word '.repeat(700)}`)
    expect((await faultOf(inspect(...texts))).word).toBe('failed')
    await expect.poll(() => cancelled).toBe(3)
    expect([most, fake.asked.length]).toEqual([4, 12])
  })

  it('finds in its texts or fails, whatever it is answered', async () => {
    under = detectorOf({ ...adapter.settings(fake.url), breaker_failures: 1_000, deadline_ms: 60_000 })
    const categories = under.filter.categories ?? []
    const change = fc.record({ at: fc.nat(), value: fc.oneof(fc.jsonValue(), fc.double(), fc.constant(undefined)) })
    const changed = fc.array(change, { minLength: 1, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(changed, fc.constantFrom(hit, miss), async (changes, text) => {
        fake.answer = (response, question) => {
          const body = changes.reduce<unknown>((value, { at, value: other }) => put(value, at, other), bodyOf(question))
          sendJson(response, { status: 200, body })
        }
        const found = await inspect(text).catch((error: unknown) => {
          expect(error).toBeInstanceOf(RemoteFault)
          return []
        })
        for (const { start, end, score, category } of found) {
          expect(start >= 0 && start < end && end <= text.length).toBe(true)
          expect(score > 0 && score <= 1).toBe(true)
          expect(categories).toContain(category)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('is left alone after failures in a row, by whose texts it failed at, and asked again after a while', async () => {
    let now = 0
    const settings = { ...adapter.settings(fake.url), breaker_failures: 3, breaker_open_ms: 60_000 }
    under = detectorOf(settings, { elapsed: () => now })
    fake.answer = send(500, asJson, '{}')
    for (let index = 0; index < 3; index += 1) expect((await faultOf(inspect(hit))).word).toBe('failed')
    expect((await faultOf(inspect(hit))).word).toBe('left-alone')
    expect(fake.asked.length).toBe(3)
    fake.answer = null
    // What one group sends may be what it fails at.
    expect(await under.filter.inspect(parts(hit), { ...context, group: 'other' }, never)).toMatchObject([adapter.found])
    expect((await faultOf(inspect(hit))).word).toBe('left-alone')
    now = 60_000
    expect(await inspect(hit)).toMatchObject([adapter.found])
  })

  it('is not left alone for verdicts that cannot be read, which a caller may bring about', async () => {
    under = detectorOf({ ...adapter.settings(fake.url), breaker_failures: 2 })
    fake.answer = (response, question) =>
      sendJson(response, { status: 200, body: adapter.garbage(question, bodyOf(question))[0]?.body })
    for (let index = 0; index < 5; index += 1) expect((await faultOf(inspect(hit))).word).toBe('unreadable-verdict')
  })

  it('is no longer waited for when the caller has gone', async () => {
    fake.answer = () => undefined
    const gone = new AbortController()
    const answer = under.filter.inspect(parts(hit), context, gone.signal)
    setTimeout(() => gone.abort(new Error('gone')), 20)
    await expect(answer).rejects.toThrow('gone')
    expect(under.outcomes).toEqual(['cancelled'])
  })

  it('sends its key as a bearer token, and none without one', async () => {
    await detectorOf({ ...adapter.settings(fake.url), key: 'k-1234' }).filter.inspect(parts(miss), context, never)
    await inspect(miss)
    expect(fake.asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer k-1234', undefined])
  })

  it('could not be asked where its probe is answered with a fault', async () => {
    for (const { answer, word, deadline = 20_000 } of misbehaviours) {
      fake.answer = answer
      const { filter } = detectorOf({ ...adapter.settings(fake.url), deadline_ms: deadline })
      expect((await faultOf(filter.probe(never))).word).toBe(word)
    }
  })
})
