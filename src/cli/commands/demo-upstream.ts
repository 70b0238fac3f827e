import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { invalidKinds } from '../incident/kinds/invalid-kinds.ts'
import { brokenPromises } from '../incident/outcome.ts'
import { outcomeJson, outcomeTable } from '../incident/outcome-table.ts'
import { invalidPercent, runIncident } from '../incident/run-incident.ts'
import { textTable } from '../output/tables.ts'

export interface DemoUpstreamOptions {
  readonly requests: number
  /** Requests a second. */
  readonly rate: number
  readonly seed: number
  readonly output?: 'text' | 'json'
}

/**
 * `sallyport demo --upstream`: an incident of a customer, thrown at a naive classifier without and with a Sallyport in front. 1
 * where Sallyport did not keep what it promises.
 */
export async function demoUpstream(context: CommandContext, options: DemoUpstreamOptions): Promise<ExitCode> {
  const { terminal, interrupts, variables, onActivity } = context
  const { out, error } = terminal
  const { requests, rate, seed, output } = options
  error.write(
    `${requests.toLocaleString('en')} requests, ${rate} a second whatever becomes of them, ${invalidPercent} % of them ` +
      `invalid in one of ${invalidKinds.length} ways (seed ${seed}), twice:\n`,
  )
  const both = await interrupts.during((signal) =>
    runIncident({ requests, perSecond: rate, seed }, { variables, onActivity }, signal),
  )
  const broken = brokenPromises(both.guarded)
  if (output === 'json') {
    const [without, guarded] = [outcomeJson(both.without), outcomeJson(both.guarded)]
    out.writeJson({ seed, rate, without, with_sallyport: guarded, broken_promises: broken })
  } else {
    const table = outcomeTable(both)
    out.write(`\n${textTable(table, { maximumRows: table.rows.length, width: out.width })}`)
    out.write('What the model was called for is counted and billed by the classifier: 0.0004 a call and second.\n')
  }
  for (const promise of broken) error.write(`${error.style('red', '✖')} With Sallyport, ${promise}.\n`)
  return broken.length === 0 ? exitCodes.ok : exitCodes.failure
}
