import { describe, expect, it } from 'vitest'
import { DataRead } from '../../../src/agent/data-remark.ts'
import { verifies } from '../../support/verifies.ts'

const at = (time: string, masked: readonly string[] = []) => ({ asOf: new Date(`2026-11-29T${time}Z`), masked })

describe('what is said of the data behind an answer', () => {
  it('is nothing where nothing was read', () => {
    expect(new DataRead().remark()).toBeNull()
  })

  it('is the moment it was read at, or the first and the last', () => {
    verifies('agent.as-of')
    const read = new DataRead()
    read.add(at('22:05:07.900'))
    read.add(at('22:05:07.100'))
    expect(read.remark()).toBe('*Data as of 2026-11-29 22:05:07 UTC.*')
    read.add(at('22:04:00'))
    expect(read.remark()).toBe('*Data as of 2026-11-29 22:04:00 UTC to 2026-11-29 22:05:07 UTC.*')
  })

  it('names each column that policy masks once, in one order', () => {
    const read = new DataRead()
    read.add(at('22:05:07', ['staff.salary', 'customers.email']))
    read.add(at('22:05:07', ['customers.email']))
    expect(read.remark()).toBe(
      '*Data as of 2026-11-29 22:05:07 UTC.* Masked by policy, whatever they hold: `customers.email`, `staff.salary`.',
    )
  })

  it('is not hidden by what the words before it leave open', () => {
    const read = new DataRead()
    expect(read.behind('It is 7. <!--')).toBeNull()
    read.add({ asOf: new Date('2026-11-29T22:05:07Z'), masked: [] })
    expect(read.behind('It is 7.')).toBe('\n\n*Data as of 2026-11-29 22:05:07 UTC.*')
    expect(read.behind('It is 7. <!--')).toBe('\n-->\n\n*Data as of 2026-11-29 22:05:07 UTC.*')
  })
})
