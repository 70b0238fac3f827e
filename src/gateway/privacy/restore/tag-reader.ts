/** Elements whose content is no text: styles load, scripts do what they like. */
const rawElements = ['script', 'style'] as const
const longestMark = '</script>'.length

/** Where in a tag: its name, between attributes, in a quote of one kind, and so on (HTML standard, 13.2.5.8 to 13.2.5.40). */
type TagState = 'name' | 'between' | 'attribute' | 'behind-attribute' | 'before-value' | 'bare-value' | '"' | "'"

/** One tag, comment or content without text that has begun, and that may be read as such. */
interface Reading {
  /** `opening`: behind `</`; `declaration`: `<!…>` and `<?…>`, which end at the first `>` whatever they hold. */
  readonly state: TagState | 'opening' | 'declaration' | 'comment' | 'raw'
  /** The element as far as it can be one without text; '' for any other. */
  readonly name: string
}

/**
 * Where in HTML a place is, read character by character as browsers read it. Whether a `<` begins a tag at all is for
 * whoever renders it to say: within a comment, a quote, a script or a text area it does not, and what is one of these
 * differs between Markdown, SVG and pages with and without scripts. So each one is followed to its own end, whatever it
 * stands in. `<textarea><i a="</textarea><img src="https://…/?> …` is within a tag by one of its readings: that is enough.
 */
export class TagReader {
  #readings: readonly Reading[] = []
  /** What was read last, in small letters, for marks of more than one character. */
  #tail = ''

  /** Is the place within a tag, a comment or the content of a script or a style, by any reading? */
  get isInside(): boolean {
    return this.#readings.length > 0
  }

  read(character: string): void {
    this.#tail = (this.#tail + character.toLowerCase()).slice(-longestMark)
    const begun = begunBy(this.#tail)
    if (begun === null && this.#readings.length === 0) return
    const readings = this.#readings.flatMap((reading) => goneOn(reading, character, this.#tail) ?? [])
    this.#readings = distinct(begun === null ? readings : [...readings, begun])
  }

  end(): void {
    this.#readings = []
    this.#tail = ''
  }
}

function begunBy(tail: string): Reading | null {
  if (tail.at(-2) !== '<') return null
  const first = tail.slice(-1)
  if (first === '/') return { state: 'opening', name: '' }
  if (first === '!' || first === '?') return { state: 'declaration', name: '' }
  return /[a-z]/.test(first) ? { state: 'name', name: first } : null
}

/** The reading behind one more character; null where that is its end. */
function goneOn(reading: Reading, character: string, tail: string): Reading | null {
  const { state, name } = reading
  if (state === 'comment') return /--!?>$/.test(tail) ? null : reading
  if (state === 'raw') return tail.slice(0, -1).endsWith(`</${name}`) && ofNameEnd.test(character) ? null : reading
  if (state === 'declaration' || state === 'opening') {
    if (character === '>') return null
    if (tail.endsWith('<!--')) return { state: 'comment', name: '' }
    return { state: state === 'opening' && /[a-z]/i.test(character) ? 'name' : 'declaration', name: '' }
  }
  const next = nextInTag(state, character)
  if (next === null) return isRaw(name) ? { state: 'raw', name } : null
  if (next === 'name' && name !== '') return { state: next, name: namedSoFar(name + character.toLowerCase()) }
  return { state: next, name: isRaw(name) ? name : '' }
}

/** Behind these letters the name of an element has ended. */
const ofNameEnd = /[\t\n\f\r />]/

const isRaw = (name: string): boolean => rawElements.some((element) => element === name)
const namedSoFar = (name: string): string => (rawElements.some((element) => element.startsWith(name)) ? name : '')

/** A quote opens a value only right behind an attribute's `=`, and a backslash means nothing. Null behind the tag. */
function nextInTag(state: TagState, character: string): TagState | null {
  if (state === '"' || state === "'") return character === state ? 'between' : state
  if (character === '>') return null
  const isBlank = /[\t\n\f\r ]/.test(character)
  if (state === 'bare-value') return isBlank ? 'between' : state
  if (state === 'before-value') {
    if (isBlank) return state
    return character === '"' || character === "'" ? character : 'bare-value'
  }
  if (character === '/') return 'between'
  if (state === 'name') return isBlank ? 'between' : state
  if (character === '=' && state !== 'between') return 'before-value'
  if (isBlank) return state === 'between' ? state : 'behind-attribute'
  return 'attribute'
}

function distinct(readings: readonly Reading[]): readonly Reading[] {
  if (readings.length < 2) return readings
  return [...new Map(readings.map((reading) => [`${reading.state} ${reading.name}`, reading])).values()]
}
