import { describe, expect, it } from 'vitest'
import { Annotations, hasClass } from '../../../../src/filters/toxicity/annotate.ts'
import { classAt, type WordClass } from '../../../../src/filters/toxicity/classes.ts'
import { Lexicon, readEntries } from '../../../../src/filters/toxicity/lexicon.ts'
import { Words } from '../../../../src/filters/toxicity/words.ts'
import { lexiconPath } from '../../../../training/toxicity/main.ts'

const lexicon = new Lexicon(readEntries(lexiconPath))

/** Is a word of the class in the text, after all that its words are taken for? */
function holds(text: string, wordClass: WordClass): boolean {
  const words = new Words()
  const annotations = new Annotations()
  words.read(text)
  annotations.read(words, lexicon)
  return annotations.classes.subarray(0, words.length).some((value) => hasClass(value, classAt(wordClass)))
}

describe('the meaning of words', () => {
  it.each([
    ['kill', 'I want to kill the neighbor', 'I want to kill the process'],
    ['kill', 'they executed him', 'they executed the query'],
    ['injure', 'we shoot people', 'where can we shoot a photo'],
    ['injure', 'a long cutting of throats and a stab', 'I will take a stab at it'],
    ['sexual-body', 'her breast', 'screening for breast cancer'],
    ['identity', 'the black man', 'a black box'],
  ] as const)('is %s in "%s", and not in "%s"', (wordClass, meant, notMeant) => {
    expect(holds(meant, wordClass)).toBe(true)
    expect(holds(notMeant, wordClass)).toBe(false)
  })

  it('is that of people where people stand before the machine', () => {
    expect(holds('strangle him at the server', 'kill')).toBe(true)
    expect(holds('strangle him at the server', 'technical')).toBe(true)
  })
})
