import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

/** TypeScript files below a folder or the file itself, as paths below `root`, in order of their names. */
export function sourceFiles(root: string, folder: string): readonly string[] {
  const start = join(root, folder)
  if (!existsSync(start)) return []
  if (statSync(start).isFile()) return [folder]
  return readdirSync(start, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .toSorted()
}

/**
 * Which files each file names, by any relative path in quotes: an import, a module that is started as a process, a file
 * that is read. Imports of types alone lead nowhere.
 */
export class ImportGraph {
  readonly #root: string
  readonly #known = new Map<string, readonly string[]>()

  constructor(root: string) {
    this.#root = root
  }

  /** Everything that the file reaches, itself included, with how many steps away it is. */
  reachedFrom(file: string): ReadonlyMap<string, number> {
    const steps = new Map([[file, 0]])
    for (const [from, step] of steps) {
      for (const to of this.#namedBy(from)) if (!steps.has(to)) steps.set(to, step + 1)
    }
    return steps
  }

  #namedBy(file: string): readonly string[] {
    const known = this.#known.get(file)
    if (known !== undefined) return known
    const text = readFileSync(join(this.#root, file), 'utf8').replaceAll(/^import type [^;]*? from '[^']+'$/gm, '')
    const named = [...text.matchAll(/'(\.{1,2}\/[^'\n]+)'/g)].flatMap(([, path = '']) => this.#resolved(file, path))
    this.#known.set(file, named)
    return named
  }

  #resolved(file: string, path: string): readonly string[] {
    const target = resolve(this.#root, dirname(file), path)
    const found = [target, `${target}.ts`].find((each) => each.endsWith('.ts') && existsSync(each))
    return found === undefined ? [] : [relative(this.#root, found)]
  }
}
