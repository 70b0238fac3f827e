import { describe, expect, it } from 'vitest'
import { isAsking, isCommand } from '../../../../src/filters/names/commands.ts'
import { classes } from '../../../../src/filters/names/features.ts'
import { hashOf, kinds, Tokens } from '../../../../src/filters/names/tokens.ts'

const lists: Readonly<Record<string, number>> = {
  anna: classes.given,
  mark: classes.given,
  page: classes.surname,
  meet: classes.surname,
  google: classes.organization,
  road: classes.street,
}

/** The words of a text that are the verbs of its sentences. */
function commandsIn(text: string, from = 0): string[] {
  const tokens = new Tokens(text)
  const words = tokens.starts.map((start, at) => text.slice(start, tokens.ends[at]))
  const known = words.map((word, at) => (tokens.kinds[at] === kinds.word ? (lists[word.toLowerCase()] ?? 0) : 0))
  return words.filter((_, at) => at >= from && isCommand({ tokens, classes: known }, at, from))
}

describe('the verb that a sentence begins with', () => {
  it.each([
    ['Ask Maria to come.', 'Ask'],
    ['Compare Python and Ruby.', 'Compare'],
    ['Email Tom', 'Email'],
    ['Frag Maria', 'Frag'],
    ['Appelez Camille', 'Appelez'],
    ['Llama a Lucía', 'Llama'],
    ['Please. Ask Maria', 'Ask'],
    ['Now! Ask Maria? Call Tom', 'Ask', 'Call'],
    ['- Ask Maria', 'Ask'],
    ['("Ask Maria")', 'Ask'],
    ['Now:\nAsk Maria\n\nCall Tom', 'Ask', 'Call'],
    ['Page Anna', 'Page'],
    ['Google Anna for me', 'Google'],
    ['Mark the box', 'Mark'],
    ['Will he come', 'Will'],
    ['Ask the man', 'Ask'],
    ['Open src/a/b.ts', 'Open'],
    ['Ask road', 'Ask'],
  ])('%j', (text, ...expected) => {
    expect(commandsIn(text)).toEqual(expected)
  })

  it.each([
    'Maria asks Tom',
    'He told me to Ask Maria',
    'ask Maria',
    'ASK Maria',
    'then, Ask Maria',
    'Ask, Maria',
    'Ask',
    'Page Miller called',
    'Google announced it',
    'Post Road 5',
    'Mark said so',
    'Mark Anna',
    'Meet Miller',
  ])('%j has none', (text) => {
    expect(commandsIn(text).filter((word) => word !== 'Maria')).toEqual([])
  })

  it('stands at the beginning of what is read as one', () => {
    expect(commandsIn('He may Ask Maria', 2)).toEqual(['Ask'])
    expect(commandsIn('He may Ask Maria', 1)).toEqual([])
  })
})

it('whoever is told something, or for whom it is done, asks for it', () => {
  expect(['tell', 'for', 'pour', 'with', 'maria'].map((word) => isAsking(hashOf(word)))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ])
})
