import { z } from 'zod'
import { formatPath, isPlace, isText, keysAt, kindOf, leavesOf, schemasAt } from './schema-paths.ts'
import { flatten, type Origin, type Problem, type Setting } from './settings.ts'
import { suggest } from './suggest.ts'
import { unitNote } from './units.ts'
import { yaml } from './yaml-library.ts'

/** Settings given on the command line, `model.name` → `qwen3`. */
export type Flags = Readonly<Record<string, string>>

interface Layer {
  readonly settings: readonly Setting[]
  readonly problems: readonly Problem[]
}

/**
 * Settings given by `--set`. A key is a path to any depth: `gateway.groups.default.sandbox.memory_mb`. A name with dots of
 * its own stands in double quotes; a list is given whole; a map may be, as YAML, and is joined with what other places say.
 */
export function flagLayer(flags: Flags, schema: z.core.$ZodType): Layer {
  const settings: Setting[] = []
  const problems: Problem[] = []
  for (const [key, text] of Object.entries(flags)) {
    const origin: Origin = { kind: 'flag', where: `--set ${key}`, line: null, column: null }
    const path = splitKey(key)
    const complaint = complaintAbout(path, schema)
    if (complaint !== null) {
      problems.push({ origin, message: complaint })
      continue
    }
    try {
      // A command line is visible to every process of the machine, so a secret on it counts as written out.
      const from = { origin, indirect: false }
      settings.push(...flatten(path, readAt(schemasAt(schema, path), text), from))
    } catch (error) {
      const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown'
      problems.push({ origin, message: `the value is not valid YAML: ${reason}` })
    }
  }
  return { settings, problems }
}

const malformed =
  'write the key as names with dots between, like gateway.groups.default.tools; a name with dots of its own stands in double quotes'
const listAdvice = 'a list is given whole, as KEY=a,b or KEY=[a, b]'

/** No names at all where one is empty or a quotation mark stands alone. */
function splitKey(key: string): readonly string[] {
  const name = String.raw`(?:"[^"]+"|[^".]+)`
  if (!new RegExp(String.raw`^${name}(?:\.${name})*$`).test(key)) return []
  return [...key.matchAll(new RegExp(name, 'g'))].map(([found]) => found.replaceAll('"', ''))
}

/** What is wrong with a path; null where a value may stand there. */
function complaintAbout(path: readonly string[], schema: z.core.$ZodType): string | null {
  if (path.length === 0) return malformed
  // Maps are built from these names, and the schema passes over this one without a word.
  if (path.includes('__proto__')) return 'no setting may be named "__proto__"'
  if (isReference(path, schema)) return null
  const known = path.findIndex((_, index) => !isKnown(path.slice(0, index + 1), schema))
  if (known === -1) return null
  const [above, key] = [path.slice(0, known), path[known] ?? '']
  const list = /^(.+?)((?:\[\d*\])+)$/.exec(key)
  if (list !== null && isKnown([...above, list[1] ?? ''], schema)) return listAdvice
  if (isList(schemasAt(schema, above))) return `${formatPath(above)} is a list; ${listAdvice}`
  const meant = nearest(path, schema)
  if (meant !== null) return `no setting has this name; did you mean "${meant}"${unitNote(path.join('.'), meant)}?`
  const names = keysAt(schema, above)
  if (names.length === 0) return `${formatPath(above)} is one value; nothing stands below it`
  const where = above.length === 0 ? '' : ` in ${formatPath(above)}`
  return `unknown key "${key}"${where}; known here: ${[...new Set(names)].join(', ')}`
}

function isKnown(path: readonly string[], schema: z.core.$ZodType): boolean {
  const isInList = path.some((_, length) => isList(schemasAt(schema, path.slice(0, length))))
  return !isInList && schemasAt(schema, path).length > 0
}

function isList(found: readonly z.core.$ZodType[]): boolean {
  return found.length > 0 && found.every((each) => kindOf(each) === 'list')
}

/** `model.api_key.env=NAME` and `model.api_key.file=PATH` say where a text is kept. */
function isReference(path: readonly string[], schema: z.core.$ZodType): boolean {
  return isPlace(path.at(-1)) && isText(schema, path.slice(0, -1))
}

/** The path with each unknown name replaced by the nearest known one; else the only kind of setting with such an end. */
function nearest(path: readonly string[], schema: z.core.$ZodType): string | null {
  const mended: string[] = []
  for (const key of path) {
    const near = isKnown([...mended, key], schema) ? key : suggest(key, keysAt(schema, mended))
    if (near === null) break
    mended.push(near)
  }
  if (mended.length === path.length) return formatPath(mended)
  const elsewhere = leavesOf(schema).find((leaf) => leaf.path.at(-1) === path.at(-1))
  return elsewhere === undefined ? null : formatPath(elsewhere.path)
}

/** A text as one of the schemas wants it. */
function readAt(found: readonly z.core.$ZodType[], text: string): unknown {
  if (found.every((each) => kindOf(each) === 'text')) return text
  if (found.some((each) => each instanceof z.ZodLiteral && each.values.has(text))) return text
  if (found.some((each) => kindOf(each) === 'list') && !/^\s*[[{]/.test(text)) {
    return text.split(',').map((item) => item.trim())
  }
  return yaml().parse(text) as unknown
}
