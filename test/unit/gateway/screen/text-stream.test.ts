import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Screener } from '../../../../src/gateway/screen/screener.ts'
import { TextStream } from '../../../../src/gateway/screen/text-stream.ts'
import { never, stream, testScreener } from '../../../support/filters/filter-fixtures.ts'

const statement =
  'SELECT c.country, SUM(o.total) AS revenue FROM orders o JOIN customers c ON c.id = o.customer_id GROUP BY 1'
const values = [
  'anna.berg@example.com',
  '4111 1111 1111 1111',
  '+49 30 901820',
  '536-90-4399',
  'DE89 3704 0044 0532 0130 00',
  'ghp_Zk3vQ9xT7bLm2Rw8Yc5Nd1Hf6Jg4Ks0Pab',
  '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\n\nAQEFAASC\n-----END PRIVATE KEY-----',
  statement,
]
const prose = [
  'Revenue grew by 12 % in the second quarter. ',
  'The table below has the details:\n\n',
  '| country | orders |\n|---|---|\n| DE | 3012 |\n',
  'Ünïcode 😀 words ',
  '```python\nprint("hi")\n```\n',
  'a ',
  '\n',
]

const piece = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...prose) },
  fc.constantFrom(...values),
  fc.string({ unit: 'binary', maxLength: 40 }),
)
const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(' '))

/** The text cut at random places. */
const chunked = fc.tuple(text, fc.array(fc.nat(), { maxLength: 40 })).map(([whole, places]) => {
  const cuts = [...new Set(places.map((place) => (whole.length === 0 ? 0 : place % whole.length)))].sort(
    (a, b) => a - b,
  )
  const edges = [0, ...cuts, whole.length]
  return { whole, chunks: edges.slice(1).map((edge, index) => whole.slice(edges[index], edge)) }
})

const screener = () => testScreener({ hiddenSql: [statement] })

describe('streamed text', () => {
  it('leaves the same whichever way it was cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(chunked, async ({ whole, chunks }) => {
        expect(await stream(chunks, screener())).toBe(await stream([whole], screener()))
      }),
      { numRuns: 150 },
    )
  })

  it('leaves the same character by character', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (whole) => {
        expect(await stream(whole.split(''), screener())).toBe(await stream([whole], screener()))
      }),
      { numRuns: 20 },
    )
  })

  it('never lets a value through, wherever it stands', async () => {
    const place = fc.record({
      before: fc.array(fc.constantFrom(...prose), { maxLength: 12 }),
      value: fc.constantFrom(...values),
      after: fc.array(fc.constantFrom(...prose), { maxLength: 12 }),
      size: fc.integer({ min: 1, max: 60 }),
    })
    await fc.assert(
      fc.asyncProperty(place, async ({ before, value, after, size }) => {
        const whole = `${before.join('')}\n${value}\n${after.join('')}`
        const chunks = whole.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
        const released = await stream(chunks, screener())
        expect(released).not.toContain(value)
        expect(released).toMatch(/\[(?:email|card|phone|ssn|iban|secret|SQL withheld)\]/)
      }),
      { numRuns: 150 },
    )
  })

  it('passes harmless text unchanged', async () => {
    const whole = prose.join('').repeat(40)
    expect(await stream([whole], screener())).toBe(whole)
  })

  it('releases sentences while the rest is still to come', async () => {
    const held = new TextStream(screener())
    const released = await held.push('Revenue grew by twelve percent in the quarter. '.repeat(12), never)
    expect(released.length).toBeGreaterThan(200)
  })

  it('is read as Markdown where a model wrote it, and from the beginning after each flush', async () => {
    const told: unknown[] = []
    const whole = screener()
    const telling: Screener = {
      ...whole,
      spans: (windows, part, signal) => {
        told.push(part)
        return whole.spans(windows, part, signal)
      },
    }
    const held = new TextStream(telling)
    expect(await held.push('write to anna.berg@exam', never)).toBe('')
    expect(await held.flush(never)).toBe('write to anna.berg@exam')
    expect(await held.push('bob@example.com', never)).toBe('')
    expect(await held.flush(never)).toBe('[email]')
    expect(await held.flush(never)).toBe('')
    expect(told).toEqual([
      { provenance: 'model', form: 'markdown' },
      { provenance: 'model', form: 'markdown' },
    ])
  })

  it.each([
    ['half a number', '4111 1111 1111 ', '4111 1111 1111 ', '1111'],
    ['the begin of a key', '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq', '[secret]', 'It grew.'],
  ])('is another paragraph after a flush: %s does not reach into it', async (_what, before, left, after) => {
    const held = new TextStream(screener())
    const released = (await held.push(before, never)) + (await held.flush(never))
    expect([released, (await held.push(after, never)) + (await held.flush(never))]).toEqual([left, after])
  })

  it('withholds a statement that is spread over lines and a fenced block', async () => {
    const lines = statement.split(' ').join('\n')
    const released = await stream(`Here:\n\n\`\`\`\n${lines}\n\`\`\`\n\nDone.`.match(/[^]{1,3}/g) ?? [], screener())
    expect(released).not.toMatch(/customer_id|revenue/)
    expect(released).toContain('Done.')
  })

  it('names a value once that crosses from one segment into the next', async () => {
    const padding = 'The quarter was good for us in every country we sell to and in all the channels that we have. '
    const released = await stream(
      [
        `${padding}Then: -----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0B\n'.repeat(5_000)}-----END PRIVATE KEY-----\n\nThat was it.`,
      ],
      screener(),
    )
    expect(released.match(/\[secret\]/g)).toHaveLength(1)
    expect(released).not.toContain('MIIE')
    expect(released.endsWith('That was it.')).toBe(true)
  })
})
