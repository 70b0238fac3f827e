import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Sallyport } from '../../src/service/sallyport.ts'
import { openSallyport } from '../../src/compose.ts'
import { loadConfig } from '../../src/config/load.ts'
import { serviceDefaults } from '../../src/config/service-defaults.ts'
import type { AgentEvent } from '../../src/core/events.ts'
import { demoQuestions } from '../../src/models/providers/demo/demo-model.ts'
import { sandboxImage } from '../support/sandbox/docker-sandbox.ts'
import { cleanEnvironment } from '../support/cli/sallyport-process.ts'
import { verifies } from '../support/verifies.ts'

const live = new AbortController().signal
let sallyport: Sallyport

beforeAll(async () => {
  const variables = cleanEnvironment({ SALLYPORT_MODEL_PROVIDER: 'demo', SALLYPORT_SANDBOX_IMAGE: sandboxImage() })
  const { config } = loadConfig({ variables, workingDirectory: '/', flags: {}, defaults: serviceDefaults })
  sallyport = await openSallyport(config)
})
afterAll(() => sallyport[Symbol.asyncDispose]())

interface Answered {
  readonly text: string
  readonly end: Extract<AgentEvent, { type: 'end' }> | undefined
  /** Tool and where it ran, or `refused`, in order. */
  readonly steps: readonly string[]
  readonly pictures: readonly string[]
}

async function ask(question: string): Promise<Answered> {
  const request = { requestId: 'e2e', channel: 'cli', credential: null, model: 'analyst', dataSource: null } as const
  const received = { ...request, sessionId: null, messages: [{ role: 'user', content: question }] as const }
  const events: AgentEvent[] = []
  for await (const event of sallyport.answer(received, { files: [] }, live)) events.push(event)
  const steps = events.flatMap((event) => {
    if (event.type === 'tool-result') return [`${event.tool}: ${event.ranIn}`]
    return event.type === 'tool-refusal' ? [`${event.tool}: refused`] : []
  })
  const lastStep = events.findLastIndex((event) => event.type === 'step-start')
  return {
    steps,
    end: events.find((event) => event.type === 'end'),
    text: events
      .slice(lastStep)
      .map((event) => (event.type === 'text-delta' ? event.text : ''))
      .join(''),
    pictures: events.flatMap((event) => (event.type === 'artifact' ? [event.artifact.mediaType] : [])),
  }
}

async function number(statement: string): Promise<number> {
  const answer = await sallyport.runSql(statement, { source: null }, live)
  if (answer.kind !== 'result') throw new Error(`refused: ${JSON.stringify(answer.findings)}`)
  return Number(answer.result.rows[0]?.[0])
}

async function answerTo(position: number): Promise<Answered> {
  const answered = await ask(demoQuestions[position - 1] ?? '')
  expect(answered.end).toMatchObject({ ending: 'answer', message: null })
  return answered
}

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const totalOf = (year: number): string =>
  `SELECT sum(total) FROM orders WHERE status <> 'cancelled' AND extract(year FROM ordered_at AT TIME ZONE 'UTC') = ${year}`

describe('the questions of the demo, through gate, database, gVisor and filters', () => {
  it('1: revenue over time, with SQL, Python in gVisor and a chart', async () => {
    verifies('demo.answers')
    const { text, steps, pictures } = await answerTo(1)
    expect(steps).toEqual(['run_sql: pglite', 'run_python: gVisor (docker)'])
    expect(pictures).toEqual(['image/png'])
    expect(text).toContain(`€${grouped.format(await number(totalOf(2023)))}** in 2023`)
    expect(text).toContain(`€${grouped.format(await number(totalOf(2025)))}** in 2025`)
  })

  it('2: margin by category, with two calls at a time', async () => {
    const { text, steps, pictures } = await answerTo(2)
    expect(steps).toEqual([
      'describe_data: pglite',
      'run_sql: pglite',
      'run_sql: pglite',
      'run_python: gVisor (docker)',
    ])
    expect(pictures).toEqual(['image/png'])
    const cancelled = await number("SELECT count(*) FROM orders WHERE status = 'cancelled'")
    expect(text).toContain(`${grouped.format(cancelled)} cancelled orders are left out.`)
  })

  it('3: a refusal goes back to the model, which corrects itself', async () => {
    const { text, steps } = await answerTo(3)
    expect(steps).toEqual(['run_sql: refused', 'describe_data: pglite', 'run_sql: pglite'])
    const spanish =
      "FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.country = 'ES' AND o.status <> 'cancelled'"
    expect(text).toContain(`| ES | ${grouped.format(await number(`SELECT count(*) ${spanish}`))} |`)
  })

  it('4: a small calculation in the isolate', async () => {
    const { text, steps } = await answerTo(4)
    const lacking = 'isolate; light JavaScript runs in a separate process, not in gVisor'
    expect(steps).toEqual(['run_sql: pglite', `run_javascript: ${lacking}`])
    const [first, last] = [await number(totalOf(2023)), await number(totalOf(2025))]
    const growth = Math.sqrt(last / first) - 1
    expect(text).toContain(`**${(Math.log(2) / Math.log(1 + growth)).toFixed(1)} years**`)
  })

  it('5: all rows of a result in Python, of which the model saw twenty', async () => {
    const { text, steps, pictures } = await answerTo(5)
    expect(steps).toEqual(['run_sql: pglite', 'run_sql: pglite', 'run_python: gVisor (docker)'])
    expect(pictures).toEqual(['image/png'])
    const reviews = await number('SELECT count(*) FROM reviews')
    const bad = await number('SELECT count(*) FROM reviews WHERE rating <= 2')
    expect(text).toContain(`${grouped.format(bad)} of ${grouped.format(reviews)} reviews`)
  })

  it('6: personal data is masked on its way out', async () => {
    const { text } = await answerTo(6)
    expect(text.match(/\| \[email\] \| \[phone\] \|/g)).toHaveLength(10)
    expect(text).not.toMatch(/@|\+\d{2}/)
  })

  it('7: what policy forbids is refused, and the answer says so', async () => {
    const { text, steps } = await answerTo(7)
    expect(steps).toEqual(['run_sql: refused', 'describe_data: pglite'])
    expect(text).toContain('policy does not allow')
  })

  it('any other question is answered with the ones it knows', async () => {
    const { text, end } = await ask('What is the meaning of life?')
    expect(end?.ending).toBe('answer')
    for (const question of demoQuestions) expect(text).toContain(question)
  })
})
