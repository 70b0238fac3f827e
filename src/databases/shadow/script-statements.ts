/** One statement of a script. */
export interface ScriptStatement {
  readonly text: string
  /** Where its first character stands in the script, in UTF-16 code units. */
  readonly offset: number
}

/** What may hold a semicolon that ends nothing, and the words that open and close a function's own body of SQL. */
const tokens =
  /--[^\n]*|\/\*|'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$)|[\p{L}_][\p{L}\p{N}_$]*|^\\[^\n]*|[();]/gmu
const escapeString = /[eE]'(?:[^'\\]|''|\\[\s\S])*'/uy

/**
 * The statements of a script as psql would send them: cut at semicolons outside quotes, comments, brackets and bodies of
 * functions, without psql's own lines and without the rows that follow `COPY … FROM stdin`.
 */
export function scriptStatements(script: string): ScriptStatement[] {
  const statements: ScriptStatement[] = []
  let begin = 0
  let depth = 0
  let words = 0
  const finish = (end: number): void => {
    const text = script.slice(begin, end)
    const isEmpty = bare(text) === ''
    if (!isEmpty) statements.push({ text, offset: begin })
    begin = end + 1
    depth = 0
    words = 0
    if (isEmpty || !/^COPY\b[\s\S]*\bFROM\s+STDIN\b/i.test(bare(text))) return
    const rows = /^\\\.\s*?$/m.exec(script.slice(begin))
    begin = rows === null ? script.length : begin + rows.index + rows[0].length
  }
  for (let match = next(script, 0); match !== null; match = next(script, Math.max(begin, match.end))) {
    const { text, start } = match
    if (text.startsWith('\\')) {
      if (bare(script.slice(begin, start)) === '') begin = match.end
    } else if (text === '(') depth += 1
    else if (text === ')') depth -= 1
    else if (text === ';' && depth <= 0 && words === 0) finish(start)
    else if (/^(atomic|case|end)$/i.test(text)) words = bodyDepth(words, text.toLowerCase())
  }
  finish(script.length)
  return statements
}

/** The depth inside a body that `BEGIN ATOMIC` opened: CASE opens a level in it, END closes one. */
function bodyDepth(depth: number, word: string): number {
  if (word === 'atomic') return depth + 1
  return depth === 0 ? 0 : depth + (word === 'case' ? 1 : -1)
}

interface Token {
  readonly text: string
  readonly start: number
  readonly end: number
}

function next(script: string, from: number): Token | null {
  tokens.lastIndex = from
  const match = tokens.exec(script)
  if (match === null) return null
  const [text] = match
  const start = match.index
  if (match[1] !== undefined) return { text, start, end: endOf(script, match[1], start + text.length) }
  if (text === '/*') return { text, start, end: endOfComment(script, start) }
  if (/^e$/i.test(text) && script[start + 1] === "'") {
    escapeString.lastIndex = start
    if (escapeString.test(script)) return { text: "''", start, end: escapeString.lastIndex }
  }
  return { text, start, end: start + text.length }
}

function endOf(script: string, mark: string, from: number): number {
  const end = script.indexOf(mark, from)
  return end < 0 ? script.length : end + mark.length
}

/** Comments nest. */
function endOfComment(script: string, from: number): number {
  let depth = 0
  for (let at = from; at < script.length; at += 1) {
    if (script.startsWith('/*', at)) depth += 1
    else if (script.startsWith('*/', at)) depth -= 1
    else continue
    at += 1
    if (depth === 0) return at + 1
  }
  return script.length
}

/** The text without the comments and blanks before its first word. */
function bare(text: string): string {
  let rest = text.trimStart()
  for (;;) {
    if (rest.startsWith('--')) rest = rest.slice(`${rest}\n`.indexOf('\n')).trimStart()
    else if (rest.startsWith('/*')) rest = rest.slice(endOfComment(rest, 0)).trimStart()
    else return rest
  }
}

/** Rows, and what opens and ends transactions. */
const unneeded =
  /^(COPY|INSERT|UPDATE|DELETE|TRUNCATE|BEGIN|START|COMMIT|END|ROLLBACK|ABORT|SAVEPOINT|RELEASE|LOCK|ANALYZE|VACUUM)\b/i

const expendable = [
  /^(GRANT|REVOKE|COMMENT|SECURITY|SET|RESET|SELECT|DROP|DO|NOTIFY|REFRESH|CLUSTER)\b/i,
  /^CREATE\s+(OR\s+REPLACE\s+)?(UNIQUE\s+)?(CONSTRAINT\s+|EVENT\s+)?(INDEX|TRIGGER|POLICY|RULE|EXTENSION|ROLE|USER|GROUP|DATABASE|PUBLICATION|SUBSCRIPTION|STATISTICS|FUNCTION|PROCEDURE|AGGREGATE|LANGUAGE|TRUSTED|PROCEDURAL|SERVER|FOREIGN\s+DATA|ACCESS|TEXT\s+SEARCH|COLLATION|TABLESPACE)\b/i,
  /^ALTER\s+(DEFAULT|INDEX|SEQUENCE|PUBLICATION|SUBSCRIPTION|ROLE|USER|DATABASE|SYSTEM|POLICY|TRIGGER|EVENT|EXTENSION|STATISTICS|FUNCTION|PROCEDURE|AGGREGATE|LARGE)\b/i,
  /^ALTER\s[\s\S]*\b(OWNER\s+TO|CLUSTER\s+ON|REPLICA\s+IDENTITY|(ENABLE|DISABLE|FORCE)\s+(ALWAYS\s+|REPLICA\s+)?(ROW|TRIGGER|RULE)|SET\s+(STATISTICS|STORAGE|COMPRESSION|TABLESPACE))\b/i,
  /^ALTER\s+TABLE\b[\s\S]*\b(FOREIGN\s+KEY|CHECK|EXCLUDE|SET\s+DEFAULT)\b/i,
]

/** Needs a schema without rows this statement at all? */
export function isNeeded({ text }: ScriptStatement): boolean {
  return !unneeded.test(bare(text))
}

/**
 * May this statement fail without a table, column or type missing? Owners, privileges, indexes, triggers and extensions
 * of a dump refer to what a schema alone does not have.
 */
export function isExpendable({ text }: ScriptStatement): boolean {
  const statement = bare(text)
  return expendable.some((form) => form.test(statement))
}
