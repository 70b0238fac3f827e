import type { ToolDeclarations } from '../../provenance/declarations.ts'
import { parameterPaths } from '../../provenance/parameter-paths.ts'
import type { Json } from '../../provenance/read-ledger.ts'
import { isObject } from '../apis/api.ts'

/**
 * What is wrong with declarations, as far as the schemas tell that a request of Chat Completions brings: parameters that a tool does
 * not have, tools that nobody has declared, and parameters of tools that change something which are taken for targets.
 */
export function declarationProblems(offered: unknown, declared: ToolDeclarations): readonly string[] {
  if (!Array.isArray(offered)) return []
  return (offered as readonly unknown[]).flatMap((tool) => {
    const named = isObject(tool) && isObject(tool['function']) ? tool['function'] : {}
    const { name, parameters } = named
    if (typeof name !== 'string') return []
    const shown = JSON.stringify(name.slice(0, 100))
    const own = Object.hasOwn(declared, name) ? declared[name] : undefined
    if (own === undefined) return [`${shown} is not declared: each call of it is refused once something was read`]
    if (!isObject(parameters)) return []
    const paths = parameterPaths(parameters as Readonly<Record<string, Json>>)
    const told = Object.keys(own.parameters)
    const missing = told.filter((path) => !paths.mayHold(path))
    const left = own.effect === 'changes' ? [...paths.known].filter((path) => !told.includes(path)) : []
    return missing
      .map((path) => `${shown} has no parameter ${JSON.stringify(path)}, which its declaration names`)
      .concat(
        left.map(
          (path) =>
            `${shown} has a parameter ${JSON.stringify(path.slice(0, 100))} without a declaration: it is a target`,
        ),
      )
  })
}
