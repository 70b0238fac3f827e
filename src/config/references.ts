import { resolve } from 'node:path'
import type { z } from 'zod'
import { toServiceError } from '../core/errors.ts'
import { readRegularFileSync } from '../files/regular-file.ts'
import { readSecretFile } from './environment-layer.ts'
import type { Variables } from './environment.ts'
import { formatPath, isPlace, isText, type Place, type SettingPath } from './schema-paths.ts'
import type { Origin, Problem, Setting } from './settings.ts'
import { parseYamlFile, type ParsedFile } from './yaml-file.ts'

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

const toolsPath: SettingPath = ['actions', 'tools']
const toolsFilePath: SettingPath = ['actions', 'tools_file']
const toolsFileLimit = { bytes: 4_194_304, setting: null }

/**
 * The declarations in the file that `actions.tools_file` names, each with its line there, as if they stood in `actions.tools`. A
 * tool that both have is a problem: of two declarations nobody could say which of them decides. `settings` are those of trusted
 * layers alone, since what a project's folder names is not read.
 */
export function readToolsFile(settings: readonly Setting[], workingDirectory: string): ParsedFile {
  const named = settings.findLast(({ path }) => formatPath(path) === formatPath(toolsFilePath))
  if (typeof named?.value !== 'string' || named.value === '') return { settings: [], problems: [] }
  const { origin, value: file } = named
  let text: string
  try {
    text = readRegularFileSync(resolve(workingDirectory, file), toolsFileLimit).toString('utf8')
  } catch (thrown) {
    const message = `${formatPath(toolsFilePath)} cannot be read: ${toServiceError(thrown).message}`
    return { settings: [], problems: [{ origin, message }] }
  }
  const parsed = parseYamlFile(text, { kind: origin.kind, where: file })
  const declared = parsed.settings.map((setting): Setting => ({ ...setting, path: [...toolsPath, ...setting.path] }))
  return { settings: declared, problems: [...parsed.problems, ...twice(declared, settings)] }
}

function twice(declared: readonly Setting[], others: readonly Setting[]): readonly Problem[] {
  const inline = new Set(others.flatMap(({ path }) => toolIn(path) ?? []))
  const firsts = new Map<string, Origin>()
  for (const { path, origin } of declared) {
    const name = toolIn(path)
    if (name !== null && !firsts.has(name)) firsts.set(name, origin)
  }
  return [...firsts].flatMap(([name, origin]) => {
    const message = `${formatPath([...toolsPath, name])} is declared here and in the configuration: leave one of them out`
    return inline.has(name) ? [{ origin, message }] : []
  })
}

function toolIn([first, second, name]: SettingPath): string | null {
  return first === toolsPath[0] && second === toolsPath[1] && name !== undefined ? String(name) : null
}
