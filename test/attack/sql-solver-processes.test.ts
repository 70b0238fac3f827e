import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AnsweringProcess } from '../support/differencing/answering-process.ts'
import {
  openGuardedDatabase,
  type GuardedDatabase,
  type Outcome,
  type PassedOn,
} from '../support/differencing/guarded-database.ts'
import {
  everyone,
  knownBy,
  pay,
  policy,
  questions,
  script,
  toldBy,
  type Question,
  type Told,
} from '../support/differencing/payroll-questions.ts'
import { createRandom, shuffled } from '../support/random.ts'
import { verifies } from '../support/verifies.ts'

// The attacker of sql-solver.test.ts against processes that end, are killed, and share a ledger's file.

/** Statements that a process answers before it ends, in one way or another. */
const life = 24
const ways = ['ended', 'killed', 'killed before it was admitted', 'killed before it was answered'] as const
/** Words that are a storage's own, and none for a caller. */
const raw = /locked|sqlite_|errcode|busy|SQLITE/

describe('somebody who asks everything and solves it, of processes that share a ledger’s file', () => {
  let payroll: GuardedDatabase
  let directory: string
  let files = 0

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'sallyport-solver-'))
    payroll = await openGuardedDatabase(script, policy)
  })
  afterAll(async () => {
    await payroll[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  })

  const newFile = (): string => join(directory, `${(files += 1)}.sqlite`)
  const start = async (path: string): Promise<AnsweringProcess> => {
    const made = new AnsweringProcess({ image: payroll.image, path })
    await made.ready()
    return made
  }
  /** The sum in the answer, or null; every other word is checked. */
  const sumOf = (outcome: Outcome, question: Question): Told | null => {
    if (outcome.kind !== 'rows') {
      expect(outcome.said).not.toMatch(raw)
      if (outcome.kind === 'failed') expect(['refused', 'database-unavailable']).toContain(outcome.code)
      return null
    }
    const cell = outcome.result.rows[0]?.[0] ?? null
    if (cell === null) return null
    expect(Number(cell)).toBe(pay(question.members))
    return toldBy(question, Number(cell))
  }
  const askOf = (asking: PassedOn, child: AnsweringProcess, sql: string): Promise<Outcome> =>
    asking.askOf(sql, (statement, limits) => child.ask(statement, limits))

  async function campaign(
    nextPath: (path: string) => string,
  ): Promise<{ sums: Told[]; known: number[]; ends: Set<string> }> {
    const asking = await payroll.under(policy)
    const sums: Told[] = []
    const ends = new Set<string>()
    const all = questions()
    let path = newFile()
    for (let from = 0, turn = 0; from < all.length; from += life, turn += 1, path = nextPath(path)) {
      await using child = await start(path)
      for (const question of all.slice(from, from + life)) {
        const sum = sumOf(await askOf(asking, child, question.sql), question)
        if (sum !== null) sums.push(sum)
      }
      const way = ways[turn % ways.length] ?? 'ended'
      const doomed = all[(from * 7) % all.length]
      ends.add(way)
      if (way === 'killed') await child.kill()
      else if (way !== 'ended') {
        const stop = way === 'killed before it was admitted' ? 'audited' : 'admitted'
        const kill = async (...given: Parameters<AnsweringProcess['ask']>): Promise<Outcome> => {
          await child.killWithin(...given, stop)
          return { kind: 'failed', code: 'refused', said: '' }
        }
        await asking.askOf(doomed?.sql ?? '', kill)
      }
    }
    return { sums, known: knownBy(sums), ends }
  }

  it('L10: knows many where what was answered is forgotten with the process', async () => {
    const { known } = await campaign(newFile)
    expect(known.length).toBeGreaterThan(0)
  }, 600_000)

  it('L10: knows nobody’s pay when processes end and are killed between statements, before and after admission', async () => {
    const { sums, known, ends } = await campaign((path) => path)
    expect([...ends]).toEqual(ways)
    expect(sums.length).toBeGreaterThan(5)
    expect(known).toEqual([])
  }, 600_000)

  it('L10: is told after a kill what was admitted before it, and not what is left of it', async () => {
    const asking = await payroll.under(policy)
    const path = newFile()
    const total = { sql: 'SELECT sum(pay) FROM staff', members: everyone }
    const first = await start(path)
    await asking.askOf(total.sql, async (statement, limits) => {
      await first.killWithin(statement, limits, 'admitted')
      return { kind: 'failed', code: 'refused', said: '' }
    })
    await using second = await start(path)
    const rest = await askOf(asking, second, 'SELECT sum(pay) FROM staff WHERE id <> 7')
    expect(rest).toMatchObject({ kind: 'failed', code: 'refused', said: expect.stringContaining('[sql/differencing]') })
    expect(sumOf(await askOf(asking, second, total.sql), total)?.total).toBe(pay(everyone))
  })

  /** Every question is asked of both at the same moment, a few at a time, each of the two in an order of its own. */
  async function race(paths: readonly [string, string]): Promise<{ sums: Told[]; known: number[] }> {
    const asking = await payroll.under(policy)
    await using one = await start(paths[0])
    await using other = await start(paths[1])
    const random = createRandom(31)
    const [left, right] = [shuffled(questions(), random), shuffled(questions(), random)]
    const sums: Told[] = []
    for (let from = 0; from < left.length; from += 4) {
      const asked = [one, other].flatMap((child, index) =>
        (index === 0 ? left : right).slice(from, from + 4).map(async (question) => {
          const sum = sumOf(await askOf(asking, child, question.sql), question)
          if (sum !== null) sums.push(sum)
        }),
      )
      await Promise.all(asked)
    }
    return { sums, known: knownBy(sums) }
  }

  it('L10: knows many where each of two processes has a file of its own', async () => {
    const { known } = await race([newFile(), newFile()])
    expect(known.length).toBeGreaterThan(0)
  }, 600_000)

  it('L10: knows nobody’s pay when two processes answer at once from one file, and hears nothing of locks', async () => {
    verifies('ledger.processes')
    const path = newFile()
    const { sums, known } = await race([path, path])
    expect(sums.length).toBeGreaterThan(5)
    expect(known).toEqual([])
  }, 600_000)
})
