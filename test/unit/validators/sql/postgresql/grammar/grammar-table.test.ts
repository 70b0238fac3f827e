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

/** The fields of a node type and what each holds, in the words of the table. */
function fieldsOf(type: string): ReadonlyMap<string, string> {
  const body = new RegExp(`export interface ${type} \\{([^}]*)\\}`).exec(grammar)?.[1] ?? ''
  return new Map([...body.matchAll(/(\w+)\??: (\w+)/g)].map(([, field = '', held = '']) => [field, kindOf(held)]))
}

function kindOf(held: string): string {
  if (held === 'Node') return 'node'
  return nodeTypes.includes(held) ? held : 'value'
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
      return Object.keys(fields).filter((field) => !known.has(field) || isLocationField(field))
    })
    expect(unknown).toEqual([])
  })

  it('says of every field what the grammar says that it holds', () => {
    const wrong = Object.entries(allowedNodes).flatMap(([type, fields]) => {
      const held = fieldsOf(type)
      return Object.entries(fields)
        .filter(([field, kind]) => held.get(field) !== kind)
        .map(([field, kind]) => `${type}.${field}: ${kind}, not ${held.get(field)}`)
    })
    expect(wrong).toEqual([])
  })
})
