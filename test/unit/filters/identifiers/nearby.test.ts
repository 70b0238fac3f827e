import { describe, expect, it } from 'vitest'
import { Nearby, WordIndex } from '../../../../src/filters/identifiers/nearby.ts'
import { wordsOf } from '../../../../src/filters/identifiers/recognizer.ts'

const [pass, card, letter] = [wordsOf('passport', 'pass nr'), wordsOf('card', 'kort'), wordsOf('d\\.o\\.b\\.?')]
const index = new WordIndex([pass, card, letter])
const value = '12345678'

/** How far from the value in a text the words for a passport are. */
function distance(text: string, label?: string, words = pass): number | null {
  const start = text.indexOf(value)
  return new Nearby(text, index, label).distance(words, start, start + value.length)
}
const near = (text: string, label?: string) => {
  const found = new Nearby(text, index, label).near(text.indexOf(value))
  return [pass, card, letter].map((words) => found.has(words))
}

describe('words before a value', () => {
  it.each([
    [`passport ${value}`, 1],
    [`Passport: ${value}`, 2],
    [`passport passport  ${value}`, 2],
    [`pass-nr is ${value}`, 4],
    [`passport${' '.repeat(64)}${value}`, 64],
    [`passport ab 123 ${value}`, 8],
    [`passport_${value}`, 1],
  ])('%j: count by how far they are', (text, expected) => {
    expect(distance(text)).toBe(expected)
  })

  it.each([
    `passport${' '.repeat(65)}${value}`,
    `passports ${value}`,
    `mypassport ${value}`,
    `passport 1234 ${value}`,
    `passport 1234abc ${value}`,
    `card ${value}`,
    value,
  ])('%j: do not count', (text) => {
    expect(distance(text)).toBeNull()
  })

  it('of a value that stands behind another number are those behind that number', () => {
    expect(distance(`card 1234x passport ${value}`)).toBe(1)
    expect(distance(`card 1234x passport ${value}`, '', card)).toBeNull()
    expect(distance(`card 123 passport ${value}`, '', card)).toBe(14)
  })

  it('are read in small letters, and ø as o', () => {
    expect(distance(`PASSPORT ${value}`)).toBe(1)
    expect(distance(`kørt ${value}`, '', card)).toBe(1)
    expect(distance(`İ passport ${value}`)).toBe(1)
    expect(distance(`İ Passport ${value}`)).toBeNull()
    expect(distance(`D.O.B. ${value}`, '', letter)).toBe(1)
  })
})

describe('words on the line before', () => {
  it.each([
    `passport\n${value}`,
    `passport:\n${value}`,
    `passport=\n${value}`,
    `**passport:**  \r\n${value}`,
    `his passport is\n${value}`,
    `x\npassport_\n${value}`,
  ])('%j: count where the line is a label or goes on', (text) => {
    expect(distance(text)).not.toBeNull()
  })

  it.each([
    `passport.\n${value}`,
    `passport!\n${value}`,
    `x, passport\n${value}`,
    `x; passport\n${value}`,
    `x\tpassport\n${value}`,
    `x | a passport\n${value}`,
    `passport\n\n${value}`,
    `passport 5\n${value}`,
  ])('%j: do not', (text) => {
    expect(distance(text)).toBeNull()
  })
})

describe('words right behind a value', () => {
  it.each([
    [`${value} passport`, 37],
    [`${value} (passport)`, 38],
    [`${value} is the passport`, 44],
    [`${value}${' '.repeat(20)}passport`, 56],
  ])('%j: count as if they were farther', (text, expected) => {
    expect(distance(text)).toBe(expected)
  })

  it.each([
    `${value}${' '.repeat(21)}passport`,
    `${value}, passport`,
    `${value}; passport`,
    `${value}. passport`,
    `${value}\npassport`,
    `${value} 5 passport`,
  ])('%j: do not count', (text) => {
    expect(distance(text)).toBeNull()
  })

  it('count less than those before it', () => {
    expect(distance(`passport is the nr of it: ${value} passport`)).toBe(18)
  })
})

