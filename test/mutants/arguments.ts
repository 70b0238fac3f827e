import { existsSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { HuntOptions } from './hunt.ts'

type Given = Pick<HuntOptions, 'folders' | 'seed' | 'count' | 'budget' | 'workers' | 'steps'> & {
  readonly json: boolean
}

const usage = 'npm run mutants -- FOLDER... [--seed N] [--count N] [--minutes N] [--workers N] [--steps N] [--json]'
const numbers = { seed: 1, count: 150, minutes: 20, workers: 2, steps: 100 }

/** What the command line asks for, or what is wrong with it. */
export function huntArguments(words: readonly string[], root: string): Given | string {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(words)
  } catch (thrown) {
    return `${(thrown as Error).message.split('\n')[0]} Use: ${usage}`
  }
  const { values, positionals } = parsed
  if (positionals.length === 0) return `Name a folder below src. Use: ${usage}`
  const folders: string[] = []
  for (const named of positionals) {
    const folder = relative(root, resolve(root, named))
    if (!`${folder}/`.startsWith('src/')) return `${named} is not below src. Use: ${usage}`
    if (!existsSync(resolve(root, folder))) return `There is no ${folder}. Use: ${usage}`
    folders.push(folder)
  }
  const chosen = { ...numbers }
  for (const name of Object.keys(numbers) as (keyof typeof numbers)[]) {
    const text = values[name]
    if (text === undefined) continue
    if (!/^\d{1,9}$/.test(text) || (name !== 'seed' && Number(text) === 0))
      return `--${name} takes a whole number. Use: ${usage}`
    chosen[name] = Number(text)
  }
  const { seed, count, minutes, workers, steps } = chosen
  return { folders, seed, count, workers, steps, budget: minutes * 60_000, json: values.json ?? false }
}

function parse(words: readonly string[]) {
  return parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      seed: { type: 'string' },
      count: { type: 'string' },
      minutes: { type: 'string' },
      workers: { type: 'string' },
      steps: { type: 'string' },
      json: { type: 'boolean' },
    },
  })
}
