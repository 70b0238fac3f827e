import { z } from 'zod'
import { formatPath, keysAt, leavesOf, schemasAt, type SettingPath } from './schema-paths.ts'
import { defaultOrigin, originOf, type Problem, type Setting } from './settings.ts'
import { suggest } from './suggest.ts'
import { unitNote } from './units.ts'

/** What the schema has against the settings, each with the place the value came from and what was likely meant. */
export function schemaProblems(
  error: Pick<z.ZodError, 'issues'>,
  schema: z.core.$ZodType,
  settings: readonly Setting[],
): Problem[] {
  const originAt = (path: SettingPath) => originOf(settings, path)?.origin ?? defaultOrigin
  return error.issues.flatMap((issue) => {
    const path = issue.path as SettingPath
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        origin: originAt([...path, key]),
        message: unknownKey(path, key, schema),
      }))
    }
    const where = formatPath(path)
    const message = issue.message.charAt(0).toLowerCase() + issue.message.slice(1)
    return [{ origin: originAt(path), message: where === '' ? message : `${where}: ${message}` }]
  })
}

function unknownKey(path: SettingPath, key: string, schema: z.core.$ZodType): string {
  const known = keysAt(schema, path)
  const where = path.length === 0 ? '' : ` in ${formatPath(path)}`
  const near = suggest(key, known)
  if (near !== null) return `unknown key "${key}"${where}; did you mean "${near}"${unitNote(key, near)}?`
  const elsewhere = leavesOf(schema).find((leaf) => leaf.path.at(-1) === key)
  if (elsewhere !== undefined) return `unknown key "${key}"${where}; did you mean "${elsewhere.path.join('.')}"?`
  return `unknown key "${key}"${where}; known here: ${known.join(', ')}`
}

/** Entries of maps that the schema would pass over without a word, so that what they say would not be in force. */
export function droppedEntries(settings: readonly Setting[], schema: z.core.$ZodType): Problem[] {
  return settings.flatMap(({ path, origin }) => {
    const map = path.slice(0, path.indexOf('__proto__'))
    const isDropped = path.includes('__proto__') && schemasAt(schema, map).some((each) => each instanceof z.ZodRecord)
    return isDropped ? [{ origin, message: `unknown key "__proto__" in ${formatPath(map)}` }] : []
  })
}
