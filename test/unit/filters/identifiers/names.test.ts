import { describe, expect, it } from 'vitest'
import { createIdentifiersFilter } from '../../../../src/filters/identifiers/identifiers-filter.ts'
import { never } from '../../../support/filters/filter-fixtures.ts'
import { namedIdentifiers } from '../../../support/filters/named-identifiers.ts'

const filter = createIdentifiersFilter()
const context = { direction: 'inbound', group: 'default', executedSql: [] } as const

/** What counts in a text, by what it is and how sure that is. */
async function seen(text: string) {
  const findings = await filter.inspect([{ text, provenance: 'user' }], context, never)
  return findings.flatMap(({ category, start, end, score }) =>
    score < 0.5 ? [] : [{ category, value: text.slice(start, end), score }],
  )
}

describe('a number of a person or a thing', () => {
  it.each(namedIdentifiers)('$category $value: is one by itself at $alone', async ({ category, value, alone }) => {
    expect(await seen(value)).toEqual(alone === 0 ? [] : [{ category, value, score: alone }])
  })

  const named = namedIdentifiers.flatMap(({ names, ...kind }) => names.map((name) => ({ ...kind, name })))

  it.each(named)('$category $value: is one behind "$name"', async ({ category, value, named: score, name }) => {
    expect(await seen(`the ${name} ${value}`)).toEqual([{ category, value, score }])
  })

  it.each(named)('$category $value: is none behind words like "$name"', async ({ category, value, alone, name }) => {
    const like = name.replaceAll(/[a-z]+/g, '$&q')
    expect(await seen(`the ${like} ${value}`)).toEqual(alone === 0 ? [] : [{ category, value, score: alone }])
  })
})
