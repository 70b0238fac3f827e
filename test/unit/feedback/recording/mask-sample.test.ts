import { describe, expect, it } from 'vitest'
import { createMaskSample } from '../../../../src/feedback/recording/mask-sample.ts'
import { createFilterChain } from '../../../../src/filters/chain.ts'
import type { Filter } from '../../../../src/filters/filter.ts'
import { createPiiFilter } from '../../../../src/filters/pii/pii-filter.ts'
import { createSecretsFilter } from '../../../../src/filters/secrets/secrets-filter.ts'
import { verifies } from '../../../support/verifies.ts'

const never = new AbortController().signal
const whole = (text: string) => ({ text, from: 0, to: text.length })

function maskWith(filters: readonly Filter[]) {
  let failures = 0
  const chain = createFilterChain({ filters, deadlineMilliseconds: 60_000, onFailure: () => void (failures += 1) })
  const missed = () => {
    const before = failures
    failures = 0
    return before > 0
  }
  return createMaskSample({ chainFor: () => chain, missed })
}

const mask = maskWith([createPiiFilter(), createSecretsFilter()])

describe('what is kept of the texts of a decision', () => {
  it('has no value of a person, whatever a profile would let pass, and the words around them', async () => {
    const kept = await mask([whole('write to anna@example.com'), whole('or call, you fool')], 'staff', never)
    expect(kept).toBe('write to [email]\nor call, you fool')
  })

  it('has no part of a value that the end of the stretch cuts', async () => {
    const text = 'pay with 4111 1111 1111 1111 today'
    for (let cut = 10; cut < 28; cut += 1) {
      const before = await mask([{ text, from: 0, to: cut }], 'staff', never)
      const behind = await mask([{ text, from: cut, to: text.length }], 'staff', never)
      expect([before, behind]).toEqual(['pay with [card]', '[card] today'])
    }
  })

  it('is nothing where a detector that may fail did not look', async () => {
    verifies('tuning.masked')
    const away: Filter = {
      name: 'names',
      cost: 'cheap',
      onFailure: 'open',
      inspect: () => Promise.reject(new Error('away')),
    }
    const failing = maskWith([createPiiFilter(), away])
    await expect(failing([whole('Anna Kowalska')], 'staff', never)).rejects.toThrow('did not look')
  })

  it('is nothing where a detector that has to answer fails', async () => {
    const away: Filter = {
      name: 'names',
      cost: 'cheap',
      onFailure: 'closed',
      inspect: () => Promise.reject(new Error('away')),
    }
    await expect(maskWith([away])([whole('Anna')], 'staff', never)).rejects.toThrow('withheld')
  })
})
