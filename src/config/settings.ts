import type { SettingPath } from './schema-paths.ts'

/** Where a value came from, from the strongest to the weakest. */
export type OriginKind = 'flag' | 'environment' | 'project-file' | 'user-file' | 'default'

export interface Origin {
  readonly kind: OriginKind
  /** `--set`, `SALLYPORT_MODEL_NAME`, `/home/a/.config/sallyport/config.yaml`; empty for defaults. */
  readonly where: string
  /** 1-based, null where there is no file. */
  readonly line: number | null
  readonly column: number | null
}

export const defaultOrigin: Origin = { kind: 'default', where: '', line: null, column: null }

/** One value somebody gave. `value` is a scalar, a list, or an empty map. */
export interface Setting {
  readonly path: SettingPath
  readonly value: unknown
  readonly origin: Origin
  /** True when the value was read from a place of its own (a `*_FILE`, an environment variable): it may be a secret. */
  readonly indirect: boolean
}

export interface Problem {
  readonly origin: Origin
  readonly message: string
}

/** `sallyport.yaml:3:5`, `SALLYPORT_MODEL_NAME`, `--set`. */
export function describeOrigin(origin: Origin): string {
  if (origin.kind === 'default') return 'default'
  return origin.line === null ? origin.where : `${origin.where}:${origin.line}:${origin.column ?? 1}`
}

type Branch = { [key: string]: unknown }

function isBranch(value: unknown): value is Branch {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Builds the tree that settings describe; later settings win, maps are joined, lists are replaced. */
export function assemble(settings: readonly Setting[]): Branch {
  const root: Branch = Object.create(null) as Branch
  for (const { path, value } of settings) {
    let branch = root
    for (const key of path.slice(0, -1)) {
      const next = branch[key]
      const made: Branch = isBranch(next) ? next : (Object.create(null) as Branch)
      branch[key] = made
      branch = made
    }
    const last = path.at(-1)
    if (last === undefined) continue
    const isEmptyMap = isBranch(value) && Object.keys(value).length === 0
    branch[last] = isEmptyMap && isBranch(branch[last]) ? branch[last] : value
  }
  return root
}

function startsWith(path: SettingPath, prefix: SettingPath): boolean {
  return prefix.length <= path.length && prefix.every((key, index) => String(key) === String(path[index]))
}

/** The strongest setting that gave the value at `path`, or something inside it, or something around it. */
export function originOf(settings: readonly Setting[], path: SettingPath): Setting | null {
  return (
    settings.findLast((setting) => startsWith(path, setting.path)) ??
    settings.findLast((setting) => startsWith(setting.path, path)) ??
    null
  )
}

export function describeProblem(problem: Problem): string {
  return problem.origin.kind === 'default' ? problem.message : `${describeOrigin(problem.origin)}: ${problem.message}`
}

/** A tree given as one value (a flag or an environment variable that holds a map), as settings. */
export function flatten(
  path: SettingPath,
  value: unknown,
  from: Pick<Setting, 'origin' | 'indirect'>,
): readonly Setting[] {
  if (isBranch(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, inner]) => flatten([...path, key], inner, from))
  }
  return [{ path, value, ...from }]
}
