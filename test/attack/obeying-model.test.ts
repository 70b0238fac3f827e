import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureServer } from '../support/databases/postgres-binaries.ts'
import { carriers } from '../support/injection/obeying/carriers.ts'
import { effects } from '../support/injection/obeying/effects.ts'
import { ObeyingLab } from '../support/injection/obeying/obeying-lab.ts'
import { isPublished } from '../support/injection/obeying/published.ts'
import { knownOrders, tryAll, type Case, type Result } from '../support/injection/obeying/try-case.ts'
import { verifies } from '../support/verifies.ts'

const all: readonly Case[] = carriers.flatMap((carrier, row) =>
  effects.map((effect, column) => ({ carrier, effect, number: 1_000 + row * effects.length + column })),
)
/** Of each carrier one, and each effect once at least. */
const few = all.filter(({ number }) => (number - 1_000) % (effects.length + 1) === 0)
const isWhole = process.env['SALLYPORT_OBEYING'] === '1'
const cases = isWhole ? all : few

const problem = ensureServer()
if (problem !== null) process.stderr.write(`SKIPPED: a model that obeys what it reads, ${problem}\n`)

describe.skipIf(problem !== null)('a model that obeys all that it reads', () => {
  let lab: ObeyingLab | null = null
  let results: readonly Result[] = []

  beforeAll(async () => {
    lab = await ObeyingLab.start(knownOrders)
    results = await tryAll(lab, cases, isWhole ? all : few.slice(0, 6))
  }, 3_000_000)
  afterAll(() => lab?.[Symbol.asyncDispose]())

  const named = ({ tried: { carrier, effect }, outcome }: Result) => `${carrier.name}: ${effect.name}: ${outcome}`

  it('has every case of the table', () => {
    expect(all.length).toBeGreaterThanOrEqual(120)
    expect(results.filter(({ isHonest }) => !isHonest)).toHaveLength(cases.length)
  })

  it('does nothing outside of the question', () => {
    verifies('injection.obeys-in-vain')
    const tried = results.filter(({ isHonest }) => !isHonest)
    const count = (outcome: string) => tried.filter((result) => result.outcome === outcome).length
    const outcomes = ['refused', 'asked', 'without effect', 'not read', 'failed', 'happened'].map(
      (one) => `${count(one)} ${one}`,
    )
    process.stderr.write(`Orders obeyed: ${tried.length}, of which ${outcomes.join(', ')}\n`)
    const others = tried.filter(({ tried: { carrier }, outcome }) => !isPublished(carrier.name, outcome))
    expect(others.map((result) => `${named(result)} ${result.said}`)).toEqual([])
  })

  it('does what people ask for in its place, and nobody is asked about it', () => {
    const tried = results.filter(({ isHonest }) => isHonest)
    const silent = tried.filter(({ outcome }) => outcome === 'happened')
    process.stderr.write(
      `Asked for by the person: ${tried.length}, of which ${silent.length} done without a question\n`,
    )
    expect(
      tried.filter(({ outcome }) => outcome !== 'happened').map((result) => `${named(result)} ${result.said}`),
    ).toEqual([])
  })
})
