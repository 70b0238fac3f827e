/** What a session lost with a sandbox. */
export interface LostCells {
  /** A sentence of what is gone; null where nothing was lost. */
  readonly renewed: string | null
  /** What had run there, oldest first; null where it is not known. */
  readonly programs: readonly string[] | null
}

/** Characters of lost cells that a model is shown: of more it is shown the last ones. */
const mostCharacters = 8_000

/**
 * What a model is told before the first result from a new sandbox, so that it does not go on as if its variables were there: what is gone, and the cells to
 * run again if it wants them.
 */
export function describeLost({ renewed, programs }: LostCells): readonly string[] {
  if (renewed === null) return []
  if (programs?.length === 0) return [renewed]
  const shown = lastOf(programs ?? [])
  if (programs === null || shown.length === 0) return [renewed, 'What had run there cannot be shown.', now]
  const left = programs.length - shown.length
  const which = left === 0 ? 'oldest first' : `the last ${shown.length} of ${programs.length}, oldest first`
  const cells = shown.map((program, at) => `[cell ${left + at + 1}]\n${program.trimEnd()}`)
  return [renewed, `Cells that had run there, ${which}; the last one may be why it was lost:`, ...cells, now]
}

/** What people are told beside a result from a new sandbox. */
export const lostToPeople =
  '; in a new sandbox, since the one before has ended: a replay of the conversation makes again what it had'

const now = 'What ran now, without them:'

function lastOf(programs: readonly string[]): readonly string[] {
  let characters = 0
  const first = programs.findLastIndex((program) => (characters += program.length) > mostCharacters)
  return programs.slice(first + 1)
}
