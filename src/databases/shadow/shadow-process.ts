import type { PGlite } from '@electric-sql/pglite'
import { readCatalog } from '../catalog.ts'
import { openPglite } from '../pglite/open-pglite.ts'
import { createPgliteSession, describePglite } from '../pglite/pglite-session.ts'
import { serve } from '../../processes/serve.ts'
import { statementFailure } from '../process-faults.ts'
import { analyze, type FilledShadow } from './analyze.ts'
import { fillSchema, prepareAnalysis } from './fill.ts'
import { loadScript } from './load-script.ts'
import type { ShadowMethods } from './messages.ts'

// The process in which statements are analyzed. It holds a schema and no rows, and can be killed at any moment.

type Input<Method extends keyof ShadowMethods> = ShadowMethods[Method]['input']

let filled: FilledShadow | null = null
let opened: PGlite | null = null

function shadow(): FilledShadow {
  if (filled === null) throw new Error('the shadow is not open')
  return filled
}

async function ready(database: PGlite): Promise<void> {
  filled = await prepareAnalysis(createPgliteSession(database), (statement) => describePglite(database, statement))
}

serve(
  {
    open: async (input) => {
      const { image, schema } = input as Input<'open'>
      const database = await openPglite(image)
      opened = database
      const failed = await fillSchema(createPgliteSession(database), schema)
      await ready(database)
      return failed
    },
    analyze: async (input) => {
      const { statement, asked } = input as Input<'analyze'>
      return analyze(shadow(), statement, asked)
    },
    load: async (input) => {
      const database = opened
      if (database === null) throw new Error('the shadow is not open')
      for (const setting of ['debug_print_parse', 'client_min_messages']) await database.exec(`RESET ${setting}`)
      await loadScript(database, (input as Input<'load'>).script)
      const catalog = await readCatalog(createPgliteSession(database))
      await ready(database)
      return catalog
    },
  },
  statementFailure,
)
