import { describe, expect, it } from 'vitest'
import { readPlaces, withoutJoinColumns } from '../../../../src/databases/shadow/tree-places.ts'

describe('the places in a tree', () => {
  it('are those of a node itself, not of its arguments', () => {
    const tree =
      '{FUNCEXPR :funcid 1 :args ({CONST :consttype 25 :location 9} {AGGREF :aggfnoid 2 :args <> :location 12}) :location 7}'
    expect(readPlaces(tree).calls).toEqual(
      new Map([
        [12, 2],
        [7, 1],
      ]),
    )
    expect(readPlaces(tree).constants).toEqual(new Map([[9, 25]]))
  })

  it('are not taken from a name that looks like a node, nor where there is none', () => {
    const name = String.raw`"\{FUNCEXPR\ :funcid\ 5\ :location\ 3\}"`
    expect(readPlaces(`{TARGETENTRY :resname ${name} :expr {FUNCEXPR :funcid 1 :location -1}}`).calls.size).toBe(0)
  })
})

describe('W3: the columns that a JOIN lists of its sides', () => {
  it('are left out, whatever brackets are in them', () => {
    const tree = String.raw`{RTE :joinaliasvars
({VAR :vartype 77 :list (i 1 2) :name a\)b} {VAR :vartype 78}) :joinleftcols (i 1)} {VAR :vartype 25}`
    expect(withoutJoinColumns(tree)).toBe('{RTE  :joinleftcols (i 1)} {VAR :vartype 25}')
  })
})
