import { expect, it } from 'vitest'
import { choicesByTool } from '../../../../../src/gateway/privacy/restore/choices-by-tool.ts'

const body = {
  tools: [
    { type: 'function', function: { name: 'send', parameters: {} } },
    { name: 'call', function: 'x' },
    { function: { name: 5 }, name: 'other' },
    'text',
    ...Array.from({ length: 7 }, () => ({ name: 'many' })),
  ],
  functions: [{ name: 'send' }, { name: 'old' }],
  messages: [{ name: 'no tool' }],
}
const choice = (path: string, text: string) => ({ path, text, masked: text.toUpperCase() })

it('what schemas list is given back to the tool of the schema, by its name, and to no other', () => {
  const choices = choicesByTool(body, [
    choice('tools[0].function.parameters.properties.to.enum[0]', 'a'),
    choice('tools[0].function.parameters.properties.to.enum[1]', 'b'),
    choice('tools[1].input_schema.const', 'c'),
    choice('tools[2].function.parameters.const', 'd'),
    choice('tools[3].x', 'e'),
    choice('tools[10].x', 'f'),
    choice('tools[99].x', 'g'),
    choice('functions[0].parameters.const', 'h'),
    choice('functions[1].parameters.const', 'i'),
    choice('messages[0].name', 'j'),
    choice('x.tools[0].y', 'k'),
  ])
  const of = (tool: string) => Object.fromEntries(choices(tool))
  expect(of('send')).toEqual({ A: 'a', B: 'b', H: 'h' })
  expect(of('call')).toEqual({ C: 'c' })
  expect(of('many')).toEqual({ F: 'f' })
  expect(of('old')).toEqual({ I: 'i' })
  for (const tool of ['other', 'no tool', '', 'constructor']) expect(of(tool)).toEqual({})
  expect(choicesByTool({}, [choice('tools[0].x', 'a')])('send').size).toBe(0)
})
