/** A generator of numbers in [0, 1) that a seed decides (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export interface MutationWords {
  readonly tables: readonly string[]
  readonly columns: readonly string[]
  readonly functions: readonly string[]
}

type Pick = <T>(items: readonly T[]) => T

const name = /\b[a-z_][a-z0-9_]*\b/gi
const call = /\b[a-z_][a-z0-9_]*(?=\s*\()/gi
const literal = /'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b/g

/** A statement made from another by one to three changes of the kinds an attacker or a confused model makes. */
export function mutate(statements: readonly string[], words: MutationWords, random: () => number): string {
  const pick: Pick = (items) => items[Math.floor(random() * items.length)] as (typeof items)[number]
  let text = pick(statements).replace(/;\s*$/, '')
  for (let changes = 1 + Math.floor(random() * 3); changes > 0; changes -= 1)
    text = pick(mutations)(text, pick, { words, statements })
  return text
}

interface Material {
  readonly words: MutationWords
  readonly statements: readonly string[]
}

function replaceOne(text: string, pattern: RegExp, pick: Pick, by: (old: string) => string): string {
  const matches = [...text.matchAll(pattern)]
  if (matches.length === 0) return text
  const match = pick(matches)
  return text.slice(0, match.index) + by(match[0]) + text.slice(match.index + match[0].length)
}

const operators = ['=', '<>', '<', '+', '-', '*', '/', '%', '||', '~', '@>', '&&', '->', '->>', '#>', '^', '@@']
const casts = ['', '::text', '::int', '::float8', '::bpchar', '::varchar', '::jsonb', '::regclass', '::name', '::oid']

const mutations: readonly ((text: string, pick: Pick, material: Material) => string)[] = [
  (text, pick, { words }) => replaceOne(text, /(?<=\b(?:from|join)\s+)[a-z_]\w*/gi, pick, () => pick(words.tables)),
  (text, pick, { words }) => replaceOne(text, call, pick, () => pick(words.functions)),
  (text, pick, { words }) => replaceOne(text, name, pick, () => pick(words.columns)),
  (text, pick, { words }) => replaceOne(text, name, pick, () => pick([...words.tables, ...words.functions])),
  (text, pick, { words }) => replaceOne(text, literal, pick, () => `(SELECT count(*) FROM ${pick(words.tables)})`),
  (text, pick, { words }) => replaceOne(text, literal, pick, (old) => `${pick(words.functions)}(${old})`),
  (text, pick, { words }) => replaceOne(text, name, pick, (old) => `${pick(words.functions)}(${old})`),
  (text, pick, { words }) => replaceOne(text, /$/g, pick, () => `, ${pick(words.tables)}`),
  (text, pick, { statements }) => `SELECT * FROM (${text}) q1 WHERE EXISTS (${pick(statements)})`,
  (text, pick, { statements }) => `(${text}) UNION ALL (${pick(statements)})`,
  (text, pick, { words }) => `WITH ${pick(words.tables)} AS (${text}) SELECT * FROM ${pick(words.tables)}`,
  (text, pick, { words }) => `SELECT (${text} LIMIT 1), q2 FROM ${pick(words.tables)} q2`,
  (text, pick, { words }) => `SELECT q3.*, to_jsonb(q3) FROM (${text}) q3 NATURAL JOIN ${pick(words.tables)}`,
  (text, pick) => replaceOne(text, /<=|>=|<>|!~|[=<>+*/%~|-]/g, pick, () => pick(operators)),
  (text, pick, { words }) =>
    replaceOne(
      text,
      name,
      pick,
      (old) => `${old}${pick(casts)} ${pick(operators)} ${pick(words.columns)}${pick(casts)}`,
    ),
  (text, pick) => replaceOne(text, /\s+/g, pick, () => pick(['/**/', ' -- \n', ' ', '\n'])),
  (text, pick) => replaceOne(text, /[^\s]+/g, pick, () => ''),
  (text, pick) => replaceOne(text, /[^\s]+/g, pick, (old) => `${old} ${old}`),
  (text, pick) => replaceOne(text, /[()'",.]/g, pick, () => pick(['(', ')', "'", '"', ',', '.', '::'])),
  (text, pick) =>
    `${text} ${pick(['FOR UPDATE', 'FOR SHARE', 'LIMIT ALL', 'ORDER BY 1', 'OFFSET 1', 'INTO x', '; SELECT 1'])}`,
]
