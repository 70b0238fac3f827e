import type { z } from 'zod'
import { readSecretFile } from './environment-layer.ts'
import type { Variables } from './environment.ts'
import { formatPath, isText } from './schema-paths.ts'
import type { Problem, Setting } from './settings.ts'

interface Surroundings {
  readonly schema: z.core.$ZodType
  readonly variables: Variables
}

/**
 * Where a text is expected, a file may say `{ file: /run/secrets/key }` or `{ env: NAME }` instead: the value is read
 * from there. That is how a secret gets into a file's configuration without being written into it.
 */
export function resolveReferences(settings: readonly Setting[], surroundings: Surroundings) {
  const problems: Problem[] = []
  const resolved = settings.map((setting) => {
    const path = setting.path.slice(0, -1)
    const how = setting.path.at(-1)
    if ((how !== 'file' && how !== 'env') || !isText(surroundings.schema, path)) return setting
    try {
      return { path, value: read(how, setting.value, surroundings.variables), origin: setting.origin, indirect: true }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      problems.push({ origin: setting.origin, message: `${formatPath(path)} cannot be read: ${reason}` })
      return { path, value: '', origin: setting.origin, indirect: true }
    }
  })
  return { settings: resolved, problems }
}

function read(how: 'file' | 'env', value: unknown, variables: Variables): string {
  if (typeof value !== 'string') throw new Error(`"${how}" takes a text`)
  if (how === 'file') return readSecretFile(value)
  const found = variables[value]
  if (found === undefined || found === '') throw new Error(`the environment variable ${value} is not set`)
  return found
}
