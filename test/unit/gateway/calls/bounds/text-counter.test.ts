import { countTokens as ofCl100k } from 'gpt-tokenizer/encoding/cl100k_base'
import { countTokens as ofO200k, encodeChat } from 'gpt-tokenizer/encoding/o200k_base'
import { describe, expect, it } from 'vitest'
import { promptBoundOf } from '../../../../../src/gateway/calls/bounds/prompt-bound.ts'
import { piecesOf, textCounter } from '../../../../../src/gateway/calls/bounds/text-counter.ts'
import { createRandom } from '../../../../support/random.ts'
import { verifies } from '../../../../support/verifies.ts'

const words = [
  ..."the of don't it's O’Neill naïve Müller's 12345 3.14 x=y; {\"a\":1} https://a.example/b?c=d".split(' '),
  ...'日本語の文章 である。 Привет мир שלום สวัสดี 😀👍🏽 e\u0301a \u200b -- !!! ??\n \n\n\t  \r\n <|endoftext|>'.split(
    ' ',
  ),
]
const parts = [...words, ' ', '  ', '\n', '\n\n ', '\t', ', ', "'s", '’', '.']
const still = (): number => 0

function textOf(seed: number, length: number): string {
  const random = createRandom(seed)
  let text = ''
  while (text.length < length) text += parts[Math.floor(random() * parts.length)] ?? ''
  return text
}

describe('the tokens of a text', () => {
  it.each([
    ['o200k_base', ofO200k],
    ['cl100k_base', ofCl100k],
  ] as const)('are those of %s, however long it is and whatever it holds', async (name, countTokens) => {
    verifies('quotas.own-tokenizer')
    for (let seed = 1; seed <= 40; seed += 1) {
      const text = textOf(seed, 200 * seed)
      const count = await textCounter(name, still)
      const whole = countTokens(text, { disallowedSpecial: new Set<string>() })
      expect([seed, count(text)]).toEqual([seed, whole])
      // Also where most of it is remembered.
      expect([seed, count(text)]).toEqual([seed, whole])
    }
  })

  it('are those of a word by itself, for more words than are remembered', async () => {
    const count = await textCounter('o200k_base', still)
    const named = Array.from({ length: 9_000 }, (_, index) => `word-${index.toString(26).replaceAll(/[0-9]/g, 'z')}`)
    for (const word of [...named, ...named, 'role', 'user', 'Role', 'role ', '']) {
      expect([word, count(word)]).toEqual([word, ofO200k(word)])
    }
  })

  it('are its bytes where it cannot be cut, and never fewer than they are', async () => {
    const count = await textCounter('o200k_base', still)
    expect(count('a'.repeat(1_000_000))).toBe(1_000_000)
    expect(count('字'.repeat(2_000))).toBe(6_000)
    const run = `${'word '.repeat(300)}${'q'.repeat(5_000)}${' word'.repeat(300)}`
    expect(count(run)).toBeGreaterThanOrEqual(ofO200k(run))
  })

  it('are its bytes once the time for it is over', async () => {
    verifies('quotas.bounded-counting')
    let now = 0
    const count = await textCounter('o200k_base', () => (now += 1))
    const texts = Array.from({ length: 20 }, (_, index) => textOf(1_000 + index, 600))
    const counts = texts.map(count)
    const byBytes = texts.filter((text, index) => counts[index] === Buffer.byteLength(text))
    expect(counts[0]).toBe(ofO200k(texts[0] ?? '', { disallowedSpecial: new Set<string>() }))
    expect(byBytes.length).toBeGreaterThan(14)
    // What was counted before is known without counting.
    expect(count(texts[0] ?? '')).toBe(counts[0])
  })

  it('are in pieces that are short, where a text can be cut at all', () => {
    const text = textOf(7, 100_000)
    expect([...piecesOf(text)].join('')).toBe(text)
    expect([...piecesOf('some words '.repeat(10_000))].every(({ length }) => length <= 1_024)).toBe(true)
    expect([...piecesOf('')]).toEqual([])
  })

  it('are in one piece up to 1,024 characters, which are counted by their bytes beyond that', async () => {
    const words = 'some words '.repeat(100)
    expect([1_024, 1_025].map((length) => [...piecesOf(words.slice(0, length))].length)).toEqual([1, 2])
    const count = await textCounter('o200k_base', still)
    expect(count('a'.repeat(1_024))).toBe(ofO200k('a'.repeat(1_024)))
    expect(count('a'.repeat(1_025))).toBe(1_025)
  })
})

describe('the bound of a conversation', () => {
  it('is no less than what OpenAI says that its messages are, and at most some tokens a message more', async () => {
    verifies('quotas.upper-bound')
    const countText = await textCounter('o200k_base', still)
    for (let seed = 1; seed <= 30; seed += 1) {
      const messages = Array.from({ length: seed }, (_, index) => ({
        role: index % 2 === 0 ? ('user' as const) : ('assistant' as const),
        content: textOf(100 * seed + index, 150).replaceAll('<|endoftext|>', ''),
      }))
      const { tokens } = promptBoundOf(
        { model: 'gpt-4o', messages },
        { countText, pictureTokens: 1, numbersAreTokens: false },
      )
      const documented = encodeChat(messages, 'gpt-4o').length
      expect(tokens).toBeGreaterThanOrEqual(documented)
      expect(tokens).toBeLessThan(documented + 40 + 8 * seed)
    }
  })
})
