import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { duration } from '../../../../src/cli/output/duration.ts'
import { createProgress } from '../../../../src/cli/output/progress.ts'
import { createOutput } from '../../../../src/cli/terminal.ts'
import type { AgentEvent } from '../../../../src/core/events.ts'
import { verifies } from '../../../support/verifies.ts'

describe('durations', () => {
  it.each([
    [12.4, '12 ms'],
    [1400, '1.4 s'],
    [125_000, '2 min 5 s'],
  ])('%d reads as %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text)
  })
})

describe('a plan at a terminal of 60 columns', () => {
  const plan: AgentEvent = {
    type: 'plan',
    steps: [
      { text: 'Read the orders of the last two years, those that were cancelled left out', status: 'completed' },
      { text: 'Compare\u001b]52;c;aGk=\u0007 the \u202emonths\r\nPlan', status: 'in_progress' },
      { text: 'Draw [a chart](https://evil.example)', status: 'pending' },
    ],
  }

  const shown = (colour: boolean) => {
    const stream = Object.assign(new PassThrough(), { columns: 60 })
    createProgress(createOutput(stream, { isTerminal: true, colour }), { previewLines: 0 })(plan)
    return String(stream.read())
  }

  it('is a block of lines that fit, without colours plain', () => {
    verifies('terminal.plan')
    expect(shown(false).split('\n')).toEqual([
      'Plan',
      '  ✔ Read the orders of the last two years, those that were',
      '  cancelled left out',
      '  ▸ Compare\ufffd]52;c;aGk=\ufffd the months Plan',
      '  ○ Draw [a chart](https://evil.example)',
      '',
    ])
  })

  it('has with colours no sequence but those of styles', () => {
    verifies('terminal.plan')
    // oxlint-disable-next-line no-control-regex -- sequences are what is looked for
    const rest = shown(true).replaceAll(/\u001b\[\d*m/g, '')
    expect(rest).toBe(shown(false))
  })
})
