import { describe, expect, it } from 'vitest'
import type { NameSpan } from '../../../../src/filters/names/decode.ts'
import { classes } from '../../../../src/filters/names/features.ts'
import { nameKinds } from '../../../../src/filters/names/labels.ts'
import { linesOf } from '../../../../src/filters/names/lines.ts'
import { isOfNobody } from '../../../../src/filters/names/of-nobody.ts'
import { Tokens } from '../../../../src/filters/names/tokens.ts'

/** Names of which a list of given names has one. */
const given = new Set(['jordan', 'may', 'kim'])

/** Which of the names are nobody's: `[Germany location]`, `[Kim]` for a person. */
function ofNobody(marked: string): string[] {
  const places: { start: number; end: number; kind: number }[] = []
  let text = ''
  for (const piece of marked.split(/(\[[^\]]+\])/)) {
    const [, name = piece, kind = 'person'] = /^\[(.*?)(?: (person|organization|location))?\]$/.exec(piece) ?? []
    if (piece.startsWith('[')) places.push({ start: text.length, end: text.length + name.length, kind: nameKinds.indexOf(kind as 'person') }) // prettier-ignore
    text += name
  }
  const tokens = new Tokens(text)
  const spans = places.map(({ start, end, kind }): NameSpan => {
    return { from: tokens.starts.indexOf(start), to: tokens.ends.indexOf(end) + 1, kind, score: 1 }
  })
  const words = tokens.starts.map((start, at) => text.slice(start, tokens.ends[at]).toLowerCase())
  const known = Uint8Array.from(words, (word) => (given.has(word) ? classes.given : 0))
  const lines = linesOf(tokens)
  return spans
    .filter((span) => isOfNobody(span, { tokens, classes: known, isSmall: false }, spans, lines))
    .map(({ from, to }) => text.slice(tokens.starts[from], tokens.ends[to - 1]))
}

describe('a country in a sentence', () => {
  it.each([
    ['[Germany location] is big for all people there'],
    ['it goes to [Germany location]'],
    ['it goes to [Germany]'],
    ['it goes to [Jordan location]'],
    ['it goes to [Germany location] and to [Spain location]'],
    ['tell me of [Germany location] and all people there'],
    ['Me and [Germany location] are good for all people there'],
    ['it goes there for me and [Germany location]'],
    ['they are told of it there\nit goes to [Germany location]'],
    ['it goes to [Germany location]\nthey are told of it there'],
  ])('is nobody\u2019s: %j', (marked) => {
    expect(ofNobody(marked)).toEqual(marked.includes('Spain') ? ['Germany', 'Spain'] : [expect.any(String)])
  })

  it.each([
    ['a name that people have', 'it goes to [Jordan]'],
    ['somebody is spoken of', 'we all go to [Germany location]'],
    ['at the beginning of the line', 'My house is near [Germany location]'],
    ['at its end', 'it goes to [Germany location] with them'],
    ['whoever tells it is', 'it told me of [Germany location]'],
    ['it is a field', 'Country: [Germany location]'],
    ['it is no sentence', 'Bonn, [Germany location]'],
    ['no country stands beside it', 'it goes from [Bonn location] to [Germany location]'],
    ['another stands in another line', 'it goes to [Germany location]\n[Bonn location] is near to it'],
  ])('is somebody\u2019s where %s', (_what, marked) => {
    expect(ofNobody(marked)).toEqual([])
  })

  it.each(['and', 'or', 'und', 'oder', 'et', 'ou', 'y', 'o'])('may stand with others: … %s …', (word) => {
    const of = (...names: string[]) => ofNobody(`it goes to [${names.join(` ${word} `)} location] and there`)
    expect(of('Germany', 'Spain')).toEqual([`Germany ${word} Spain`])
    expect(of('Germany', 'Spain', 'Italy')).toHaveLength(1)
    expect(of('Germany', 'Bonn')).toEqual([])
    expect(of('Bonn', 'Germany')).toEqual([])
    expect(of('Germany', 'Bonn', 'Spain')).toEqual([])
    expect(of('Germany', 'French')).toEqual([])
    expect(ofNobody(`it goes to [Germany, Spain, ${word} Italy location] and there`)).toHaveLength(1)
  })
})

describe('a name of something else that is public', () => {
  it.each([
    ['it is in [French] as all of it', 'French'],
    ['[French location]', 'French'],
    ['it is there on [Monday] or so', 'Monday'],
    ['it is there in [May location] or so', 'May'],
    ['it is there in [March] or so', 'March'],
    ['we go to [Python] with them', 'Python'],
    ['[Python organization]', 'Python'],
    ['it is [Ruby] or Python for all', 'Ruby'],
    ['Python is as good as [Ruby]', 'Ruby'],
    ['Python [Ruby]', 'Ruby'],
    ['[Ruby] Python', 'Ruby'],
    ['it is [Ruby] or [Julia] there', 'Ruby', 'Julia'],
  ])('is nobody\u2019s: %j', (marked, ...names) => {
    expect(ofNobody(marked)).toEqual(names)
  })

  it.each([
    ['somebody is greeted', 'Dear [Claude], it is there'],
    ['somebody says who they are', 'My name is [Ruby], and Python is there'],
    ['it is a field', 'Name: [French]'],
    ['people are called so, too', 'it is there with [May] or so'],
    ['nothing beside it says that it is a program', 'it is there with [Ruby] or so'],
    ['a country alone stands beside it', 'it is there with [Ruby] or Germany'],
    ['it is so in another line alone', 'it is there with [Ruby] or so\nPython is there, too'],
    ['it is so in the line before alone', 'Python is there, too\nit is there with [Ruby] or so'],
    ['it is the name of nothing', 'it is there with [Kim] or so'],
  ])('is somebody\u2019s where %s', (_what, marked) => {
    expect(ofNobody(marked)).toEqual([])
  })
})
