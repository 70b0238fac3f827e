import { describe, expect, it } from 'vitest'
import { wordsOf } from '../../../../src/filters/identifiers/recognizer.ts'

const words = wordsOf('tax id', 'licen[cs]e', 'coords?', 'nat[oa] il', 'd\\.o\\.b\\.?', 'id')
const found = (text: string): string[] => text.match(words.pattern) ?? []

describe('words that say what a value is', () => {
  it.each([
    ['tax id', 'tax id'],
    ['taxid', 'taxid'],
    ['tax_id', 'tax_id'],
    ['tax-id', 'tax-id'],
    ["tax'id", "tax'id"],
    ['(license)', 'license'],
    ['licence number:', 'licence number'],
    ['coords', 'coords'],
    ['coord_nr', 'coord_nr'],
    ['idnummer', 'idnummer'],
    ['id-num', 'id-num'],
    ['id no', 'id no'],
    ['id id', 'id id'],
    ['id adresse', 'id adresse'],
    ['id address', 'id address'],
    ['1id2', 'id'],
    ['d.o.b. x', 'd.o.b.'],
    ['nato il', 'nato il'],
  ])('are in %j: %j', (text, expected) => {
    expect(found(text)).toEqual([expected])
  })

  it.each(['taxids', 'mytax', 'tax  id', 'aid', 'idx', 'lisence', 'idnumbers'])('are not in %j', (text) => {
    expect(found(text).filter((match) => match !== 'id')).toEqual([])
  })

  it('are found wherever they stand, each one', () => {
    expect(found('id, tax id and licence')).toEqual(['id', 'tax id', 'licence'])
  })

  it('are told by the letters that they surely begin with, up to eight', () => {
    expect(words.heads).toEqual(['tax', 'licen', 'coord', 'nat', 'd', 'id'])
    expect(wordsOf('nee? (?:le|a)', 'abc?', 'ab', 'a', 'abcdefghij').heads).toEqual(['ne', 'ab', 'a', 'abcdefgh'])
  })
})
