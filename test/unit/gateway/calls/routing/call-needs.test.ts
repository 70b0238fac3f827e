import { describe, expect, it } from 'vitest'
import { needsOf } from '../../../../../src/gateway/calls/routing/call-needs.ts'
import { verifies } from '../../../../support/verifies.ts'

const said = (...content: object[]) => ({ messages: [{ role: 'user', content }] })
const tool = { type: 'function', function: { name: 'f', parameters: { properties: { type: { type: 'image' } } } } }

describe('what a request asks of its model', () => {
  it.each([
    [
      'nothing',
      { messages: [{ role: 'user', content: 'Draw an image_url' }], tools: [], response_format: { type: 'text' } },
      [],
    ],
    ['tools', { tools: [tool] }, ['tools']],
    ['functions of old', { functions: [{ name: 'f' }] }, ['tools']],
    ['a picture of Chat Completions', said({ type: 'image_url', image_url: { url: 'data:' } }), ['pictures']],
    ['a picture of Responses', { input: [{ role: 'user', content: [{ type: 'input_image' }] }] }, ['pictures']],
    [
      'a picture in the result of a tool, of Messages',
      said({ type: 'tool_result', content: [{ type: 'image', source: {} }] }),
      ['pictures'],
    ],
    [
      'a picture in what a tool was called with, which is data',
      said({ type: 'function_call', arguments: { type: 'image' } }),
      [],
    ],
    ['a sound', said({ type: 'input_audio' }), ['sound']],
    ['to speak', { modalities: ['text', 'audio'] }, ['sound']],
    ['a file', said({ type: 'input_file' }, { type: 'document' }), ['files']],
    ['a form of Chat Completions', { response_format: { type: 'json_schema' } }, ['json']],
    ['a form of Responses', { text: { format: { type: 'json_object' } } }, ['json']],
    ['a form of Messages', { output_config: { format: { type: 'json_schema' } } }, ['json']],
    ['effort', { reasoning_effort: 'high' }, ['reasoning']],
    ['effort of Responses', { reasoning: { effort: 'low' } }, ['reasoning']],
    ['no effort', { reasoning_effort: 'none', reasoning: { summary: 'auto' }, thinking: { type: 'disabled' } }, []],
    ['to think', { thinking: { type: 'adaptive' } }, ['reasoning']],
  ])('is %s', (_claim, body, needs) => {
    verifies('routing.abilities')
    expect([...needsOf(body)]).toEqual(needs)
  })
})
