import { describe, expect, it } from 'vitest'
import { warmUp } from '../../../src/service/warm-up.ts'
import { createConfigSchema } from '../../../src/config/schema.ts'
import { verifies } from '../../support/verifies.ts'

const running = new AbortController().signal

/** Parts that note what was asked of them; `ready` says after how many looks a sandbox stands ready. */
function partsOf({ ready = 1, broken = false }: { readonly ready?: number; readonly broken?: boolean } = {}) {
  const done: string[] = []
  const faults: string[] = []
  let looks = 0
  const validator = (name: string) => ({
    validate: async () => {
      done.push(name)
      return { kind: 'refused', findings: [] }
    },
  })
  const parts = {
    config: createConfigSchema('/state', '/secrets').parse({ sources: { shop: { database: { kind: 'sample' } } } }),
    sandboxes: {
      available: async () => {},
      figures: async () => ({ ready: (looks += 1) >= ready ? 1 : 0, claimed: 0, waiting: 0 }),
    },
    validators: { python: validator('python'), javascript: validator('javascript') },
    screener: () => ({ text: async (text: string) => (done.push('filters'), text) }),
    sources: {
      names: () => ['shop'],
      gate: async () => {
        if (broken) throw new Error('it is down')
        return { gate: { validate: async () => ({ kind: 'accepted', value: {} }) } }
      },
      database: () => ({ query: async () => void done.push('shop') }),
    },
    onFault: (part: string) => faults.push(part),
  }
  return { parts: parts as unknown as Parameters<typeof warmUp>[0], done, faults, looks: () => looks }
}

describe('S13: the warm-up of a service', () => {
  it('is over when everything a first question needs was used once and a sandbox stands ready', async () => {
    verifies('serve.ready')
    const { parts, done, faults, looks } = partsOf({ ready: 3 })
    await warmUp(parts, running)
    expect(done.toSorted()).toEqual(['filters', 'javascript', 'python', 'shop'])
    expect([looks(), faults]).toEqual([3, []])
  })

  it('says what could not be warmed, and is over all the same', async () => {
    const { parts, done, faults } = partsOf({ broken: true })
    await warmUp(parts, running)
    expect(faults).toEqual(['the source shop'])
    expect(done).toContain('python')
  })

  it('ends with the service, which is no fault', async () => {
    const { parts, faults } = partsOf({ ready: Infinity })
    const stopping = new AbortController()
    const warmed = warmUp(parts, stopping.signal)
    stopping.abort()
    await warmed
    expect(faults).toEqual([])
  })
})
