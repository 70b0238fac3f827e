import { parseArgs } from 'node:util'
import { lanes, type Lane, type LaneName } from './lanes.ts'

interface Given {
  readonly name: LaneName
  /** Null for a lane of one size. */
  readonly size: number | null
  readonly record: boolean
}

const usage = `npm run lane -- NAME [--size N] [--record]; the lanes are ${Object.keys(lanes).join(', ')}.`

/** What the command line asks for, or what is wrong with it. */
export function laneArguments(words: readonly string[]): Given | string {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(words)
  } catch (thrown) {
    return `${(thrown as Error).message.split('\n')[0]} Use: ${usage}`
  }
  const [name, ...more] = parsed.positionals
  if (name === undefined || more.length > 0) return `Name one lane. Use: ${usage}`
  if (!isLane(name)) return `There is no lane "${name}". Use: ${usage}`
  const { size: own }: Lane = lanes[name]
  const { size = null, record = false } = parsed.values
  if (size === null) return { name, size: own, record }
  if (own === null) return `The lane "${name}" has one size only. Use: ${usage}`
  if (!/^[1-9]\d{0,8}$/.test(size)) return `--size takes a whole number above 0. Use: ${usage}`
  return { name, size: Number(size), record }
}

function isLane(name: string): name is LaneName {
  return Object.hasOwn(lanes, name)
}

function parse(words: readonly string[]) {
  return parseArgs({
    args: [...words],
    allowPositionals: true,
    options: { size: { type: 'string' }, record: { type: 'boolean' } },
  })
}
