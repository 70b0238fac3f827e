import { describe, expect, it } from 'vitest'
import { readQuerySets } from '../../../../src/databases/differencing/query-sets.ts'

const read = (rows: (readonly (string | null)[])[], byRow = false) =>
  readQuerySets({ fields: [], rows }, { minimum: 2, byRow })

describe('the rows behind the groups of a statement', () => {
  it('are read from the last two columns, one group a row', () => {
    const group = [
      { row: 11, entity: 1 },
      { row: 12, entity: 2 },
    ]
    expect(read([['Delft', '{1,2}', '{11,12}']])).toEqual({ all: [group], valued: [group] })
  })

  it('L8: are all rows, and those that have a value', () => {
    const { all, valued } = read([['{1,2,3,4}', '{11,-13,13,-15}']])
    expect(all[0]?.map(({ row }) => row)).toEqual([11, 12, 13, 14])
    expect(valued[0]?.map(({ row }) => row)).toEqual([11, 13])
  })

  it('L8: leave out of those with a value what is of too few, and count the group all the same', () => {
    const { all, valued } = read([['{1,2,3}', '{11,-12,-13}']])
    expect([all.length, valued.length]).toEqual([1, 0])
  })

  it('leave out groups of too few entities, of which the statement shows nothing', () => {
    expect(
      read([
        ['{1}', '{11}'],
        [null, null],
        ['{NULL,1}', '{9,11}'],
      ]),
    ).toEqual({ all: [], valued: [] })
  })

  it('count once where a join repeats all of them equally often', () => {
    expect(read([['{1,2,1,2}', '{11,12,11,12}']]).all[0]).toHaveLength(2)
  })

  it('are numbered from 0, and from -1 downwards where they have no value', () => {
    const { all, valued } = read([['{1,2,3}', '{0,-1,5}']])
    expect(all[0]?.map(({ row }) => row)).toEqual([0, 0, 5])
    expect(valued[0]?.map(({ row }) => row)).toEqual([0, 5])
  })

  it.each([
    ['one column only', ['{1,2}']],
    ['more entities than rows', ['{1,2,3}', '{11,12}']],
    ['more rows than entities', ['{1,2}', '{11,12,13}']],
    ['no columns', []],
  ])('are taken from no result with %s', (_what, row) => {
    expect(() => read([row])).toThrow(expect.objectContaining({ code: 'internal' }))
  })

  const weighted = (message: string) =>
    expect.objectContaining({
      code: 'refused',
      message: expect.stringMatching(`${message}.*sql/aggregate-weighted`) as string,
    })

  it('are refused where one would weigh more than the others', () => {
    expect(() => read([['{1,2,1}', '{11,-12,11}']])).toThrow(weighted('not all of them equally often'))
  })

  it('are refused where an entity has several and nothing tells them apart', () => {
    expect(() => read([['{1,1,2}', '{11,12,13}']])).toThrow(weighted('nothing tells them apart'))
    expect(read([['{1,1,2}', '{11,12,13}']], true).all).toHaveLength(1)
  })
})