describe('the heading of a column', () => {
  it.each([',', ';', '\t', '|'])('counts for what stands below it, with %j between the cells', (separator) => {
    const table = (...cells: readonly string[]) => `name${separator}passport\nx${separator}y\n${cells.join(separator)}`
    expect(distance(table('Kim', value))).toBe(72)
    expect(distance(table(value, 'Kim'))).toBeNull()
  })

  it.each([
    `name\npassport\n${'x'.repeat(80)} ${value}`,
    `name,passport\nx\n\nKim,${value}`,
    `name,passport,123\nKim,${value}`,
    `${'x'.repeat(1_020)},passport\nKim,${value}`,
    `passport,name\nKim,${value}`,
    `name,passport Kim,${'x'.repeat(80)},${value}`,
  ])('does not count where there is none over the value: %j', (text) => {
    expect(distance(text)).toBeNull()
  })

  it('counts up to a line of a thousand characters, in a table behind others', () => {
    expect(distance(`${'x'.repeat(1_015)},passport\nKim,${value}`)).toBe(72)
    expect(distance(`a,b\nc,d\n\nname,passport 12\nKim,${value}`)).toBe(72)
    expect(distance(`a,b\nc,d\n\n\nname,passport\nKim,${value}`)).toBeNull()
  })

  it('is that of each place, whichever is asked for first', () => {
    const text = `passport,card\n${value},11112222\n33334444,55556666\n\ncard,x\n77778888,99990000`
    const nearby = new Nearby(text, index)
    const at = (number: string, words = pass) => nearby.distance(words, text.indexOf(number), text.indexOf(number) + 8)
    expect([at('55556666', card), at('33334444'), at('77778888', card), at('33334444'), at('11112222', card)]).toEqual([
      72, 72, 72, 72, 72,
    ])
    expect([at('33334444', card), at('77778888'), at('99990000', card)]).toEqual([null, null, null])
  })
})

describe('the name of the field that a text is', () => {
  it('counts least', () => {
    expect(distance(value, 'Passport_nr')).toBe(73)
    expect(distance(value, 'passports')).toBeNull()
    expect(distance(`passport ${value}`, 'passport')).toBe(1)
    expect(distance(`name,passport\nKim,${value}`, 'passport')).toBe(72)
  })
})

describe('words that can be near', () => {
  it('are those around the place, over it, and of its field', () => {
    expect(near(`passport ${value}`)).toEqual([true, false, false])
    expect(near(`${value} card`)).toEqual([false, true, false])
    expect(near(`passport,card\nx,${value}`)).toEqual([true, true, false])
    expect(near(value, 'card')).toEqual([false, true, false])
    expect(near(`D.O.B. ${value}`)).toEqual([false, false, true])
    expect(near(value)).toEqual([false, false, false])
    expect(near(`passage ${value}`)).toEqual([true, false, false])
    expect(near(`pasta ${value}`)).toEqual([false, false, false])
  })

  it('are not those that are too far before it or behind it', () => {
    expect(near(`passport${' '.repeat(64)}${value}`)).toEqual([true, false, false])
    expect(near(`passport${' '.repeat(65)}${value}`)).toEqual([false, false, false])
    expect(near(`${value}${' '.repeat(52)}card`)).toEqual([false, true, false])
    expect(near(`${value}${' '.repeat(53)}card`)).toEqual([false, false, false])
  })

  it('are asked for from place to place', () => {
    const text = `passport 1111 ${' '.repeat(100)} card 2222 ${' '.repeat(100)} d.o.b. 3333`
    const nearby = new Nearby(text, index)
    const seen = ['1111', '2222', '3333'].map((number) => {
      const found = nearby.near(text.indexOf(number))
      return [pass, card, letter].map((words) => found.has(words))
    })
    expect(seen).toEqual([
      [true, false, false],
      [false, true, false],
      [false, false, true],
    ])
  })
})
