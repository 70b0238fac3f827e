import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isInert } from '../../../src/filters/inert.ts'
import { windowsOf } from '../../../src/filters/windows/windows.ts'
import { chain, never } from '../../support/filter-fixtures.ts'
import { defaultProfile } from '../../../src/filters/profile.ts'

const context = { direction: 'outbound', group: 'default', executedSql: [] } as const

/** Harmless pieces of which inert texts are made, and what filters look for, whole and in parts. */
const pieces = [
  'revenue', 'Germany', 'phone', 'card', 'ssn', 'password', 'token', 'sk-', 'SG.', 'eyJ', 'dot', 'd*ot', 'at', ' ', ' ', ' ', '*', '**',
  '.', ', ', '\n', '\n\n', ' \n', '-', '%', '%4', '%40', '12', '3', '030', '555', '0143', '4111', '1111', '41', '11*', 'DE89', 'DE8', '3704',
  'ab', 'ef', 'ad be ', '6a 6', '40', 'QGV4', 'YW1w', 'bGUu', 'anna', 'example.com', '@', ':', '=', '(at)', '[dot]', '(', ')', '&#64;',
  '\\x40', '<b>', '](', '://', 'é', '\u200b', '１２', '_', '~', '`', '/', '+49', 'AKIA', 'ghp',
] // prettier-ignore
/** Values that are made of harmless characters alone. */
const values = [
  ' anna at example dot com ', 'anna at exam*ple d*ot com', 'am9AYWIuZGU', 'YW5uYUBleGFtcGxlLmNvbQ', '61 6e 6e 61 40 62 2e 63 6f 6d ',
  '616e6e6140622e636f6d', 'sk-abcdefghijklmnopqrst', 'glpat-abcdefghijklmnopqrst', 'DE89 3704 0044 0532 0130 00', '555-014-3999',
] // prettier-ignore
const plain = pieces.filter((piece) => /^[\w .,\n*%-]*$/.test(piece))

const text = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 24 }).map((all) => all.join('')),
  fc.array(fc.constantFrom(...plain), { maxLength: 24 }).map((all) => all.join('')),
  fc.array(fc.constantFrom(' ', '*', 'revenue ', '\n', ...values), { maxLength: 4 }).map((all) => all.join('')),
)

async function decisionsOn(whole: string, form?: 'markdown' | 'html') {
  const shared = { provenance: 'row' as const, label: 'phone', ...(form === undefined ? {} : { form }) }
  const parts = [...windowsOf(whole)].map(({ text: part, from, to }) =>
    Object.assign({ text: part, focus: { start: from, end: to } }, shared),
  )
  return chain.decide(parts, { profile: defaultProfile, context }, never)
}

describe('a text that is inert', () => {
  it('S2: holds nothing that any detector finds, in any form', async () => {
    let inert = 0
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom(undefined, 'markdown' as const, 'html' as const), async (whole, form) => {
        if (!isInert(whole)) return
        inert += 1
        expect(await decisionsOn(whole, form)).toEqual([])
      }),
      { numRuns: 20_000, seed: 20_261 },
    )
    expect(inert).toBeGreaterThan(2_000)
  })

  it('S2: is what prose with emphasis and a few numbers is', () => {
    expect(isInert('Revenue grew by **12.5 %** in Germany, 3012 in all.\n\nIt fell in France.')).toBe(true)
  })

  it.each(['a@b.co', '4*1*1*1 111', 'anna d*ot berg', 'QGV4YW1w', '%4*0', 'a b c d e f 1', 'DE89', 'sixteencharacters', '(at)', 'x: y', 'é'])(
    'S2: is not one with %j',
    (whole) => expect(isInert(whole)).toBe(false),
  ) // prettier-ignore
})
