import type { CommandContext } from './context.ts'

/** Does work that an interrupt cancels, while a line says what the command waits for. */
export async function waitFor<T>(
  { interrupts, onActivity }: Pick<CommandContext, 'interrupts' | 'onActivity'>,
  what: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  using _ = onActivity(what)
  return await interrupts.during(work)
}
