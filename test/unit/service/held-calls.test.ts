import { describe, expect, it } from 'vitest'
import type { AgentEvent } from '../../../src/core/events.ts'
import type { StoppedCall } from '../../../src/core/held-call.ts'
import { HeldCalls } from '../../../src/service/held-calls.ts'

const call = (callId: string, text: string | null, tool = 'run_sql'): AgentEvent => ({
  type: 'tool-call',
  callId,
  tool,
  source: text === null ? null : { language: 'sql', text },
})
const stopped: StoppedCall = { outcome: 'asked', mode: 'enforce', rules: ['a'], reason: 'It reads.', reads: [] }
const statement = (written: string) => ({ tool: 'run_sql', written }) as const

describe('calls that were stopped', () => {
  it('are kept by their numbers, whichever of a turn was stopped first, and never by ids of a model', () => {
    const held = new HeldCalls()
    for (const event of [call('ann@example.com', 'A'), call('x', 'B'), call('y', 'B')]) held.see(event)
    const tell = held.stop(statement('B'), stopped)
    held.stop(statement('A'), {
      ...stopped,
      reads: [
        { id: 'r', callId: 'x', tool: 'run_sql', origin: 'row' },
        { id: 's', callId: null, tool: null, origin: 'file' },
      ],
    })
    held.stop(statement('B'), stopped)
    tell('ran')
    expect(held.all).toMatchObject([
      { call: 2, became: 'ran' },
      {
        call: 1,
        became: 'undecided',
        reads: [
          { id: 'r', call: 2 },
          { id: 's', call: null },
        ],
      },
      { call: 3, became: 'undecided' },
    ])
    expect(JSON.stringify(held.all)).not.toMatch(/ann@|"[AB]"|callId/)
  })

  it('have no number where the run told of no such call', () => {
    const held = new HeldCalls()
    held.see(call('x', 'A', 'run_python'))
    held.stop(statement('A'), stopped)
    expect(held.all).toMatchObject([{ call: null, tool: 'run_sql' }])
  })

  it('are found by their tool where nothing runs that a model wrote', () => {
    const held = new HeldCalls()
    held.see(call('x', null, 'describe_data'))
    held.stop({ tool: 'describe_data', written: '{}' }, stopped)
    expect(held.all).toMatchObject([{ call: 1 }])
  })

  it('are a hundred at the most, with the last twenty things that were read before', () => {
    const held = new HeldCalls()
    const reads = Array.from({ length: 21 }, (_, number) => {
      return { id: `r-${number}`, callId: null, tool: null, origin: 'row' as const }
    })
    for (let count = 0; count < 101; count += 1) held.stop(statement('A'), { ...stopped, reads })('refused')
    expect(held.all).toHaveLength(100)
    expect(held.all[0]?.reads.map(({ id }) => id)).toEqual(reads.slice(1).map(({ id }) => id))
  })
})
