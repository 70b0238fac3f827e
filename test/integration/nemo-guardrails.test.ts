import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RemoteFault } from '../../src/filters/remote/remote-fault.ts'
import { detectorOf } from '../support/filters/remote/adapters.ts'
import { startFakeNemo } from '../support/filters/remote/fake-nemo.ts'
import { nemoPackages, startNemoServer } from '../support/filters/nemo/nemo-server.ts'
import { never } from '../support/filters/filter-fixtures.ts'
import { verifies } from '../support/verifies.ts'
import type { ListeningProgram } from '../support/python/listening-program.ts'

const packages = nemoPackages()
if (typeof packages === 'string') process.stderr.write(`SKIPPED: NeMo Guardrails cannot be had: ${packages}\n`)

const context = { group: 'default', executedSql: [] } as const

describe.skipIf(typeof packages === 'string')("NeMo Guardrails' own server", () => {
  let server: ListeningProgram

  beforeAll(async () => {
    if (typeof packages !== 'string') server = await startNemoServer(packages.python)
  })
  afterAll(() => server[Symbol.asyncDispose]())

  const guard = (more: object = {}) =>
    detectorOf({ kind: 'nemo', url: server.url, config_id: 'words', deadline_ms: 60_000, ...more }).filter

  const find = async (text: string, direction: 'inbound' | 'outbound', more: object = {}) => {
    const found = await guard(more).inspect([{ text, provenance: 'user' }], { ...context, direction }, never)
    return found.map(({ start, end, category, score }) => `${category} ${score} ${start}-${end}`)
  }

  it.each(['inbound', 'outbound'] as const)('blocks what a rail blocks, and passes the rest: %s', async (direction) => {
    verifies('detectors.nemo')
    await guard().probe(never)
    expect(await find('I will hurt you', direction)).toEqual(['guard/blocked 1 0-15'])
    expect(await find('Good morning', direction)).toEqual([])
    const rail = `regex check ${direction === 'inbound' ? 'input' : 'output'}`
    expect(await find('I will HURT you', direction, { categories: { [rail]: 'toxicity/violence' } })).toEqual([
      'toxicity/violence 1 0-15',
    ])
  })

  it('is told of what a rail would change as of a finding, or of nothing', async () => {
    expect(await find('this is number-1', 'inbound')).toEqual(['guard/changed 1 0-16'])
    expect(await find('this is number-1', 'inbound', { changed_category: null })).toEqual([])
  })

  it('finds what stands at any place of a long text', async () => {
    const filler = 'The report has twelve pages. '.repeat(420)
    for (const at of [0, 4_000, filler.length]) {
      const text = `${filler.slice(0, at)} I will hurt you ${filler.slice(at)}`
      expect((await find(text, 'inbound')).length).toBeGreaterThan(0)
    }
  })

  it('is failed by a rail that fails, by a configuration that is not there, and by rails that are not configured', async () => {
    const wordOf = (work: Promise<unknown>) => work.catch((error: unknown) => (error as RemoteFault).word)
    expect(await wordOf(find('please break down', 'inbound'))).toBe('failed')
    expect(await wordOf(find('please break down', 'outbound'))).toBe('failed')
    expect(await wordOf(find('hello', 'inbound', { config_id: 'nobody' }))).toBe('refused')
    expect(await wordOf(guard({ config_id: 'nobody' }).probe(never))).toBe('refused')
    expect(await find('hello', 'inbound', { config_id: 'half' })).toEqual([])
    expect(await wordOf(find('hello', 'outbound', { config_id: 'half' }))).toBe('refused')
  })

  it('gives a text that passes back as it was sent, whatever it holds, which tells that it was the one looked at', async () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom('$user_message', '{{ 7*7 }}', '{% raw %}', '"', "'", '\\', '\n', '  ', '\u2028', '...', '# x'),
    )
    const text = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => `a ${pieces.join('')}`)
    for (const direction of ['inbound', 'outbound'] as const) {
      await fc.assert(
        fc.asyncProperty(text, async (said) => {
          expect(await find(said, direction)).toEqual([])
        }),
        { numRuns: 100 },
      )
    }
  })

  it('answers in the form that its double of the contract tests has, faults included', async () => {
    verifies('detectors.nemo')
    await using double = await startFakeNemo()
    const ask = async (url: string, body: object) => {
      const options = { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
      const response = await fetch(`${url}/v1/checks`, options)
      const answer = JSON.stringify(await response.json()).replace(/Invalid config path[^"]*/, 'Invalid config path')
      return [response.status, response.headers.get('content-type'), answer]
    }
    const question = (content: string, config_id: string, rail: string) => ({
      model: '',
      messages: [{ role: rail === 'input' ? 'user' : 'assistant', content }],
      guardrails: { config_id, rail_types: [rail] },
    })
    const forms = async (url: string) => {
      const configurations = (await (await fetch(`${url}/v1/rails/configs`)).json()) as { id: string }[]
      const answers: unknown[] = configurations.map(({ id }) => id).toSorted()
      for (const rail of ['input', 'output']) {
        for (const text of ['Good morning', 'I will hurt you', 'this is number-1', 'please break down']) {
          answers.push(await ask(url, question(text, 'words', rail)))
        }
        answers.push(await ask(url, question('hello', 'nobody', rail)), await ask(url, question('hello', 'half', rail)))
      }
      answers.push(await ask(url, { messages: [], guardrails: { config_id: 'words' } }))
      return answers
    }
    expect(await forms(double.url)).toEqual(await forms(server.url))
  })
})
