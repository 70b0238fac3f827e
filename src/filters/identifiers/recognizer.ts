/** Where a value stands. `start` and `end` are UTF-16 offsets into `text`, end exclusive. */
export interface Place {
  readonly text: string
  readonly start: number
  readonly end: number
}

/** How one kind of identifier is told. */
export interface Recognizer {
  readonly category: string
  /** What its first character can be. */
  readonly opens: 'digit' | 'letter' | 'either'
  /** Sticky: it is tried where a word begins. It takes at most some dozens of characters. */
  readonly shape: RegExp
  /** What says what the value is, where it stands near. */
  readonly words: Words | null
  /** How sure the form alone makes, 0 to 1; with 0 a word must stand near. */
  readonly score: number
  readonly namedScore: number
  /** Check digits and everything else that a shape cannot say. */
  readonly passes?: (value: string, place: Place) => boolean
}

/** Words in lower case and without accents. */
export interface Words {
  /** Global. */
  readonly pattern: RegExp
  /** What the words begin with, up to eight letters each: a text without one of these has none of the words. */
  readonly heads: readonly string[]
}

const longestHead = 8

/** The letters that a word surely begins with. */
function headOf(word: string): string {
  const [letters = '', next = ''] = /^([a-z]+)(.?)/.exec(word)?.slice(1) ?? []
  return (next === '?' ? letters.slice(0, -1) : letters).slice(0, longestHead)
}

/** Words that stand by themselves; a blank in them may be a dash, an underscore or nothing (`tax id`, `taxId`). */
export function wordsOf(...words: readonly string[]): Words {
  return {
    pattern: new RegExp(
      `(?<![a-z])(?:${words.join('|').replaceAll(' ', "[ _'-]?")})(?:[ _-]?(?:nummer|number|num|nr|no|id|adresse|address))?(?![a-z])`,
      'g',
    ),
    heads: [...new Set(words.map(headOf))],
  }
}
