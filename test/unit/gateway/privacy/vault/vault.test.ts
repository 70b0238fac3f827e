import { describe, expect, it } from 'vitest'
import type { MaskedConversations } from '../../../../../src/core/masked-conversations.ts'
import { KeyRing, seal, unseal } from '../../../../../src/sealed/key-ring.ts'
import { Vault } from '../../../../../src/gateway/privacy/vault/vault.ts'
import { createSecretKey } from 'node:crypto'
import { maskedConversationsInMemory } from '../../../../support/http/masked-conversations-in-memory.ts'

const [first, second] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
const of = { principal: 'k1', upstream: 'openai' }
const entries = [
  { token: 'EMAIL_B1C2D3F4G5', category: 'pii/email', value: 'kim@x.example' },
  { token: '4567890123', category: 'pii/card', value: '1234567890' },
]
const vaultOn = (stored: MaskedConversations, current = first, former: readonly Buffer[] = []) =>
  new Vault(stored, async () => new KeyRing(current, former))

async function storedConversation(): Promise<MaskedConversations> {
  const stored = maskedConversationsInMemory()
  const conversation = await vaultOn(stored).begin(of.principal)
  await conversation.keep(entries)
  await conversation.answered(of.upstream, ['resp_1'])
  return stored
}

describe('sealing', () => {
  it('gives the text back with the same key about the same thing, and throws for anything else', () => {
    const key = createSecretKey(first)
    const sealed = seal(key, 'text “é”', 'about')
    expect(unseal(key, sealed, 'about').toString()).toBe('text “é”')
    expect(seal(key, 'text “é”', 'about')).not.toBe(sealed)
    expect(() => unseal(createSecretKey(second), sealed, 'about')).toThrow(/authenticate data/)
    expect(() => unseal(key, sealed, 'other')).toThrow(/authenticate data/)
    const bytes = Buffer.from(sealed, 'base64')
    for (const at of [0, 14, bytes.length - 1]) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(() => unseal(key, changed.toString('base64'), 'about')).toThrow(/authenticate data/)
    }
  })
})

describe('a key that wraps', () => {
  // SHA-256 of HKDF-SHA-256 of the key, by another program: what is stored is found to be its own for good.
  it('is named by what nothing can be learnt from, and opens what bears its name alone', () => {
    const ring = new KeyRing(first, [])
    const wrapped = ring.wrap(Buffer.from('data'), 'c')
    expect(wrapped).toMatch(/^a8cac544:[\w+/]+=*$/)
    expect([ring.isCurrent(wrapped), new KeyRing(second, [first]).isCurrent(wrapped)]).toEqual([true, false])
    expect(ring.unwrap(wrapped, 'c').toString()).toBe('data')
    expect(() => ring.unwrap(wrapped, 'd')).toThrow(/authenticate data/)
  })

  it('that is not there is told, with what can be done', () => {
    for (const wrapped of [new KeyRing(second, []).wrap(Buffer.from('data'), 'c'), '', ':', 'x'])
      expect(() => new KeyRing(first, []).unwrap(wrapped, 'c')).toThrow(
        expect.objectContaining({
          code: 'internal',
          message: 'What is kept sealed was sealed with a key that is not there.',
          advice: 'Give the former key in privacy.former_keys, or delete what it has sealed.',
        }),
      )
  })
})

