import { report, type Figures } from './figures.ts'
import { manyStreams } from './sessions/many-streams.ts'
import { warmExecutions } from './sessions/warm-executions.ts'
import { optionOf } from './pass-through.ts'

/**
 * What sessions of callers wait for and take: programs of their own in a warm session (`--only execute`), and many streams at once
 * (`--only streams`, `--sessions N` of them).
 */
export async function benchSessions(): Promise<void> {
  const only = optionOf('only')
  if (only !== null && only !== 'execute' && only !== 'streams') {
    throw new Error(`--only takes execute or streams, not "${only}".`)
  }
  const count = Number(optionOf('sessions') ?? 100)
  if (!Number.isInteger(count) || count < 1) throw new Error('--sessions takes a whole number from 1.')
  const figures: Figures = {}
  if (only !== 'streams') Object.assign(figures, await warmExecutions())
  if (only !== 'execute') Object.assign(figures, await manyStreams(count))
  report('sessions', figures)
}
