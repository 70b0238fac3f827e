import { describe, expect, it } from 'vitest'
import { apis } from '../../../../../src/gateway/apis/apis.ts'
import {
  isSealedId,
  keepingSealed,
  sealedIdsIn,
  sealedIdsOf,
} from '../../../../../src/gateway/calls/routing/sealed-items.ts'
import { verifies } from '../../../../support/verifies.ts'

const idOf = (sealed: string) => sealedIdsOf({ signature: sealed })[0] ?? ''
const thinking = { type: 'thinking', thinking: 'Well', signature: 'S1' }

describe('the sealed items of a request', () => {
  it.each([
    ['reasoning of Responses', { input: [{ type: 'reasoning', encrypted_content: 'E1' }] }, ['E1']],
    [
      'thinking of Messages',
      { messages: [{ content: [thinking, { type: 'redacted_thinking', data: 'D1' }] }] },
      ['S1', 'D1'],
    ],
    [
      'a thought of a tool call',
      { messages: [{ tool_calls: [{ extra_content: { google: { thought_signature: 'T1' } } }] }] },
      ['T1'],
    ],
    [
      'details of a router',
      { messages: [{ reasoning_details: [{ type: 'reasoning.encrypted', data: 'R1' }] }] },
      ['R1'],
    ],
    [
      'none in data of the caller',
      { tools: [{ signature: 'x' }], metadata: { signature: 'y' }, data: 'z', signature: '' },
      [],
    ],
  ])('are digests: %s', (_claim, body, sealed) => {
    verifies('routing.sealed')
    const ids = sealedIdsIn(Buffer.from(JSON.stringify(body)))
    expect(ids).toEqual(sealed.map(idOf))
    expect(ids.every(isSealedId)).toBe(true)
  })

  it('are none of a body that is not there or cannot be read', () => {
    expect([sealedIdsIn(null), sealedIdsIn(Buffer.from('"signature"'))]).toEqual([[], []])
    expect(isSealedId('resp_1')).toBe(false)
  })
})

describe('an answer whose sealed items are kept', () => {
  it('is looked at where it has some, beside all that its API keeps', () => {
    const read = keepingSealed(apis.responses)
    const done = { type: 'response.output_item.done', item: { id: 'rs_1', type: 'reasoning', encrypted_content: 'E1' } }
    expect([read.mayKeep(JSON.stringify(done), false), read.mayKeep('{"type":"response.in_progress"}', false)]).toEqual(
      [true, false],
    )
    expect(read.keptIdsOf(done, true)).toEqual(['rs_1', idOf('E1')])
    expect(read.keptIdsOf({ store: false, output: [done.item] })).toEqual([idOf('E1')])
  })

  it('has a signature that comes in pieces as its caller will send it, each block by itself', () => {
    verifies('routing.sealed')
    const read = keepingSealed(apis.messages)
    const told = (index: number, signature: string) =>
      read.keptIdsOf({ type: 'content_block_delta', index, delta: { type: 'signature_delta', signature } })
    expect(told(0, 'S')).toEqual([idOf('S')])
    expect(told(1, 'other')).toEqual([idOf('other')])
    expect(told(0, '1')).toContain(idOf('S1'))
  })
})
