import { describe, expect, it } from 'vitest'
import { actionsOptions } from '../../../src/provenance/options.ts'
import { parameterPaths } from '../../../src/provenance/parameter-paths.ts'
import { verifies } from '../../support/verifies.ts'

const text = { type: 'string' }
const schema = {
  type: 'object',
  properties: {
    recipients: { type: 'array', items: text },
    attachments: { anyOf: [{ type: 'array', items: { $ref: '#/$defs/attachment' } }, { type: 'null' }] },
    body: text,
  },
  $defs: { attachment: { type: 'object', properties: { file_id: text } } },
}

function problems(parameters: object, result: object = {}): readonly string[] {
  const tools = { send: { effect: 'changes', calledFor: { verbs: ['send'] }, schema, parameters, result } }
  const parsed = actionsOptions.safeParse({ tools })
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('/')}: ${message}`)
}

describe('the declarations of an operator', () => {
  it('name parameters that the tool has', () => {
    const target = { role: 'target' }
    expect(problems({ 'recipients[]': target, 'attachments[].file_id': target, body: { role: 'content' } })).toEqual([])
  })

  it.each([
    ['recipients', { recipients: { role: 'target' } }],
    ['recipient[]', { 'recipient[]': { role: 'target' } }],
    ['attachments[].id', { 'attachments[].id': { role: 'target' } }],
  ])('may not name %s, which it does not have: the error says what there is', (name, parameters) => {
    verifies('actions.declarations')
    expect(problems(parameters)).toEqual([
      `tools/send/parameters/${name}: the tool has no parameter "${name}"; its schema has: recipients[], attachments[].file_id, body`,
    ])
  })

  it('may not read at a place that it does not have', () => {
    expect(problems({}, { locator: 'url' })).toHaveLength(1)
  })

  it.each([
    ['a role that there is not', { tools: { a: { effect: 'reads', parameters: { x: { role: 'sink' } } } } }],
    ['an effect that there is not', { tools: { a: { effect: 'maybe' } } }],
    ['a member that is not known', { tools: { a: { effect: 'reads', sink: true } } }],
    ['a word for system messages that there is not', { system_messages: 'all' }],
  ])('may not have %s', (_what, options) => {
    expect(actionsOptions.safeParse(options).success).toBe(false)
  })
})

describe('the parameters of a schema', () => {
  it('may be anything where the schema leaves them open', () => {
    const open = parameterPaths({
      type: 'object',
      properties: { extra: { type: 'object' }, list: { type: 'array' }, name: text },
    })
    expect([...open.known]).toEqual(['extra', 'list', 'name'])
    expect(['extra.a.b', 'list[].x', 'name', 'name.x', 'other'].map((path) => open.mayHold(path))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ])
    expect(parameterPaths({}).mayHold('anything')).toBe(true)
  })

  it('end, however a schema points at itself', () => {
    const circular = { type: 'object', properties: { next: { $ref: '#' }, all: { allOf: [{ $ref: '#' }] } } }
    expect(parameterPaths(circular).mayHold('next.next.next')).toBe(true)
    expect(parameterPaths({ $ref: '#' }).mayHold('a')).toBe(true)
    expect(parameterPaths({ $ref: 'https://example.com/schema.json' }).mayHold('a')).toBe(true)
  })
})
