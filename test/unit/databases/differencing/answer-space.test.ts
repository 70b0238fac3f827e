import { describe, expect, it } from 'vitest'
import { AnswerSpace, type Addition } from '../../../../src/databases/differencing/answer-space.ts'
import { createRandom } from '../../../support/random.ts'
import { verifies } from '../../../support/verifies.ts'

const prime = 33_554_467

function space(minimum: number): AnswerSpace {
  return new AnswerSpace({ minimum, prime, maximumCells: 50_000_000 })
}

/** Every row is an entity of its own. */
function add(to: AnswerSpace, rows: readonly number[]): Addition {
  return to.add(rows.map((row) => ({ row, entity: row })))
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index)

describe('the space of answers', () => {
  it('takes a group of the minimum, and the same group again for nothing new', () => {
    const answers = space(5)
    expect([add(answers, range(0, 5)), add(answers, range(0, 5)), answers.rank]).toEqual(['independent', 'known', 1])
  })

  it('does not take a group below the minimum', () => {
    expect(add(space(5), range(0, 4))).toBe('isolating')
  })

  it.each([1, 2, 4])('does not take a group that differs from another by %i', (difference) => {
    const answers = space(5)
    add(answers, range(0, 100))
    expect(add(answers, range(0, 100 - difference))).toBe('isolating')
  })

  it('takes a group that differs from another by the minimum', () => {
    const answers = space(5)
    add(answers, range(0, 100))
    expect(add(answers, range(0, 95))).toBe('independent')
    expect(add(answers, range(95, 100))).toBe('known')
  })

  it('sees through three answers: everybody, less the large departments, is the small one', () => {
    const answers = space(5)
    expect([add(answers, range(0, 40)), add(answers, range(40, 80))]).toEqual(['independent', 'independent'])
    expect(add(answers, range(0, 82))).toBe('isolating')
  })

  it('sees through the general tracker: padding on both sides of the one', () => {
    const answers = space(5)
    expect(add(answers, range(0, 50))).toBe('independent')
    expect(add(answers, range(50, 100))).toBe('independent')
    expect(add(answers, [...range(0, 50), 77])).toBe('isolating')
  })

  it('counts entities and not rows', () => {
    const answers = space(3)
    const orders = (entities: readonly number[]) =>
      entities.flatMap((e) => [0, 1].map((n) => ({ row: e * 2 + n, entity: e })))
    expect(answers.add(orders(range(0, 10)))).toBe('independent')
    expect(answers.add(orders(range(0, 10)).slice(0, -4))).toBe('isolating')
  })

  it('sees through a person’s rows that are summed apart and together', () => {
    const answers = space(3)
    const month = (entities: readonly number[], n: number) => entities.map((e) => ({ row: e * 2 + n, entity: e }))
    expect(answers.add(month(range(0, 20), 0))).toBe('independent')
    expect(answers.add(month(range(0, 20), 1))).toBe('independent')
    expect(answers.add([...month(range(0, 20), 0), ...month(range(0, 19), 1)])).toBe('isolating')
  })

  it('never lets any combination of answers tell about fewer than the minimum', () => {
    verifies('ledger.minimum')
    const random = createRandom(11)
    const integer = (below: number): number => Math.floor(random() * below)
    for (let round = 0; round < 150; round += 1) {
      const minimum = 2 + integer(3)
      const people = 6 + integer(6)
      const taken: number[][] = []
      const answers = space(minimum)
      for (let question = 0; question < 14; question += 1) {
        const group = range(0, people).filter(() => integer(3) > 0)
        const mark = answers.mark()
        if (add(answers, group) === 'isolating') answers.goBack(mark)
        else taken.push(group)
      }
      expect(smallestCombination(taken, people)).toBeGreaterThanOrEqual(minimum)
    }
  })

  it('does not take answers that weigh one among enough others far more than them', () => {
    const answers = space(5)
    // Ten groups with person 0 in each, and one of everybody else but four: together ten times the one, and the four.
    const groups = range(0, 10).map((part) => [0].concat(range(1 + part * 10, 11 + part * 10)))
    const taken = [...groups, range(5, 101)].map((group) => add(answers, group))
    expect(taken).toContain('isolating')
  })

  it('knows a row better after its group was split: what was answered about the group still tells about it', () => {
    const answers = space(1)
    expect(add(answers, [2, 3])).toBe('independent')
    // Half of row 3 was known from the pair; another pair with it leaves nothing to chance.
    expect(add(answers, [1, 3])).toBe('isolating')
  })

  it.each([
    ['two with one member in common', [range(0, 4), [3, 4, 5]]],
    ['two that differ in three, after a pair that was refused', [[1, 4], range(0, 5), [0, 1, 3, 5]]],
  ])('finds the proof for groups that are barely large enough together: %s', (_what, groups) => {
    const answers = space(3)
    const additions = groups.map((group) => {
      const mark = answers.mark()
      const addition = add(answers, group)
      if (addition === 'isolating') answers.goBack(mark)
      return addition
    })
    expect(additions.slice(-2)).toEqual(['independent', 'independent'])
  })

  it('lets a crowd be cut many ways, as long as no cut is fine', () => {
    const answers = space(5)
    const cuts = [2, 3, 5, 7, 8].flatMap((parts) =>
      range(0, parts).map((part) => range(0, 1_000).filter((row) => row % parts === part)),
    )
    expect(cuts.map((cut) => add(answers, cut))).not.toContain('isolating')
  })
})

