import { describe, expect, it } from 'vitest'
import { enter, leave, quoteText } from '../../../../../src/validators/sql/mysql/environment.ts'
import type { Translation } from '../../../../../src/validators/sql/mysql/scope.ts'
import { sqlGateOptions } from '../../../../../src/validators/sql/options.ts'

const options = sqlGateOptions.parse({ maximum_nodes: 50, maximum_depth: 10, maximum_literal_kb: 1 })

function translation(nodes: number, depth: number): Pick<Translation, 'counts' | 'options' | 'at'> {
  return { options, at: 3, counts: { tables: 0, withs: 0, setOperations: 0, nodes, depth } }
}

describe('a part of a MySQL statement', () => {
  it('is counted, and is as deep as those around it that were not left', () => {
    const given = translation(0, 0) as Translation
    enter(given, {})
    enter(given, {})
    leave(given)
    enter(given, {})
    expect(given.counts).toMatchObject({ nodes: 3, depth: 2 })
  })

  it('is let through up to the budgets, and no further', () => {
    expect(() => enter(translation(49, 9) as Translation, {})).not.toThrow()
    expect(() => enter(translation(50, 5) as Translation, {})).toThrow('The statement has more than 50 parts.')
    expect(() => enter(translation(5, 10) as Translation, {})).toThrow('The statement is nested deeper than 10.')
  })

  it('is where findings are from then on, where the parser says where that is', () => {
    const given = translation(0, 0) as Translation
    enter(given, { loc: { start: { offset: 17 } } })
    expect(given.at).toBe(17)
    enter(given, { loc: null })
    expect(given.at).toBe(17)
  })
})

describe('a text of a MySQL statement', () => {
  const quoted = (text: unknown): string => quoteText(text, translation(0, 0) as Translation)

  it('stands in quotes as it was written, up to its budget', () => {
    expect(quoted("it''s")).toBe("'it''s'")
    expect(quoted('ä'.repeat(512))).toHaveLength(514)
    expect(() => quoted('ä'.repeat(513))).toThrow('A text is longer than 1024 bytes.')
  })

  it.each(["'", "a'b", "'''", 'a\\', 5, null])('is refused where it could end before its end: %j', (text) => {
    expect(() => quoted(text)).toThrow('a form that is not among those allowed (text)')
  })
})
