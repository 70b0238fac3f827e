import { join } from 'node:path'
import type { z } from 'zod'
import { ServiceError, toServiceError } from '../core/errors.ts'
import { isMissing, readRegularFileSync } from '../files/regular-file.ts'
import { Secret } from '../core/secret.ts'
import { environmentLayer, variableName } from './environment-layer.ts'
import { defaultSecretsDirectory, defaultStateDirectory, userFilePath, type Variables } from './environment.ts'
import { flagLayer, type Flags } from './flag-layer.ts'
import { openaiLayer } from './openai-variables.ts'
import { readToolsFile, resolveReferences } from './references.ts'
import { namelessPolicies } from './nameless-policies.ts'
import { routeProblems } from './route-problems.ts'
import { projectProblems } from './project-policy.ts'
import { droppedEntries, schemaProblems } from './problems.ts'
import { createConfigSchema, type Config } from './schema.ts'
import { formatPath, leavesOf, type Leaf, type SettingPath } from './schema-paths.ts'
import {
  assemble,
  defaultOrigin,
  describeProblem,
  originOf,
  type Origin,
  type Problem,
  type Setting,
} from './settings.ts'
import { parseYamlFile } from './yaml-file.ts'

export interface LoadOptions {
  readonly variables: Variables
  /** The folder whose `sallyport.yaml` is read. */
  readonly workingDirectory: string
  readonly flags: Flags
  /** Defaults of this command that differ from the schema's; everything else is stronger. */
  readonly defaults?: Flags
  /** `--config FILE`: read instead of the user file, and must exist. */
  readonly file?: string
}

export interface LoadedConfig {
  readonly config: Config
  readonly schema: z.core.$ZodType
  /** Files that were read, strongest first. */
  readonly files: readonly string[]
  originOf(path: SettingPath): Origin
}

/**
 * The configuration: flag > environment > project file > user file > default, key by key. Throws `invalid-config` with
 * one line per problem, all of them at once, each with file, line and column or the variable's name.
 */
export function loadConfig(options: LoadOptions): LoadedConfig {
  const schema = createConfigSchema(
    defaultStateDirectory(options.variables),
    defaultSecretsDirectory(options.variables),
  )
  const leaves = leavesOf(schema)
  const explicit = options.file ?? options.variables['SALLYPORT_CONFIG']
  const userPath = explicit ?? userFilePath(options.variables)
  const projectPath = join(options.workingDirectory, 'sallyport.yaml')
  const user = readLayer(userPath, userPath, 'user-file', explicit !== undefined)
  const project = userPath === projectPath ? null : readLayer(projectPath, 'sallyport.yaml', 'project-file', false)
  const environment = environmentLayer(options.variables, leaves)
  const flags = flagLayer(options.flags, schema)
  const problems = [user, project, environment, flags].flatMap((layer) => layer?.problems ?? [])

  const resolve = (written: readonly Setting[]) => resolveReferences(written, { schema, variables: options.variables })
  const [references, flagged] = [resolve(user?.settings ?? []), resolve(flags.settings)]
  problems.push(...references.problems, ...flagged.problems)
  const unread = [...references.unread, ...flagged.unread].map(formatPath)
  const written = [...references.settings, ...environment.settings, ...flagged.settings]
  const declared = readToolsFile(written, options.workingDirectory)
  problems.push(...declared.problems)
  const trusted = [...declared.settings, ...written]
  const projectSettings = project?.settings ?? []
  const defaults = flagLayer(options.defaults ?? {}, schema).settings.map(({ path, value, indirect }) => ({
    path,
    value,
    indirect,
    origin: defaultOrigin,
  }))
  const given = [
    ...declared.settings,
    ...references.settings,
    ...projectSettings,
    ...environment.settings,
    ...flagged.settings,
  ]
  const settings = [...defaults, ...openaiLayer(options.variables, given), ...given]

  const parsed = schema.safeParse(assemble(settings))
  if (!parsed.success) problems.push(...schemaProblems(withoutUnread(parsed.error, unread), schema, settings))
  problems.push(...droppedEntries(settings, schema))
  if (projectSettings.length > 0) {
    const withoutProject = schema.safeParse(assemble([...defaults, ...trusted]))
    const plain = withoutProject.success ? withoutProject.data : schema.parse({})
    const known = new Set(problems.map((problem) => problem.origin))
    const loosening = projectProblems(projectSettings, (path) => valueAt(plain, path))
    problems.push(...loosening.filter((problem) => !known.has(problem.origin)))
  }
  if (parsed.success) {
    const { data } = parsed
    problems.push(
      ...literalSecrets(data, settings, leaves),
      ...namelessPolicies(data, settings),
      ...routeProblems(data, settings),
    )
  }
  if (problems.length > 0 || !parsed.success) throw invalid(problems)
  return {
    config: parsed.data,
    schema,
    files: [project === null ? null : projectPath, user === null ? null : userPath].filter((path) => path !== null),
    originOf: (path) => originOf(settings, path)?.origin ?? defaultOrigin,
  }
}

/** Of a value that could not be read nothing more is wrong than that. */
function withoutUnread({ issues }: z.ZodError, unread: readonly string[]): Pick<z.ZodError, 'issues'> {
  return { issues: issues.filter(({ path }) => !unread.includes(formatPath(path as SettingPath))) }
}

function invalid(problems: readonly Problem[]): ServiceError {
  const lines = [...new Set(problems.map(describeProblem))]
  return new ServiceError('invalid-config', lines.join('\n'))
}

const fileLimit = { bytes: 4_194_304, setting: null }

function readLayer(path: string, where: string, kind: 'user-file' | 'project-file', required: boolean) {
  let text: string
  try {
    text = readRegularFileSync(path, fileLimit).toString('utf8')
  } catch (thrown) {
    if (!required && isMissing(thrown)) return null
    throw new ServiceError('invalid-config', toServiceError(thrown).message, { cause: thrown })
  }
  return parseYamlFile(text, { kind, where })
}

/** The value at a path of a parsed configuration, undefined where there is none. */
export function valueAt(tree: unknown, path: SettingPath): unknown {
  return path.reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    return (value as Readonly<Record<string | number, unknown>>)[key]
  }, tree)
}

/** Secrets written into a file get copied, committed and shown: they are taken from the environment or a file of their own. */
function literalSecrets(config: Config, settings: readonly Setting[], leaves: readonly Leaf[]): Problem[] {
  return settings
    .filter((setting) => !setting.indirect && [valueAt(config, setting.path)].flat().some(isSecret))
    .map(({ path, origin, value }) => {
      const name = formatPath(path)
      const isFlag = origin.kind === 'flag' && !Array.isArray(value)
      const reference = isFlag ? `--set ${name}.file=PATH or ${name}.env=NAME` : '{ file: PATH } or { env: NAME }'
      const leaf = leaves.find((candidate) => formatPath(candidate.path) === name)
      const variable = leaf === undefined ? '' : `, or set ${variableName(leaf.path)} or …_FILE`
      return { origin, message: `${name} is a secret and is not read from here: write ${reference}${variable}` }
    })
}

function isSecret(value: unknown): boolean {
  return value instanceof Secret
}
