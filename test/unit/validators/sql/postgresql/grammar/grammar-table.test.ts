import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { deniedNodes } from '../../../../../../src/validators/sql/postgresql/grammar/denied-nodes.ts'
import { allowedNodes } from '../../../../../../src/validators/sql/postgresql/grammar/node-fields.ts'
import { isLocationField } from '../../../../../../src/validators/sql/syntax-tree.ts'
import { verifies } from '../../../../../support/verifies.ts'

const path = createRequire(import.meta.url)
  .resolve('@pgsql/types')
  .replace(/[^/]*$/, 'types.d.ts')
const grammar = readFileSync(path, 'utf8')
const union = grammar.slice(grammar.indexOf('export type Node'), grammar.indexOf('export interface ParseResult'))
const nodeTypes = [...union.matchAll(/^ {4}(\w+): /gm)].map((match) => match[1] ?? '')

function fieldsOf(type: string): string[] {
  const body = new RegExp(`export interface ${type} \\{([^}]*)\\}`).exec(grammar)?.[1] ?? ''
  return [...body.matchAll(/(\w+)\??:/g)].map((match) => match[1] ?? '')
}

describe('the table of grammar nodes', () => {
  it('is compared with the whole grammar', () => {
    expect(nodeTypes.length).toBeGreaterThan(250)
  })

  it('has exactly one entry for every node type of the installed grammar', () => {
    verifies('gate.every-node-listed')
    const entries = (type: string) =>
      Number(Object.hasOwn(allowedNodes, type)) + Number(Object.hasOwn(deniedNodes, type))
    expect(nodeTypes.filter((type) => entries(type) !== 1)).toEqual([])
  })

  it('names no node type that the grammar does not have', () => {
    expect(
      [...Object.keys(allowedNodes), ...Object.keys(deniedNodes)].filter((type) => !nodeTypes.includes(type)),
    ).toEqual([])
  })

  it('names only fields the grammar has', () => {
    const unknown = Object.entries(allowedNodes).flatMap(([type, fields]) => {
      const known = fieldsOf(type)
      return Object.keys(fields).filter((field) => !known.includes(field) || isLocationField(field))
    })
    expect(unknown).toEqual([])
  })
})
