import * as fc from 'fast-check'
import { Pool } from 'undici'
import { describe, expect, it } from 'vitest'
import { serveModels } from '../support/http/model-gateway.ts'
import { servedBytes, type Served, type Step } from '../support/http/upstream/served.ts'
import { UpstreamServer } from '../support/http/upstream/upstream-server.ts'

/** `SALLYPORT_BODIES` for more. */
const bodies = Number(process.env['SALLYPORT_BODIES'] ?? 2_000)
const together = 100

const space = fc.constantFrom('', '', '', ' ', '\n', '\r\n\t', '  ')

/** Numbers and texts that a reader who writes them anew would write otherwise. */
const scalar = fc.oneof(
  fc.constantFrom('null', 'true', '-0', '1.0', '1e2', '1E+400', '0.1000', '9007199254740993', '123456789012345678901'),
  fc.constantFrom('"\\u00e9"', '"\\ud83c"', '"\\/"', '"\\u0000\\u2028"', '"é🌤\u2028"', '"\\"model\\":\\"x\\""', '""'),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => JSON.stringify(number)),
  fc.string({ unit: 'binary', maxLength: 12 }).map((text) => JSON.stringify(text)),
)

const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }).chain((items) => space.map((gap) => `[${gap}${items.join(`${gap},`)}]`)),
    fc.array(tie('value'), { maxLength: 4 }).chain((items) => space.map((gap) => `{${gap}${membersOf(items, gap)}}`)),
  ),
}))

/** Names in no order, some of which mean something in JavaScript. */
function membersOf(values: readonly string[], gap: string): string {
  const names = ['z', '10', '__proto__', 'é\\n', 'constructor', '9', 'x']
  return values.map((each, index) => `"${names[index]}"${gap}:${gap}${each}`).join(`,${gap}`)
}

interface Case {
  readonly isStreamed: boolean
  readonly extra: string
  readonly gap: string
  readonly answers: readonly string[]
  readonly lineEnd: string
  readonly cuts: readonly number[]
}

const cases = fc.record<Case>({
  isStreamed: fc.boolean(),
  extra: value,
  gap: space,
  answers: fc.array(value, { minLength: 1, maxLength: 5 }),
  lineEnd: fc.constantFrom('\n', '\n', '\r\n'),
  cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
})

/** The body of a request; its number is how the upstream knows it. */
function bodyOf({ isStreamed, extra, gap }: Case, number: number): Buffer {
  const messages = `[{"role":"user",${gap}"content":"\\u00e9 “é” 🌤"}]`
  const stream = isStreamed ? `"stream":${gap}true,` : ''
  return Buffer.from(
    `${gap}{"x_number":${number},${gap}"x_first":${extra},${stream}"model"${gap}:"gpt-5","messages":${messages},${gap}"x_last":${extra}}${gap}`,
  )
}

function answerOf({ isStreamed, answers, gap, lineEnd }: Case): Buffer {
  const [first = 'null'] = answers
  const choice = '{"index":0,"message":{"role":"assistant","content":"\\u00e9"},"finish_reason":"stop"}'
  if (!isStreamed)
    return Buffer.from(`${gap}{"x_first":${first},"choices":[${choice}],${gap}"x_last":[${answers.join()}]}\n`)
  const chunk = (each: string, reason: string) =>
    `{"x":${each},${gap.replaceAll(/[\r\n]/g, ' ')}"choices":[{"index":0,"delta":{"content":"é"},"finish_reason":${reason}}]}`
  const oneLine = answers.map((each) => each.replaceAll(/[\r\n]/g, ' '))
  const events = [
    `: a comment${lineEnd}`,
    ...oneLine.map(
      (each, index) => `${index % 2 === 0 ? 'data: ' : `id: ${index}${lineEnd}data:`}${chunk(each, 'null')}`,
    ),
    `data: ${chunk('1.0', '"stop"')}`,
    'data: [DONE]',
  ]
  return Buffer.from(events.map((event) => `${event}${lineEnd}${lineEnd}`).join(''))
}

/** The answer in writes that end wherever it comes. */
function servedFor(each: Case): Served {
  const answer = answerOf(each)
  if (!each.isStreamed) return servedBytes(answer, { 'content-type': 'application/json' })
  const cuts = [
    0,
    ...each.cuts.map((part) => Math.floor(part * answer.length)).toSorted((a, b) => a - b),
    answer.length,
  ]
  const writes = cuts.slice(1).map((to, index): Step => ({ do: 'write', bytes: answer.subarray(cuts[index], to) }))
  return { steps: [{ do: 'head', status: 200, headers: { 'content-type': 'text/event-stream' } }, ...writes] }
}

describe('bodies and streams on their way through', () => {
  it(
    `arrive and come back byte for byte: ${bodies.toLocaleString('en')} generated ones`,
    { timeout: 400_000 },
    async () => {
      await using upstream = await UpstreamServer.start({ kind: 'openai' })
      await using service = await serveModels({ origins: { openai: upstream.origin } })
      const pool = new Pool(service.url, { connections: 16 })
      await using stack = new AsyncDisposableStack()
      stack.defer(() => pool.destroy())
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${service.key}` }
      let sent = 0
      const check = async (batch: readonly Case[]) => {
        upstream.requests.length = 0
        const from = sent
        sent += batch.length
        upstream.answer = ({ body }) => servedFor(batch[numberIn(body) - from] as Case)
        const told = await Promise.all(
          batch.map(async (each, index) => {
            const body = bodyOf(each, from + index)
            const response = await pool.request({ path: '/v1/chat/completions', method: 'POST', headers, body })
            return {
              status: response.statusCode,
              bytes: Buffer.from(await response.body.arrayBuffer()).toString('latin1'),
            }
          }),
        )
        expect(told).toEqual(batch.map((each) => ({ status: 200, bytes: answerOf(each).toString('latin1') })))
        const arrived = upstream.requests.toSorted((one, other) => numberIn(one.body) - numberIn(other.body))
        expect(arrived.map(({ body }) => body.toString('latin1'))).toEqual(
          batch.map((each, index) => bodyOf(each, from + index).toString('latin1')),
        )
      }
      const batches = fc.array(cases, { minLength: together, maxLength: together, size: 'max' })
      await fc.assert(fc.asyncProperty(batches, check), { numRuns: bodies / together, endOnFailure: true })
      expect(sent).toBeGreaterThanOrEqual(bodies)
    },
  )
})

function numberIn(body: Buffer): number {
  return Number(/"x_number":(\d+)/.exec(body.toString('latin1'))?.[1])
}
