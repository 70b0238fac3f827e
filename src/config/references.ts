import type { z } from 'zod'
import { readSecretFile } from './environment-layer.ts'
import type { Variables } from './environment.ts'
import { formatPath, isPlace, isText, type Place, type SettingPath } from './schema-paths.ts'
import type { Origin, Problem, Setting } from './settings.ts'

interface Surroundings {
  readonly schema: z.core.$ZodType
  readonly variables: Variables
}

/**
 * Where a text is expected, a file may say `{ file: /run/secrets/key }` or `{ env: NAME }` instead: the value is read
 * from there. That is how a secret gets into a file's configuration without being written into it. Each text of a list
 * may do so; the list counts as read from elsewhere when every text in it is. `unread` are the places of values that
 * could not be read, each of them among the problems.
 */
export function resolveReferences(settings: readonly Setting[], surroundings: Surroundings) {
  const problems: Problem[] = []
  const unread: SettingPath[] = []
  const { schema, variables } = surroundings
  const readAt = (path: SettingPath, how: Place, value: unknown, origin: Origin): string => {
    try {
      return read(how, value, variables)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      problems.push({ origin, message: `${formatPath(path)} cannot be read: ${reason}` })
      unread.push(path)
      return ''
    }
  }
  const resolved = settings.map((setting): Setting => {
    const { origin, value } = setting
    const path = setting.path.slice(0, -1)
    const how = setting.path.at(-1)
    if (isPlace(how) && isText(schema, path)) {
      return { path, value: readAt(path, how, value, origin), origin, indirect: true }
    }
    if (!Array.isArray(value) || !isText(schema, [...setting.path, 0])) return setting
    const items = value.map((item: unknown, index) => {
      const [place, name, ...rest] = typeof item === 'object' && item !== null ? Object.entries(item).flat() : []
      const isReference = isPlace(place) && rest.length === 0
      return { isReference, value: isReference ? readAt([...setting.path, index], place, name, origin) : item }
    })
    return {
      ...setting,
      value: items.map((item) => item.value),
      indirect: setting.indirect || (items.length > 0 && items.every((item) => item.isReference)),
    }
  })
  return { settings: resolved, problems, unread }
}

function read(how: Place, value: unknown, variables: Variables): string {
  if (typeof value !== 'string') throw new Error(`"${how}" takes a text`)
  if (how === 'file') return readSecretFile(value)
  const found = variables[value]
  if (found === undefined || found === '') throw new Error(`the environment variable ${value} is not set`)
  return found
}
