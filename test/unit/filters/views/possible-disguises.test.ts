import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { brokenWords } from '../../../../src/filters/views/broken-words.ts'
import { disguisesIn } from '../../../../src/filters/views/possible-disguises.ts'
import { collapsedLetters } from '../../../../src/filters/views/repeated-letters.ts'
import { signsAsLetters } from '../../../../src/filters/views/signs-as-letters.ts'
import { spacedLetters } from '../../../../src/filters/views/spaced-letters.ts'
import { propertyRuns } from '../../../support/property-runs.ts'

const none = { apart: false, signs: false, broken: false, drawnOut: false }

describe('the disguises that a text could hold', () => {
  it.each([
    ['The whole sentence is as anybody writes it. Is that so? Yes!', {}],
    ['A model of 1999, number 42, for 15 $', {}],
    ['k i l l', { apart: true }],
    ['k.i.l', { apart: true, broken: true }],
    ['k     i     l', {}],
    ['h4te', { signs: true }],
    ['sh!t', { signs: true }],
    ['No!! It costs 3+4', {}],
    ['ki-ll', { broken: true }],
    ['kil-\nled', { broken: true }],
    ['the end -', {}],
    ['kiiill', { drawnOut: true }],
    ['KiIi', { drawnOut: true }],
    ['1111 ...', {}],
    ['к и л', { apart: true }],
    ['', {}],
  ])('of %j are %j', (text, expected) => {
    expect(disguisesIn(text)).toEqual({ ...none, ...expected })
  })

  it('are all those that somebody would undo', () => {
    const characters = Array.from('aabklKIil1143!|+@$-._*~/^ \t\n\r·•éжи中0')
    const piece = fc.constantFrom(...characters, 'the ', 'word', 'kill', '  ', '      ', '😀')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 24 }), (pieces) => {
        const text = pieces.join('')
        const { apart, signs, broken, drawnOut } = disguisesIn(text)
        const missed = [
          !apart && spacedLetters(text) !== null,
          !signs && signsAsLetters(text).length > 0,
          !broken && brokenWords(text) !== null,
          !drawnOut && collapsedLetters(text).length > 0,
        ]
        expect(missed).toEqual([false, false, false, false])
      }),
      { numRuns: propertyRuns(20_000) },
    )
  })
})
