import { describe, expect, it } from 'vitest'
import { corpus } from '../../support/corpora/corpora.ts'
import { factTable } from '../../support/grounding/fact-table.ts'
import { freeSentences } from '../../support/grounding/free-sentences/all.ts'
import { wrongParts } from '../../support/grounding/free-sentences/checked-sentence.ts'
import {
  fifthResults,
  resultOf,
  wrongPartsOf,
} from '../../support/grounding/free-sentences/fifth-set/analyst-answer.ts'
import { fifthSet } from '../../support/grounding/free-sentences/fifth-set/all.ts'
import { fourthFreeSentences } from '../../support/grounding/free-sentences/fourth-set.ts'
import { secondFreeSentences } from '../../support/grounding/free-sentences/second-set.ts'
import { thirdFreeSentences } from '../../support/grounding/free-sentences/third-set.ts'
import { phrasings, phrasingTables } from '../../support/grounding/phrasings.ts'

const absent = corpus('grounding') === null || corpus('workloads/dabench/tables') === null

describe('sentences about tables', () => {
  it.skipIf(absent)('are true or false as their tables say', () => {
    const otherwise = [...freeSentences, ...secondFreeSentences].filter(({ table, label, holds }) => {
      const facts = factTable(table)
      return facts === null || holds(facts) !== label
    })

    expect(otherwise.map(({ sentence }) => sentence)).toEqual([])
    expect(freeSentences.filter(({ label }) => label).length).toBeGreaterThanOrEqual(100)
    expect(freeSentences.filter(({ label }) => !label).length).toBeGreaterThanOrEqual(100)
  })

  it.skipIf(absent)('of the third and the fourth set are right in each part, or wrong in one alone', () => {
    const otherwise = [...thirdFreeSentences, ...fourthFreeSentences].filter((row) => {
      const facts = factTable(row.table)
      return facts === null || wrongParts(row, facts) !== (row.label ? 0 : 1)
    })

    expect(otherwise.map(({ sentence }) => sentence)).toEqual([])
  })

  it.each([
    ['third', thirdFreeSentences, [freeSentences, secondFreeSentences, fourthFreeSentences]],
    ['fourth', fourthFreeSentences, [freeSentences, secondFreeSentences, thirdFreeSentences]],
  ])('of the %s set are half true, half false, about at least ten tables of their own', (_, set, others) => {
    const tables = new Set(set.map(({ table }) => table))

    expect(tables.size).toBeGreaterThanOrEqual(10)
    expect(others.flat().filter(({ table }) => tables.has(table))).toEqual([])
    expect(set.length).toBeGreaterThanOrEqual(100)
    expect(Math.abs(2 * set.filter(({ label }) => label).length - set.length)).toBeLessThanOrEqual(4)
  })

  it('are each there once', () => {
    const all = [...freeSentences, ...secondFreeSentences, ...thirdFreeSentences, ...fourthFreeSentences]

    expect(new Set(all.map(({ table, sentence }) => `${table} ${sentence}`)).size).toBe(all.length)
  })
})

describe('answers of the fifth set', () => {
  const all = [...fifthSet['looked at'], ...fifthSet['counted alone']]

  it('are right in each part, or wrong in one alone', () => {
    const otherwise = all.filter((row) => wrongPartsOf(row) !== (row.label ? 0 : 1))

    expect(otherwise.map(({ answer }) => answer)).toEqual([])
  })

  it('are 140 true and 100 false ones, each there once', () => {
    expect(all.filter(({ label }) => label)).toHaveLength(140)
    expect(all.filter(({ label }) => !label)).toHaveLength(100)
    expect(new Set(all.map(({ answer }) => answer)).size).toBe(240)
  })

  it('are about results of every kind, none of which both halves have', () => {
    const [seen, counted] = (['looked at', 'counted alone'] as const).map(
      (half) => new Set(fifthSet[half].flatMap(({ results }) => results)),
    )

    expect([...(seen ?? [])].filter((id) => counted?.has(id))).toEqual([])
    expect([...(seen ?? []), ...(counted ?? [])].toSorted()).toEqual(Object.keys(fifthResults).toSorted())
    expect(new Set(Object.keys(fifthResults).map((id) => resultOf(id).kind)).size).toBe(4)
    expect(Object.keys(fifthResults).length).toBeGreaterThanOrEqual(24)
  })
})

describe('phrasings', () => {
  it('are of one form each, right once and wrong once', () => {
    expect(new Set(phrasings.map(({ form }) => form)).size).toBe(phrasings.length)
    expect(phrasings.filter(({ right, wrong }) => right === wrong)).toEqual([])
    expect(phrasings.length).toBeGreaterThanOrEqual(60)
  })

  it('are about tables whose rows have a cell for each column', () => {
    const ragged = phrasingTables.filter(({ columns, rows }) => rows.some((row) => row.length !== columns.length))

    expect(ragged).toEqual([])
  })
})
