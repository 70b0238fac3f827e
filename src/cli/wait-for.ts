import type { CommandContext } from './context.ts'

/** Does work that an interrupt cancels, while the person is told what is being waited for. */
export async function waitFor<T>(
  { interrupts, onActivity }: Pick<CommandContext, 'interrupts' | 'onActivity'>,
  what: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  using _ = onActivity(what)
  return await interrupts.during(work)
}
