/** A column that a view's query names, and the table it is of, as `schema.table`. */
export interface Reference {
  readonly table: string
  readonly column: string
}

interface Output {
  /** Is the output just the one column it refers to? */
  readonly isPlain: boolean
  readonly references: readonly Reference[]
}

/** What the query of a view says. */
export interface MysqlView {
  readonly tables: readonly string[]
  /** The outputs by their names in lower case. */
  readonly outputs: ReadonlyMap<string, Output>
  /** Columns outside the outputs: in joins, conditions, groups and orders. */
  readonly deciders: readonly Reference[]
}

interface Token {
  readonly kind: 'name' | 'text' | 'word' | 'mark'
  readonly text: string
}

const tokens = /\s+|`((?:[^`]|``)+)`|('(?:[^']|'')*')|([\w$]+)|([^\s`'"\\])/gsuy
/** Only a single query over tables is followed; a view with one of these words is not. */
const notFollowed = new Set(['union', 'except', 'intersect', 'with', 'lateral', 'values', 'over', 'window'])

/**
 * Reads a view's query as MySQL and MariaDB keep it: every name in backticks, every table with its schema, every column with
 * its table. Null for whatever is not one SELECT of this form over tables: it is followed wholly or not at all.
 */
export function readMysqlView(definition: string): MysqlView | null {
  const read = tokenize(definition)
  if (read === null || read[0]?.text.toLowerCase() !== 'select') return null
  const words = read.flatMap(({ kind, text }) => (kind === 'word' ? [text.toLowerCase()] : []))
  if (words.filter((word) => word === 'select').length !== 1 || words.some((word) => notFollowed.has(word))) return null
  const [from = read.length] = placesOutside(read, ({ kind, text }) => kind === 'word' && text.toLowerCase() === 'from')
  const rest = read.slice(from)
  const found = tablesIn(rest)
  if (found === null) return null
  const { tables, places } = found
  const outputs = new Map<string, Output>()
  for (const item of split(read.slice(1, from))) {
    const output = outputOf(item, tables)
    if (output === null) return null
    outputs.set(output.name.toLowerCase(), output)
  }
  const deciders = referencesIn(rest, { tables, places, outputs })
  if (deciders === null) return null
  // DISTINCT compares every output, so every output decides which rows remain.
  const isDistinct = read[1]?.kind === 'word' && read[1].text.toLowerCase() === 'distinct'
  const compared = isDistinct ? [...outputs.values()].flatMap(({ references }) => references) : []
  return { tables: [...new Set(tables.values())], outputs, deciders: [...deciders, ...compared] }
}

function tokenize(text: string): Token[] | null {
  const read: Token[] = []
  for (let at = 0; at < text.length;) {
    tokens.lastIndex = at
    const match = tokens.exec(text)
    // A backslash or a double quote is read in several ways.
    if (match === null) return null
    at += match[0].length
    const [, name, literal, word, mark] = match
    if (name !== undefined) read.push({ kind: 'name', text: name.replaceAll('``', '`') })
    else if (literal !== undefined) read.push({ kind: 'text', text: literal })
    else if (word !== undefined) read.push({ kind: 'word', text: word })
    else if (mark !== undefined) read.push({ kind: 'mark', text: mark })
  }
  return read
}

/** Places of such tokens outside brackets. */
function placesOutside(read: readonly Token[], is: (token: Token) => boolean): number[] {
  let depth = 0
  return read.flatMap((token, at) => {
    if (token.kind === 'mark' && token.text === '(') depth += 1
    if (token.kind === 'mark' && token.text === ')') depth -= 1
    return depth === 0 && is(token) ? [at] : []
  })
}

/** What stands between the commas. */
function split(read: readonly Token[]): Token[][] {
  const commas = placesOutside(read, ({ kind, text }) => kind === 'mark' && text === ',')
  let start = 0
  return [...commas, read.length].map((end) => {
    const item = read.slice(start, end)
    start = end + 1
    return item
  })
}

interface Tables {
  /** Tables by the name that columns use for them: `schema`.`table`, with a name after it or without. */
  readonly tables: ReadonlyMap<string, string>
  /** The positions of the tables among the tokens. */
  readonly places: ReadonlySet<number>
}

function tablesIn(rest: readonly Token[]): Tables | null {
  const tables = new Map<string, string>()
  const places = new Set<number>()
  for (const { at, end, names } of pathsIn(rest)) {
    if (!standsAsTable(rest, at)) continue
    const [schema, table, more] = names
    if (table === undefined || more !== undefined) return null
    const after = rest[end]
    const name = (after?.kind === 'name' ? after.text : table).toLowerCase()
    if (tables.has(name)) return null
    tables.set(name, `${schema}.${table}`)
    places.add(at)
    if (after?.kind === 'name') places.add(end)
  }
  return { tables, places }
}

/** Does a name follow FROM, which is the first word here, or JOIN, with or without brackets between? */
function standsAsTable(rest: readonly Token[], at: number): boolean {
  let place = at - 1
  while (rest[place]?.kind === 'mark' && rest[place]?.text === '(') place -= 1
  const word = rest[place]
  return place === 0 || (word?.kind === 'word' && /^(straight_)?join$/i.test(word.text))
}

interface Path {
  readonly at: number
  readonly end: number
  readonly names: readonly [string, ...string[]]
}

/** Names with dots between them. */
function pathsIn(read: readonly Token[]): Path[] {
  const paths: Path[] = []
  for (let at = 0; at < read.length; at += 1) {
    const token = read[at]
    if (token?.kind !== 'name') continue
    const names: [string, ...string[]] = [token.text]
    let end = at + 1
    while (read[end]?.text === '.' && read[end + 1]?.kind === 'name') {
      names.push(read[end + 1]?.text ?? '')
      end += 2
    }
    paths.push({ at, end, names })
    at = end - 1
  }
  return paths
}

function outputOf(item: readonly Token[], tables: Tables['tables']): (Output & { readonly name: string }) | null {
  const [as, name] = item.slice(-2)
  if (as?.kind !== 'word' || as.text.toLowerCase() !== 'as' || name?.kind !== 'name') return null
  const written = item.slice(0, -2)
  const expression = written[0]?.text.toLowerCase() === 'distinct' ? written.slice(1) : written
  const references = referencesIn(expression, { tables, places: new Set(), outputs: new Map() })
  if (references === null) return null
  const [path] = pathsIn(expression)
  return { name: name.text, isPlain: path?.at === 0 && path.end === expression.length, references }
}

/** The columns named; null where a name does not belong to a table or output, such as a function of the database. */
function referencesIn(
  read: readonly Token[],
  { tables, places, outputs }: Tables & { readonly outputs: ReadonlyMap<string, Output> },
): Reference[] | null {
  const references: Reference[] = []
  for (const { at, end, names } of pathsIn(read)) {
    if (places.has(at)) continue
    const [first, second, third] = names
    const output = second === undefined ? outputs.get(first.toLowerCase()) : undefined
    const table = tables.get((third === undefined ? first : (second ?? '')).toLowerCase())
    const column = third ?? second
    if (read[end]?.text === '(') return null
    if (output !== undefined) references.push(...output.references)
    else if (table === undefined || column === undefined || names.length > 3) return null
    else references.push({ table, column })
  }
  return references
}
