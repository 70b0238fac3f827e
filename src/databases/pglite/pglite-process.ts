import type { PGlite } from '@electric-sql/pglite'
import { readCatalog } from '../catalog.ts'
import { serve } from '../../processes/serve.ts'
import { statementFailure } from '../process-faults.ts'
import { estimatePlan } from '../plan.ts'
import { proveRole } from '../prove.ts'
import type { Session } from '../session.ts'
import type { PgliteMethods } from './messages.ts'
import { openPglite } from './open-pglite.ts'
import { createPgliteSession } from './pglite-session.ts'
import { readOnly, select } from './select.ts'

// The process in which an embedded database lives: it can be killed at any moment and nothing is lost with it.

type Input<Method extends keyof PgliteMethods> = PgliteMethods[Method]['input']

let database: PGlite | null = null

function session(): Session {
  if (database === null) throw new Error('the database is not open')
  return createPgliteSession(database)
}

serve(
  {
    open: async (input) => {
      database = await openPglite((input as Input<'open'>).image)
      return null
    },
    select: async (input, askParent) => await select(session(), input as Input<'select'>, askParent),
    estimate: async (input) => {
      const { role, ...statement } = input as Input<'estimate'>
      return readOnly(session(), role, () => estimatePlan(session(), statement))
    },
    catalog: async () => await readCatalog(session()),
    prove: async (input) => {
      const { role, allowed } = input as Input<'prove'>
      return await proveRole(session(), { prelude: [`SET LOCAL ROLE ${role}`], allowed })
    },
  },
  statementFailure,
)