/** Fewest people any combination tells about: the smallest set without which the answers have a lower rank. */
function smallestCombination(groups: readonly (readonly number[])[], people: number): number {
  const rankWithout = (removed: number): number => {
    const rows = groups.map((group) =>
      range(0, people).map((person) => (((removed >> person) & 1) === 0 && group.includes(person) ? 1 : 0)),
    )
    return rankOf(rows)
  }
  const full = rankWithout(0)
  let smallest = Infinity
  for (let removed = 1; removed < 2 ** people; removed += 1) {
    const size = range(0, people).filter((person) => ((removed >> person) & 1) === 1).length
    if (size < smallest && rankWithout(removed) < full) smallest = size
  }
  return smallest
}

/** By elimination in real numbers: another arithmetic than the one under test. */
function rankOf(input: number[][]): number {
  const rows = input.map((row) => [...row])
  let rank = 0
  for (let column = 0; column < (rows[0]?.length ?? 0); column += 1) {
    const at = rows.findIndex((row, index) => index >= rank && Math.abs(row[column] ?? 0) > 1e-9)
    if (at === -1) continue
    const [lead] = rows.splice(at, 1)
    if (lead === undefined) continue
    rows.splice(rank, 0, lead)
    for (const row of rows.slice(rank + 1)) {
      const factor = (row[column] ?? 0) / (lead[column] ?? 1)
      row.forEach((value, index) => (row[index] = value - factor * (lead[index] ?? 0)))
    }
    rank += 1
  }
  return rank
}

describe('the size of what is answered', () => {
  const group = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => ({ row: from + index, entity: from + index }))

  // Proofs times answers times atoms: 2 × 1 × 1, then 2 × 2 × 2.
  it.each([
    [2, 1],
    [7, 1],
    [8, 2],
  ])('fits in %d numbers for %d answers, and the next one is refused', (maximumCells, answers) => {
    const space = new AnswerSpace({ minimum: 2, prime: 33_554_467, maximumCells })
    const groups = [group(0, 10), group(20, 30), group(40, 50)]
    for (const members of groups.slice(0, answers)) expect(space.add(members)).toBe('independent')
    expect(() => space.add(groups[answers] ?? [])).toThrow(
      expect.objectContaining({
        code: 'refused',
        message: 'The ledger of answers about this table is full.',
        advice: 'Ask what was asked before, or have the operator start a new ledger.',
      }),
    )
    expect(space.rank).toBe(answers)
  })

  it('is none where not even the first answer fits', () => {
    const space = new AnswerSpace({ minimum: 2, prime: 33_554_467, maximumCells: 1 })
    expect(() => space.add(group(0, 10))).toThrow('is full')
  })
})
