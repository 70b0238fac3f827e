import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { figure, type Figures } from '../figures.ts'

/** Memory of 1,000 rows of six columns: the rows, what a run keeps of them until its answer is marked, and with what is found out about them then. */
export async function groundingMemory(): Promise<Figures> {
  const measure = async (kind: string): Promise<number> => {
    const flags = ['--expose-gc', '--disable-warning=ExperimentalWarning']
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...flags,
      join(import.meta.dirname, 'memory-subject.ts'),
      kind,
    ])
    return (JSON.parse(stdout) as { bytes: number }).bytes
  }
  const samples: Record<'rows' | 'kept' | 'marked', number[]> = { rows: [], kept: [], marked: [] }
  for (let round = 0; round < 3; round += 1) {
    for (const kind of ['rows', 'kept', 'marked'] as const) samples[kind].push(await measure(kind))
  }
  const reference = { name: 'the rows', samples: samples.rows }
  return {
    'grounding.kept_of_1000_rows': figure(samples.kept, { unit: 'bytes', reference }),
    'grounding.marked_1000_rows': figure(samples.marked, { unit: 'bytes', reference }),
  }
}
