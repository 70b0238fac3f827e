import { describe, expect, it } from 'vitest'
import { createRandom } from '../../support/random.ts'
import { evaluationSet } from '../../support/grounding/evaluation-sets.ts'
import { generateAnswers } from '../../support/grounding/generate/answers.ts'
import { mutantKinds } from '../../support/grounding/generate/claim.ts'
import { madeTables } from '../../support/grounding/generate/made-tables.ts'
import { sourceTable } from '../../support/grounding/generate/source-table.ts'
import { differ, formFor, otherValue, write } from '../../support/grounding/generate/written.ts'
import { score, sumOfTallies, type Check } from '../../support/grounding/score.ts'

const set = () => generateAnswers(madeTables(30, createRandom(1)), { count: 60, mutants: 5, random: createRandom(2) })

describe('generated answers', () => {
  it('are the same for the same seed', () => {
    expect(set()).toEqual(set())
  })

  it('have mutants of every kind, each of which differs from its answer in one sentence', () => {
    const { mutants } = set()

    expect(new Set(mutants.map(({ kind }) => kind))).toEqual(new Set(mutantKinds))
    for (const { answer, text, start, end } of mutants) {
      const place = answer.claims.find((claim) => claim.start === start)
      expect(text.slice(0, start)).toBe(answer.text.slice(0, start))
      expect(text.slice(end)).toBe(answer.text.slice(place?.end))
      expect(text).not.toBe(answer.text)
    }
  })

  it('come to five hundred and their mutants to two thousand', { timeout: 60_000 }, () => {
    const { answers, mutants } = evaluationSet('looked at', 350)

    expect(answers.length).toBe(350)
    expect(mutants.length).toBeGreaterThan(1400)
  })
})

describe('other values of a mutant', () => {
  const column = { place: 0, name: 'n', spoken: 'n', decimals: 1, additive: true, unit: null } as const

  it.each([7, 42, 0.3, 1234.5, 98_765, 4_500_000, -12.5])('of %d are written otherwise', (value) => {
    const random = createRandom(5)
    const form = formFor(value, column, { random })
    const written = write(value, form)
    const others = Array.from({ length: 50 }, () => otherValue(written, form, random))

    for (const other of others) {
      expect(other?.text).not.toBe(written.text)
      expect(other === null || differ(other.value, value, written.step)).toBe(true)
    }
  })
})

describe('columns of a table', () => {
  it('are numbers where each cell is one or nothing, and name rows where each is there once', () => {
    const cells = [
      ['Anna Berg', 'red', '1,200', '2001'],
      ['Bo Dahl', 'blue', 'n / a', '2002'],
      ['Cyd Eken', 'red', '3', '2003'],
      ['Di Falk', 'red', '4.5', '2004'],
      ['Ed Gran', 'blue', '5', '2005'],
      ['Flo Hill', 'blue', '6', '2006'],
    ]
    const table = sourceTable('t', 'made', { title: 't', columns: ['name', 'colour', 'points', 'year'], cells })

    expect(table.keys).toBe(0)
    expect(table.groups).toEqual([1])
    expect(table.numbers.map(({ name, decimals }) => [name, decimals])).toEqual([['points', 1]])
    expect(table.times).toBe(3)
    expect(table.rows[1]).toEqual(['Bo Dahl', 'blue', null, 2002])
  })
})

describe('scores', () => {
  const { answers, mutants } = set()

  it('are nothing for who marks nothing, and for who marks everything all figures are wrong', () => {
    const nothing = score(() => [], answers, mutants)
    const everything: Check = (_, text) =>
      [...text.matchAll(/\d[\d.,]*/g)].map(({ index, 0: found }) => ({
        start: index,
        end: index + found.length,
        marked: true,
        contradicted: false,
        bound: false,
      }))
    const all = score(everything, answers, mutants)

    expect(sumOfTallies(nothing.mutants.values()).hits).toBe(0)
    expect(sumOfTallies(nothing.falseMarks.values()).hits).toBe(0)
    expect(nothing.missed).toHaveLength(mutants.length)
    expect(sumOfTallies(all.falseMarks.values()).hits).toBeGreaterThan(
      sumOfTallies(all.falseMarks.values()).total * 0.9,
    )
  })

  it('count a mutant where its sentence has a mark that the true one has not', () => {
    const texts = new Set(answers.map(({ text }) => text))
    const knowing: Check = (_, text) =>
      texts.has(text)
        ? []
        : Array.from({ length: text.length }, (_none, at) => ({
            start: at,
            end: at + 1,
            marked: true,
            contradicted: false,
            bound: false,
          }))

    const { hits, total } = sumOfTallies(score(knowing, answers, mutants).mutants.values())

    expect(hits).toBe(total)
    expect(total).toBe(mutants.length)
  })
})
