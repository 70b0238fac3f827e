import { open } from 'node:fs/promises'
import type { PGlite } from '@electric-sql/pglite'
import { reportProgress, serve } from '../../processes/serve.ts'
import { statementFailure } from '../process-faults.ts'
import { loadSample } from '../sample/load.ts'
import type { BuildInput } from './messages.ts'
import { openPglite } from './open-pglite.ts'

// The process that builds an image once; making a data directory takes a few hundred MB, which end with it.

serve(
  {
    open: async (input) => {
      const { kind, from, target } = input as BuildInput
      reportProgress(from === null ? 'making an empty database' : 'opening the empty database')
      const database = await openPglite(from)
      if (kind === 'sample') await loadSample(database, reportProgress)
      else await database.exec('CHECKPOINT')
      reportProgress('writing the image')
      await writeImage(database, target)
      return null
    },
  },
  statementFailure,
)

async function writeImage(database: PGlite, target: string): Promise<void> {
  const image = await database.dumpDataDir('none')
  await using file = await open(target, 'wx', 0o600)
  await file.writeFile(Buffer.from(await image.arrayBuffer()))
  await file.sync()
}
