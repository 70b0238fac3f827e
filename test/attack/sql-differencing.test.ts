import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analystQuestions } from '../support/sql/analyst-questions.ts'
import { attempts, solve, type Equation } from '../support/differencing/differencing-attacker.ts'
import { openGuardedDatabase, type Asking, type GuardedDatabase } from '../support/differencing/guarded-database.ts'
import { makeEmployees, payrollPolicy, payrollScript } from '../support/differencing/payroll.ts'
import { createRandom } from '../support/random.ts'
import { verifies } from '../support/verifies.ts'

/** Statements an attacker has; thousands on demand. */
const budget = Number(process.env['SALLYPORT_TRACKER_STATEMENTS'] ?? 240)
const patience = 180_000 + budget * 1_000
const employees = makeEmployees(300, 5)
/** Everybody knows the scale of pay by level. */
const prior = employees.map(({ level }) => 35_000 + level * 9_000)
const unwatched = { ...payrollPolicy, differencing_ledger: false }

interface Campaign {
  readonly equations: Equation[]
  readonly answered: Record<string, number>
  /** Statements about one person that came back with a value. */
  readonly told: string[]
  readonly refusals: Record<string, number>
}

async function attack(target: Asking, statements: number): Promise<Campaign> {
  const campaign: Campaign = { equations: [], answered: {}, told: [], refusals: {} }
  let left = statements
  for (const attempt of attempts(employees, createRandom(23))) {
    if (left-- === 0) break
    const outcome = await target.ask(attempt.sql)
    if (outcome.kind !== 'rows') {
      const why =
        outcome.kind === 'refused' ? (outcome.rules[0] ?? '') : (/\[(.*)\]/.exec(outcome.said)?.[1] ?? outcome.said)
      campaign.refusals[why] = (campaign.refusals[why] ?? 0) + 1
      continue
    }
    const { rows } = outcome.result
    const equations = attempt.read?.(rows) ?? []
    campaign.equations.push(...equations)
    if (equations.length > 0) campaign.answered[attempt.family] = (campaign.answered[attempt.family] ?? 0) + 1
    if (attempt.read === undefined && rows.flat().some((value) => value !== null)) campaign.told.push(attempt.sql)
  }
  return campaign
}

/** People whose pay is guessed to within 2 %. */
const hits = (guesses: readonly number[]): number =>
  employees.filter(({ id, pay }) => Math.abs((guesses[id - 1] ?? 0) - pay) < pay * 0.02).length

/** For the tables of the documentation; a run of the usual size says nothing. */
function showFigures(figures: object): void {
  if (process.env['SALLYPORT_TRACKER_STATEMENTS'] !== undefined) process.stdout.write(`${JSON.stringify(figures)}\n`)
}

describe('the differencing ledger', () => {
  let payroll: GuardedDatabase

  beforeAll(async () => {
    payroll = await openGuardedDatabase(payrollScript(employees), payrollPolicy)
  })

  afterAll(() => payroll[Symbol.asyncDispose]())

  it(
    'gives an attacker nothing about anybody',
    async () => {
      verifies('ledger.against-trackers')
      const { equations, told, answered, refusals } = await attack(payroll, budget)
      const { guesses, certainty } = solve(equations, prior)
      const figures = {
        statements: budget,
        answered,
        refusals,
        best: Math.max(...certainty),
        hits: hits(guesses),
        byChance: hits(prior),
      }
      showFigures(figures)
      expect(told).toEqual([])
      expect(equations.length).toBeGreaterThan(20)
      for (const { members, sum } of equations) {
        expect(members.length).toBeGreaterThanOrEqual(5)
        expect(sum).toBe(members.reduce((total, id) => total + (employees[id - 1]?.pay ?? 0), 0))
      }
      expect(Math.max(...certainty)).toBeLessThanOrEqual(0.5 + 1e-6)
      expect(hits(guesses)).toBeLessThanOrEqual(hits(prior) + 3 * Math.sqrt(hits(prior)) + 1)
    },
    patience,
  )

  it('is what keeps it from that attacker', async () => {
    const { equations } = await attack(await payroll.under(unwatched), 120)
    const { guesses, certainty } = solve(equations, prior)
    const known = certainty.filter((share) => share > 1 - 1e-6).length
    showFigures({ known, guessed: hits(guesses) })
    expect(known).toBeGreaterThan(10)
  })

  it('lets an honest analyst work', async () => {
    const analyst = await payroll.under(payrollPolicy)
    const refused: string[] = []
    for (const question of analystQuestions) {
      const outcome = await analyst.ask(question)
      if (outcome.kind !== 'rows') refused.push(`${question} → ${outcome.said}`)
    }
    showFigures({ asked: analystQuestions.length, refused })
    expect(analystQuestions).toHaveLength(60)
    expect(refused.length).toBeLessThanOrEqual(20)
  })
})
