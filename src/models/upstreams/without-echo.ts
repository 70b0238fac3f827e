/** Letters and digits in a row from which on a text is the request's own, whatever stands between them; digits alone. */
const shortestRun = 12
const shortestDigits = 6

/** Letters and digits of a whole value of the request that is told apart from a word that merely is the same. */
const shortestValue = 4

/** Bytes of the longest request that is searched: a failed call is to hold nobody else up. */
const mostSearched = 1_048_576

/** Members whose values are an API's own words. */
const wordsOfApi: ReadonlySet<string> = new Set(['model', 'object', 'role', 'type'])

/**
 * What an upstream says of a failure without what it says back of the request, which is its caller's own: neither longer
 * runs of letters and digits, however they are escaped or set apart, nor whole values. Of a request that is too long to
 * be searched nothing is shown.
 */
export function withoutEcho(said: string, request: Buffer | null): string {
  if (request === null || said === '') return said
  if (request.length > mostSearched) return '[not shown: the request is too long to be told apart from it]'
  const { letters, places } = lettersOf(unescaped(said))
  const shown = unescaped(said)
  const values = valuesIn(request)
  const isEcho = new Uint8Array(shown.length)
  const mark = (from: number, to: number): void => void isEcho.fill(1, places[from], (places[to - 1] ?? 0) + 1)
  for (const text of [unescaped(request.toString('utf8')), values.join('\n')]) {
    const runs = { said: letters, request: lettersOf(text).letters, mark }
    markRuns(runs, shortestRun, /./)
    markRuns(runs, shortestDigits, /^\d+$/)
  }
  const isEdge = (at: number): boolean => !/[\p{L}\p{N}]/u.test(shown[at] ?? ' ')
  for (const value of new Set(values.map((text) => lettersOf(text).letters))) {
    if (value.length < shortestValue || value.length > letters.length) continue
    for (let at = letters.indexOf(value); at >= 0; at = letters.indexOf(value, at + 1)) {
      const [first = 0, last = 0] = [places[at], places[at + value.length - 1]]
      if (isEdge(first - 1) && isEdge(last + 1)) mark(at, at + value.length)
    }
  }
  return shown.replaceAll(/[^]/g, (character, at: number) =>
    isEcho[at] === 1 ? (isEcho[at - 1] === 1 ? '' : '[request]') : character,
  )
}

/** The text with the escapes of JSON and HTML read, as often as they were put into one another. */
function unescaped(text: string): string {
  let [before, plain] = ['', text]
  for (let depth = 0; depth < 4 && plain !== before; depth += 1) {
    before = plain
    plain = plain
      .replaceAll(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
      .replaceAll(/\\[nrtbf]/g, ' ')
      .replaceAll(/\\(["\\/])/g, '$1')
      .replaceAll(/&#(\d{1,6});/g, (_, code: string) => String.fromCodePoint(Number(code)))
      .replaceAll(/&\w{2,8};/g, ' ')
  }
  return plain
}

interface Letters {
  /** Letters and digits alone, in lower case. */
  readonly letters: string
  /** Where each stands in the text. */
  readonly places: readonly number[]
}

function lettersOf(text: string): Letters {
  const places: number[] = []
  let letters = ''
  for (const { 0: run, index } of text.matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
    const lower = run.toLowerCase()
    // A letter that is longer in lower case would move all that follow.
    letters += lower.length === run.length ? lower : run
    for (let at = 0; at < run.length; at += 1) places.push(index + at)
  }
  return { letters, places }
}

interface Runs {
  readonly said: string
  readonly request: string
  readonly mark: (from: number, to: number) => void
}

/** Marks every run of this length and pattern that the request has, too. */
function markRuns({ said, request, mark }: Runs, length: number, pattern: RegExp): void {
  const runs = new Map<number, number[]>()
  rollingHashes(said, length).forEach((hash, at) => {
    if (pattern.test(said.slice(at, at + length))) runs.set(hash, [...(runs.get(hash) ?? []), at])
  })
  if (runs.size === 0) return
  rollingHashes(request, length).forEach((hash, at) => {
    for (const from of runs.get(hash) ?? []) {
      if (request.startsWith(said.slice(from, from + length), at)) mark(from, from + length)
    }
  })
}

/** A number for each run of so many letters, by where it begins: equal runs have equal numbers. */
function rollingHashes(text: string, length: number): Int32Array {
  const hashes = new Int32Array(Math.max(0, text.length - length + 1))
  const factor = 31
  let [hash, power] = [0, 1]
  for (let at = 1; at < length; at += 1) power = Math.imul(power, factor)
  for (let at = 0; at < text.length; at += 1) {
    const out = at >= length ? Math.imul(text.charCodeAt(at - length), power) : 0
    hash = (Math.imul(hash - out, factor) + text.charCodeAt(at)) | 0
    if (at >= length - 1) hashes[at - length + 1] = hash
  }
  return hashes
}

/** Every text of a request, and every large number, but for an API's own words. */
function valuesIn(request: Buffer): string[] {
  const values: string[] = []
  const visit = (value: unknown, name: string): void => {
    if (typeof value === 'string' && !wordsOfApi.has(name)) values.push(value)
    else if (typeof value === 'number' && Math.abs(value) >= 1e6) values.push(String(value))
    else if (Array.isArray(value)) for (const each of value) visit(each, name)
    else if (typeof value === 'object' && value !== null) {
      for (const [member, each] of Object.entries(value)) {
        // A name that is none of an API's is a caller's own word, too.
        if (!/^[a-z_]+$/.test(member)) values.push(member)
        visit(each, member)
      }
    }
  }
  try {
    visit(JSON.parse(request.toString('utf8')), '')
  } catch {
    // What cannot be read was not sent; its bytes are searched all the same.
  }
  return values
}
