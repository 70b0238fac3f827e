import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import type { SealedSample } from '../../../src/core/recorded-decisions.ts'
import { KeyRing } from '../../../src/sealed/key-ring.ts'
import { SampleVault } from '../../../src/sealed/sample-vault.ts'

/** Samples by their ids, as rows of a storage. */
function vaultWith(ring: KeyRing) {
  const rows = new Map<string, SealedSample>()
  const stored = {
    sample: async (id: string) => rows.get(id) ?? null,
    wrappedOtherwise: async (prefix: string, after: string) =>
      [...rows.values()].filter(({ id, wrappedKey }) => id > after && !wrappedKey.startsWith(prefix)),
    rewrap: async ({ id }: SealedSample, wrappedKey: string) => {
      const row = rows.get(id)
      if (row !== undefined) rows.set(id, { ...row, wrappedKey })
    },
  }
  const vault = (keys: KeyRing) => new SampleVault(stored as never, async () => keys)
  const keep = async (id: string, text: string) => void rows.set(id, { id, ...(await vault(ring).seal(id, text)) })
  return { rows, vault, keep }
}

it('opens a text beside its decision, and shows the storage nothing of it', async () => {
  const ring = new KeyRing(randomBytes(32), [])
  const { rows, vault, keep } = vaultWith(ring)
  await keep('dec-1', 'masked words')
  expect(await vault(ring).open('dec-1')).toBe('masked words')
  expect(await vault(ring).open('dec-2')).toBeNull()
  expect(JSON.stringify([...rows])).not.toContain('masked')
})

it('rejects a text that was put beside another decision, or changed', async () => {
  const ring = new KeyRing(randomBytes(32), [])
  const { rows, vault, keep } = vaultWith(ring)
  await keep('dec-1', 'one')
  await keep('dec-2', 'two')
  const [one, two] = [rows.get('dec-1'), rows.get('dec-2')]
  if (one === undefined || two === undefined) throw new Error('nothing was kept')
  rows.set('dec-1', { ...one, sealed: two.sealed })
  await expect(vault(ring).open('dec-1')).rejects.toMatchObject({ code: 'internal' })
  rows.set('dec-1', { ...two, id: 'dec-1' })
  await expect(vault(ring).open('dec-1')).rejects.toThrow('unable to authenticate')
})

it('goes on under another key of the service', async () => {
  const former = randomBytes(32)
  const { rows, vault, keep } = vaultWith(new KeyRing(former, []))
  await keep('dec-1', 'kept')
  const both = new KeyRing(randomBytes(32), [former])
  expect(await vault(both).open('dec-1')).toBe('kept')
  expect(await vault(both).rewrap(new AbortController().signal)).toEqual({ rewrapped: 1, lost: 0 })
  expect(both.isCurrent(rows.get('dec-1')?.wrappedKey ?? '')).toBe(true)
  expect(await vault(both).open('dec-1')).toBe('kept')
})
