import { describe, expect, it } from 'vitest'
import { covers, hostedTools, neededFor } from '../../../../src/gateway/apis/hosted-tools.ts'
import { elementsOf } from '../../../../src/gateway/apis/members.ts'

const clientRun = /^(?:function|custom|namespace)$/
const hosted = (tools: unknown) => hostedTools(elementsOf(tools, 'tools'), clientRun)

describe('the tools of a request', () => {
  it('that the client runs are not hosted; every other is, with the member that names it', () => {
    const tools = [{ type: 'function' }, { type: 'web_search' }, { type: 'custom' }, { type: 'mcp' }]
    expect(hosted(tools)).toEqual([
      { name: 'web_search', parameter: 'tools[1].type' },
      { name: 'mcp', parameter: 'tools[3].type' },
    ])
  })

  it.each([
    [{ name: 'f' }, []],
    [{ type: null, name: 'f' }, []],
    [{ function: { name: 'f' } }, []],
    [{ type: null }, ['unknown']],
    [{ googleSearch: {} }, ['unknown']],
    [{ type: null, url_context: {} }, ['unknown']],
    [{ type: '' }, ['']],
    [{ type: 7 }, ['unknown']],
    [{ type: ['function'] }, ['unknown']],
    [{ type: { function: true } }, ['unknown']],
    [{ type: 'Function' }, ['Function']],
    [{ type: 'functions' }, ['functions']],
    [{ type: 'my_custom' }, ['my_custom']],
  ])(
    "without a type are the client's own where they have a name, and of a type that is not known hosted: %j",
    (tool, expected) => {
      expect(hosted([tool]).map(({ name }) => name)).toEqual(expected)
    },
  )

  it('are also those that a namespace holds, at any depth', () => {
    const tools = [
      { type: 'namespace', tools: [{ type: 'function' }, { type: 'namespace', tools: [{ type: 'shell' }] }] },
      { type: 'namespace', tools: 'shell' },
    ]
    expect(hosted(tools)).toEqual([{ name: 'shell', parameter: 'tools[0].tools[1].tools[0].type' }])
  })

  it('are none where there is none', () => {
    expect(hosted([])).toEqual([])
  })
})

describe('a member that needs a right', () => {
  it.each([
    [['claude-opus-4-5']],
    [[{ model: 'claude-opus-4-5' }]],
    ['default'],
    [{}],
    [[]],
    [''],
    [0],
    [true],
    [false],
  ])('needs it wherever it says anything: %j', (value) => {
    const needed = [{ name: 'fallbacks', parameter: 'models' }]
    expect(neededFor({ models: value }, 'models', 'fallbacks')).toEqual(needed)
  })

  it('needs none where it is not there', () => {
    for (const body of [{}, { models: null }, { fallbacks: 'default' }])
      expect(neededFor(body, 'models', 'fallbacks')).toEqual([])
  })
})

describe('a right to a tool', () => {
  it.each([
    ['web_search', 'web_search', true],
    ['web_search', 'web_search_preview', true],
    ['web_search', 'web_search_preview_2025_03_11', true],
    ['web_search', 'web_search_20250305', true],
    ['web_search', 'web_searches', false],
    ['web_search', 'my_web_search', false],
    ['web_search', 'web', false],
    ['web_search', '', false],
    ['web', 'web_fetch', true],
    ['web_search_preview', 'web_search', false],
  ])('of %s covers %s: %s', (right, tool, expected) => {
    expect(covers(right, tool)).toBe(expected)
  })
})
