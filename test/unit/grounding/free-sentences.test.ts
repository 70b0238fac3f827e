import { describe, expect, it } from 'vitest'
import { corpus } from '../../support/corpora/corpora.ts'
import { factTable } from '../../support/grounding/fact-table.ts'
import { freeSentences } from '../../support/grounding/free-sentences/all.ts'
import { secondFreeSentences } from '../../support/grounding/free-sentences/second-set.ts'
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

  it('are each there once', () => {
    const all = [...freeSentences, ...secondFreeSentences]

    expect(new Set(all.map(({ table, sentence }) => `${table} ${sentence}`)).size).toBe(all.length)
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
