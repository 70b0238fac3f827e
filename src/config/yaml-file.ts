import type { Node } from 'yaml'
import type { SettingPath } from './schema-paths.ts'
import type { Origin, OriginKind, Problem, Setting } from './settings.ts'
import { yaml } from './yaml-library.ts'

export interface ParsedFile {
  readonly settings: readonly Setting[]
  readonly problems: readonly Problem[]
}

interface Place {
  readonly kind: OriginKind
  /** The file as named in messages. */
  readonly where: string
}

/** Reads one configuration file. Every value keeps the line and column of its key; none is checked yet. */
export function parseYamlFile(text: string, place: Place): ParsedFile {
  const { isMap, LineCounter, parseDocument } = yaml()
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const at = (offset: number | undefined): Origin => {
    const position = lines.linePos(offset ?? 0)
    return { ...place, line: Math.max(1, position.line), column: Math.max(1, position.col) }
  }
  const errors = [...document.errors, ...document.warnings]
  if (errors.length > 0) {
    const problems = errors.map((error) => ({ origin: at(error.pos[0]), message: `not valid YAML: ${error.message}` }))
    return { settings: [], problems }
  }
  if (document.contents === null) return { settings: [], problems: [] }
  if (!isMap(document.contents)) {
    const message = 'a configuration file is a map of keys, like "model:" with "name: …" below it'
    return { settings: [], problems: [{ origin: at(document.contents.range?.[0]), message }] }
  }
  return collect(document.contents, at)
}

function collect(root: Node, at: (offset: number | undefined) => Origin): ParsedFile {
  const { isMap, isScalar, isSeq } = yaml()
  const settings: Setting[] = []
  const problems: Problem[] = []
  const add = (path: SettingPath, value: unknown, origin: Origin): void => {
    settings.push({ path, value, origin, indirect: false })
  }
  const visit = (node: Node | null, path: SettingPath, origin: Origin): void => {
    if (isMap(node)) {
      if (node.items.length === 0) add(path, {}, origin)
      for (const { key, value } of node.items) {
        const place = at((key as Node).range?.[0])
        const name: unknown = isScalar(key) ? key.value : null
        if (typeof name !== 'string' && typeof name !== 'number' && typeof name !== 'boolean') {
          problems.push({ origin: place, message: 'a key must be a plain word' })
          continue
        }
        // "model:" with everything below it commented out means the section was left alone.
        if (path.length === 0 && (value === null || (isScalar(value) && value.value === null))) continue
        visit(value as Node | null, [...path, String(name)], place)
      }
    } else if (isSeq(node)) {
      add(path, node.toJSON(), origin)
    } else if (isScalar(node)) {
      add(path, node.value, origin)
    } else if (node === null) {
      add(path, null, origin)
    } else {
      problems.push({ origin, message: 'aliases (*name) are not used in configuration files' })
    }
  }
  visit(root, [], at(0))
  return { settings, problems }
}