describe('a conversation in the vault', () => {
  it('is found by its answers with the same values and the same key of its tokens', async () => {
    const stored = maskedConversationsInMemory()
    const begun = await vaultOn(stored).begin(of.principal)
    await begun.keep(entries)
    await begun.answered(of.upstream, ['resp_1', 'msg_1'])
    const found = await vaultOn(stored).find(of, ['unknown', 'msg_1'])
    expect(found?.entries).toEqual(entries)
    expect(found?.tokenKey.export()).toEqual(begun.tokenKey.export())
  })

  it('is stored as nothing that can be read without the key of the service', async () => {
    const stored = await storedConversation()
    const found = await stored.find({ ...of, id: 'resp_1' })
    expect(JSON.stringify(found)).not.toMatch(/kim|example|1234567890/)
    await expect(vaultOn(stored, second).find(of, ['resp_1'])).rejects.toMatchObject({ code: 'internal' })
  })

  it('is sealed value by value: none is read as that of another token, or of another conversation', async () => {
    const stored = await storedConversation()
    const { conversation, values } = (await stored.find({ ...of, id: 'resp_1' })) ?? { conversation: null, values: [] }
    const [one, other] = values.map(({ token }) => token)
    const swapped = values.map(({ token, sealed }) => ({ token: (token === one ? other : one) ?? '', sealed }))
    const found = { find: async () => ({ conversation: conversation ?? { id: '', wrappedKey: '' }, values: swapped }) }
    await expect(vaultOn({ ...stored, ...found }).find(of, ['resp_1'])).rejects.toThrow(/authenticate data/)
    const begun = await vaultOn(stored).begin(of.principal)
    await begun.keep(entries)
    await begun.answered(of.upstream, ['resp_2'])
    const second = await stored.find({ ...of, id: 'resp_2' })
    expect(second?.conversation.id).toMatch(/^[0-9a-f]{32}$/)
    expect(second?.conversation.id).not.toBe(conversation?.id)
    expect(begun.tokenKey.export()).not.toEqual((await vaultOn(stored).find(of, ['resp_1']))?.tokenKey.export())
  })

  it('is not wrapped again by the key that has wrapped it', async () => {
    const stored = await storedConversation()
    let count = 0
    const watched = {
      ...stored,
      rewrap: async (...[conversation, wrappedKey]: Parameters<typeof stored.rewrap>) => {
        count += 1
        await stored.rewrap(conversation, wrappedKey)
      },
    }
    await vaultOn(watched).find(of, ['resp_1'])
    expect(count).toBe(0)
    await vaultOn(watched, second, [first]).find(of, ['resp_1'])
    expect(count).toBe(1)
  })

  it('is nobody else’s, and not of another upstream', async () => {
    const stored = await storedConversation()
    expect(await vaultOn(stored).find({ ...of, principal: 'k2' }, ['resp_1'])).toBeNull()
    expect(await vaultOn(stored).find({ ...of, upstream: 'other' }, ['resp_1'])).toBeNull()
  })

  it('is opened with a former key, and wrapped by the one in use from then on', async () => {
    const stored = await storedConversation()
    const found = await vaultOn(stored, second, [first]).find(of, ['resp_1'])
    expect(found?.entries).toEqual(entries)
    expect((await vaultOn(stored, second).find(of, ['resp_1']))?.entries).toEqual(entries)
    await expect(vaultOn(stored, first).find(of, ['resp_1'])).rejects.toMatchObject({ code: 'internal' })
  })

  it('is wrapped by the key in use where a former one had wrapped it, and told where none of the keys has', async () => {
    const stored = maskedConversationsInMemory()
    const ids = Array.from({ length: 450 }, (_, index) => `resp_${index}`)
    for (const [index, id] of ids.entries()) {
      const conversation = await vaultOn(stored, [first, second, Buffer.alloc(32, 3)][index % 3]).begin(of.principal)
      await conversation.keep(entries)
      await conversation.answered(of.upstream, [id])
    }
    const rotated = vaultOn(stored, second, [first])
    const { signal } = new AbortController()
    expect(await rotated.rewrap(AbortSignal.abort())).toEqual({ rewrapped: 0, lost: 0 })
    expect(await rotated.rewrap(signal)).toEqual({ rewrapped: 150, lost: 150 })
    expect(await rotated.rewrap(signal)).toEqual({ rewrapped: 0, lost: 150 })
    const alone = vaultOn(stored, second)
    for (const [index, id] of ids.entries()) {
      if (index % 3 < 2) expect((await alone.find(of, [id]))?.entries).toEqual(entries)
      else await expect(alone.find(of, [id])).rejects.toMatchObject({ code: 'internal' })
    }
  })

  it('keeps only what it did not have, and nothing where it has no value', async () => {
    const stored = maskedConversationsInMemory()
    const kept: number[] = []
    const counting = {
      ...stored,
      keep: async (...[conversation, values]: Parameters<typeof stored.keep>) => {
        kept.push(values.length)
        await stored.keep(conversation, values)
      },
    }
    const conversation = await vaultOn(counting).begin(of.principal)
    await conversation.keep([])
    await conversation.answered(of.upstream, ['resp_0'])
    expect(await stored.find({ ...of, id: 'resp_0' })).toBeNull()
    await conversation.keep(entries.slice(0, 1))
    await conversation.keep(entries)
    await conversation.keep(entries)
    expect(kept).toEqual([1, 1])
  })

  it('is gone when it is forgotten', async () => {
    const stored = await storedConversation()
    await vaultOn(stored).forgetAnswer('openai', 'resp_1')
    expect(await vaultOn(stored).find(of, ['resp_1'])).toBeNull()
  })
})
