import { describe, expect, it } from 'vitest'
import { KeyRing } from '../../../../../src/sealed/key-ring.ts'
import { ReportVault } from '../../../../../src/gateway/privacy/vault/report-vault.ts'
import { missReportsInMemory } from '../../../../support/http/miss-reports-in-memory.ts'
import { verifies } from '../../../../support/verifies.ts'

const [first, second] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
const facts = { id: 'prp_1', principal: 'k1', receipt: 'prc_1', fault: 'missed' } as const
const text = {
  kind: 'pii/person',
  value: 'Żółć O’Hara \u{1f600}',
  context: 'who is \u0000 Żółć O’Hara?\n',
  note: '"; DROP TABLE',
}
const vaultOn = (stored = missReportsInMemory(), current = first, former: readonly Buffer[] = []) =>
  new ReportVault(stored, async () => new KeyRing(current, former))

async function withOne() {
  const stored = missReportsInMemory()
  await vaultOn(stored).keep(facts, text)
  return stored
}

describe('a report in the vault', () => {
  it('is opened to the letter, and is null where there is none', async () => {
    const stored = await withOne()
    expect(await vaultOn(stored).open('prp_1')).toMatchObject({ ...facts, text })
    expect(await vaultOn(stored).open('prp_2')).toBeNull()
  })

  it('is stored as nothing that can be read, each under a key of its own', async () => {
    verifies('pii.reports-sealed')
    const stored = await withOne()
    await vaultOn(stored).keep({ ...facts, id: 'prp_2' }, text)
    const kept = JSON.stringify([...stored.rows])
    for (const part of ['person', 'Hara', 'who is', 'DROP']) expect(kept).not.toContain(part)
    const [one, other] = [...stored.rows.values()]
    expect(one?.sealed).not.toBe(other?.sealed)
    expect(one?.wrappedKey).not.toBe(other?.wrappedKey)
  })

  it('is opened with a former key of the service, wrapped by the new one from then on, and by no other key', async () => {
    verifies('pii.reports-sealed')
    const stored = await withOne()
    await expect(vaultOn(stored, second).open('prp_1')).rejects.toMatchObject({
      code: 'internal',
      message: 'What is kept sealed was sealed with a key that is not there.',
    })
    expect(await vaultOn(stored, second, [first]).open('prp_1')).toMatchObject({ text })
    expect(await vaultOn(stored, second).open('prp_1')).toMatchObject({ text })
    await expect(vaultOn(stored, first).open('prp_1')).rejects.toMatchObject({ code: 'internal' })
  })

  it('is wrapped by the new key without being opened, and the former one is needed by none of them then', async () => {
    verifies('pii.rotation')
    const stored = missReportsInMemory()
    for (let index = 0; index < 450; index += 1)
      await vaultOn(stored).keep({ ...facts, id: `prp_${index}`, principal: `k${index}` }, text)
    const { signal } = new AbortController()
    expect(await vaultOn(stored, second).rewrap(signal)).toEqual({ rewrapped: 0, lost: 450 })
    expect(await vaultOn(stored, second, [first]).rewrap(AbortSignal.abort())).toEqual({ rewrapped: 0, lost: 0 })
    const sealed = [...stored.rows.values()].map((row) => row.sealed)
    expect(await vaultOn(stored, second, [first]).rewrap(signal)).toEqual({ rewrapped: 450, lost: 0 })
    expect([...stored.rows.values()].map((row) => row.sealed)).toEqual(sealed)
    expect(await vaultOn(stored, second).rewrap(signal)).toEqual({ rewrapped: 0, lost: 0 })
    expect(await vaultOn(stored, second).open('prp_449')).toMatchObject({ text })
  })

  it.each([
    ['principal', 'k2'],
    ['receipt', 'prc_2'],
    ['fault', 'harmless'],
    ['sealed', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
  ])('is not opened where its %s was changed', async (member, value) => {
    const stored = await withOne()
    const row = stored.rows.get('prp_1')
    if (row === undefined) throw new Error('there is no row')
    stored.rows.set('prp_1', { ...row, [member]: value })
    await expect(vaultOn(stored).open('prp_1')).rejects.toThrow(/authenticate data/)
  })

  it('is not opened in the place of another', async () => {
    const stored = await withOne()
    await vaultOn(stored).keep({ ...facts, id: 'prp_2' }, text)
    const [one, other] = [stored.rows.get('prp_1'), stored.rows.get('prp_2')]
    if (one === undefined || other === undefined) throw new Error('there is no row')
    stored.rows.set('prp_2', { ...other, wrappedKey: one.wrappedKey, sealed: one.sealed })
    await expect(vaultOn(stored).open('prp_2')).rejects.toThrow(/authenticate data/)
  })
})
