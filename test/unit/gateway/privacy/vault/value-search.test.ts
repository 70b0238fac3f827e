import { describe, expect, it } from 'vitest'
import { KeyRing } from '../../../../../src/sealed/key-ring.ts'
import { longestSearch, ValueSearch } from '../../../../../src/gateway/privacy/vault/value-search.ts'
import { KeptConversations, type Said } from '../../../../support/privacy/kept-conversations.ts'
import { verifies } from '../../../../support/verifies.ts'

const [first, second] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
const all = { of: 'all' } as const
const never = new AbortController().signal

function find(
  kept: KeptConversations,
  value: string,
  own: { ring?: KeyRing; after?: string; elapsed?: () => number } = {},
) {
  const search = new ValueSearch(kept.stored, async () => own.ring ?? new KeyRing(first, []))
  const { after = null, elapsed } = own
  return search.find(all, value, { after, signal: never, ...(elapsed === undefined ? {} : { elapsed }) })
}

const others: Said = [
  ['pii/email', 'ann@x.example'],
  ['pii/person', 'Ann Lee'],
  ['secret/github', 'ghp_abc'],
]

describe('a search by value', () => {
  it.each<readonly [string, Said[number], string]>([
    ['an address in other case', ['pii/email', 'Kim.Wexler@Hamlin.example'], 'kim.wexler@hamlin.EXAMPLE'],
    ['a name with other blanks', ['pii/person', 'Kim Wexler'], ' kim   WEXLER\n'],
    ['a card with other separators', ['pii/card', '4111 1111 1111 1111'], '4111-1111-1111-1111'],
    ['an IBAN with blanks', ['pii/iban', 'DE89370400440532013000'], 'de89 3704 0044 0532 0130 00'],
    ['a secret', ['secret/stripe', 'sk_live_AbC'], 'sk_live_AbC'],
    ['a value of a recognizer of one’s own', ['custom/badge', 'B-12345'], 'b-12345'],
    ['a value of a kind without a label', ['pii/passport', 'C01X00T47'], 'c01x00t47'],
  ])('finds %s, and as what it was hidden', async (_what, said, asked) => {
    verifies('pii.found')
    const kept = new KeptConversations()
    await kept.add(others)
    const id = await kept.add([...others, said])
    const result = await find(kept, asked)
    expect(result).toEqual({
      found: [{ conversation: id, kinds: [said[0]] }],
      searched: { conversations: 2, values: 7 },
      unopened: 0,
      next: null,
    })
  })

  it('finds what stands in the form of a number or of another value, which has no digest', async () => {
    const kept = new KeptConversations()
    const number = await kept.add(others, { numbers: [['pii/ssn', '536228145']] })
    const surrogate = await kept.add(others, { surrogates: [['pii/ssn', '536-22-8145']] })
    const { found } = await find(kept, '536-22-8145')
    const both = [number, surrogate].map((conversation) => ({ conversation, kinds: ['pii/ssn'] }))
    expect(found).toEqual(both.toSorted((one, other) => (one.conversation < other.conversation ? -1 : 1)))
  })

  it.each([
    ['a part of a value', 'Kim'],
    ['a longer one', 'Kim Wexler Hamlin'],
    ['a secret in other case', 'SK_LIVE_ABC'],
    ['a token', 'EMAIL_B1C2D3F4G5'],
    ['nothing but signs', ' - '],
  ])('does not find %s', async (_what, asked) => {
    const kept = new KeptConversations()
    await kept.add([
      ['pii/person', 'Kim Wexler'],
      ['secret/stripe', 'sk_live_AbC'],
    ])
    expect((await find(kept, asked)).found).toEqual([])
  })

  it('opens nothing whose digest does not fit', async () => {
    const kept = new KeptConversations()
    const id = await kept.add([...others, ['pii/person', 'Kim Wexler']])
    const broken = Buffer.alloc(64, 7).toString('base64')
    const isSought = ({ token }: { token: string }) => !/^(?:EMAIL|SECRET)_/.test(token)
    kept.values.splice(0, Infinity, ...kept.values.map((row) => (isSought(row) ? row : { ...row, sealed: broken })))
    expect(await find(kept, 'Kim Wexler')).toMatchObject({ found: [{ conversation: id }], unopened: 0 })
    expect(await find(kept, 'ann@x.example')).toMatchObject({ found: [], unopened: 1 })
  })

  it('says of how many the key is not there, and finds them with a former key', async () => {
    const kept = new KeptConversations()
    const id = await kept.add(others)
    expect(await find(kept, 'Ann Lee', { ring: new KeyRing(second, []) })).toMatchObject({ found: [], unopened: 1 })
    const found = [{ conversation: id, kinds: ['pii/person'] }]
    expect(await find(kept, 'Ann Lee', { ring: new KeyRing(second, [first]) })).toMatchObject({ found, unopened: 0 })
  })

  it('ends when it took long, with a whole conversation, and goes on behind it without missing or repeating one', async () => {
    const kept = new KeptConversations()
    for (let at = 0; at < 30; at += 1)
      await kept.add([...others, ...(at % 3 === 0 ? ([['pii/card', '4111 1111 1111 1111']] as const) : [])])
    const found: string[] = []
    let after: string | undefined
    let parts = 0
    do {
      let now = 0
      const elapsed = () => (now += longestSearch / 4)
      const part = await find(kept, '4111111111111111', { elapsed, ...(after === undefined ? {} : { after }) })
      found.push(...part.found.map(({ conversation }) => conversation))
      after = part.next ?? undefined
      parts += 1
    } while (after !== undefined)
    expect(parts).toBeGreaterThan(3)
    expect([found.length, new Set(found).size]).toEqual([10, 10])
  })

  it('ends with its caller', async () => {
    const kept = new KeptConversations()
    await kept.add(others)
    const search = new ValueSearch(kept.stored, async () => new KeyRing(first, []))
    const ended = AbortSignal.abort(new Error('the caller left'))
    await expect(search.find(all, 'Ann Lee', { after: null, signal: ended })).rejects.toThrow('the caller left')
  })

  it('finds one in more values than are read at once', async () => {
    const kept = new KeptConversations()
    const many = Array.from({ length: 1_200 }, (_, at) => ['pii/email', `user${at}@x.example`] as const)
    const id = await kept.add([...many, ['pii/person', 'Kim Wexler']])
    const { found, searched } = await find(kept, 'kim wexler')
    expect(found).toEqual([{ conversation: id, kinds: ['pii/person'] }])
    expect(searched).toEqual({ conversations: 1, values: 1_201 })
  })
})
