import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../../../src/core/json.ts'
import { createFilterChain } from '../../../../src/filters/chain.ts'
import type { FilterChain } from '../../../../src/filters/chain.ts'
import type { Filter } from '../../../../src/filters/filter.ts'
import { profileSchema } from '../../../../src/filters/profile.ts'
import type { TextWindow } from '../../../../src/filters/windows/windows.ts'
import { createScreener } from '../../../../src/gateway/screen/screener.ts'
import { screenTable } from '../../../../src/gateway/screen/values.ts'
import { limits, never, testScreener } from '../../../support/filters/filter-fixtures.ts'

/** Finds every `<<x>>`. */
const marks: Filter = {
  name: 'marks',
  onFailure: 'closed',
  inspect: async (parts) =>
    parts.flatMap(({ text }, part) =>
      [...text.matchAll(/<<x>>/g)].map(({ index: start }) => ({
        part,
        start,
        end: start + 5,
        category: 'pii/email',
        score: 1,
        detector: 'marks@1',
      })),
    ),
}

/** A screener with a log of how many texts were decided on together, and of how often others had their turn. */
function counting(isInert?: (text: string) => boolean) {
  const batches: number[] = []
  let turns = 0
  const chain = createFilterChain({
    filters: [marks],
    deadlineMilliseconds: 60_000,
    ...(isInert === undefined ? {} : { isInert }),
  })
  const counted: FilterChain = {
    ...chain,
    decide: (parts, ...rest) => (batches.push(parts.length), chain.decide(parts, ...rest)),
    turn: async () => void (turns += 1),
  }
  const screener = createScreener({
    chain: counted,
    profile: profileSchema.parse({}),
    direction: 'outbound',
    group: 'finance',
    hiddenSql: () => null,
    limits,
  })
  return { screener, batches, turns: () => turns }
}

const texts = (count: number, length: number) =>
  Array.from({ length: count }, () => ({ text: 'x'.repeat(length), provenance: 'row' as const }))

describe('texts that are decided on together', () => {
  it.each([
    ['are 1,024 at most', 2_049, 1, [1_024, 1_024, 1]],
    ['are exactly as many as there are', 1_024, 1, [1_024]],
    ['have 32,768 characters at most', 1_025, 64, [512, 512, 1]],
    ['are all of them where these are few', 2, 100, [2]],
  ])('%s', async (_claim, count, length, expected) => {
    const { screener, batches } = counting()
    await screener.texts(texts(count, length), never)
    expect(batches).toEqual(expected)
  })

  it('are none where all are harmless, and others have their turn after as many characters', async () => {
    for (const [count, expected] of [
      [31, 0],
      [32, 1],
      [63, 1],
      [64, 2],
      [96, 3],
    ] as const) {
      const { screener, batches, turns } = counting(() => true)
      // Each counts for one character more than it has: empty ones cost something too.
      await screener.texts(texts(count, 1_023), never)
      expect([batches, turns()]).toEqual([[], expected])
    }
  })
})

const window = (text: string, offset: number, isLast = false): TextWindow => ({
  text,
  from: 0,
  to: text.length,
  offset,
  isLast,
})

describe('windows side by side', () => {
  it('are proved harmless up to 1,024 characters together', async () => {
    const proved: number[] = []
    const { screener, batches } = counting((text) => (proved.push(text.length), true))
    const windows = Array.from({ length: 6 }, (_, index) => window('x'.repeat(256), index * 256, index === 5))
    expect(await screener.spans(windows, { provenance: 'model' }, never)).toEqual(windows.map(() => []))
    expect([proved, batches]).toEqual([[1_024, 512], [0]])
  })

  it('are proved harmless where they are the last of a text, and not where they are all of it', async () => {
    const proved: string[] = []
    const { screener, batches } = counting((text) => (proved.push(text), true))
    await screener.spans([window('whole', 0, true)], { provenance: 'model' }, never)
    expect([proved, batches]).toEqual([[], [1]])
    await screener.spans([window('last', 1_024, true)], { provenance: 'model' }, never)
    await screener.spans([window('first', 0)], { provenance: 'model' }, never)
    expect([proved, batches]).toEqual([
      ['last', 'first'],
      [1, 0, 0],
    ])
  })

  it('are proved harmless without what they have in common', async () => {
    const proved: string[] = []
    const { screener } = counting((text) => (proved.push(text), true))
    await screener.spans(
      [window('abcdef', 0), window('efgh', 4), window('hij', 7, true)],
      { provenance: 'model' },
      never,
    )
    expect(proved).toEqual(['abcdefghij'])
  })

  it.each([
    ['ends before the stretch', 5, 10, 0],
    ['ends in the stretch', 4, 10, 1],
    ['begins behind the stretch', 0, 0, 0],
    ['begins in the stretch', 0, 1, 1],
  ])('hold a value that %s only where they decide on it', async (_claim, from, to, count) => {
    const { screener } = counting()
    const [spans] = await screener.spans(
      [{ text: '<<x>> and so on', from, to, offset: 0, isLast: true }],
      { provenance: 'model' },
      never,
    )
    expect(spans).toHaveLength(count)
  })
})

describe('the rows of a table', () => {
  it('give each number that may have a check digit the texts around it, three on either side, without its own', async () => {
    const ids = Array.from({ length: 9 }, (_, index) => `453957876362148${index}`)
    const given = new Map<string, readonly string[] | undefined>()
    const plain = testScreener({ hiddenSql: null })
    const texts: typeof plain.texts = (parts, signal) => {
      for (const { text, siblings } of parts) given.set(text, siblings)
      return plain.texts(parts, signal)
    }
    const rows = ids.map((id) => [id, 'x'])
    await screenTable({ columns: [], rows, totalRows: rows.length }, { ...plain, texts }, never)
    for (const [row, id] of ids.entries())
      expect(given.get(id)).toEqual(ids.filter((_, other) => other !== row && Math.abs(other - row) <= 3))
    expect(given.get('x')).toBeUndefined()
  })

  const turnsFor = async (rows: readonly (readonly JsonValue[])[]) => {
    let turns = 0
    const screener = { ...testScreener({ hiddenSql: null }), turn: async () => void (turns += 1) }
    await screenTable({ columns: [], rows, totalRows: rows.length }, screener, never)
    return turns
  }

  // Each block takes two turns: one before its rows are gathered, one behind them.
  it.each([
    ['of 512 cells: two in a block', 6, Array.from({ length: 512 }, () => 1), 6],
    ['of 511 cells: three in a block', 6, Array.from({ length: 511 }, () => 1), 4],
    ['of 16,384 characters: two in a block', 6, ['x'.repeat(16_384)], 6],
    ['of 16,383 characters: three in a block', 6, ['x'.repeat(8_000), 7, 'x'.repeat(8_383)], 4],
    ['of more than a block: each alone', 3, ['x'.repeat(50_000)], 6],
  ])('%s', async (_claim, count, row, turns) => {
    expect(await turnsFor(Array.from({ length: count }, () => row))).toBe(turns)
  })
})
