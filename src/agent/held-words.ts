import type { Turn } from './step.ts'
import type { Stop } from './stop.ts'

/** What decides about the words of a model before anybody is told them. Without it they are told as they come. */
export interface HeldWords {
  /**
   * Judges an answer before anything of it is told: null where it may be told, else what the model is to read before it writes the answer once
   * more. Absent, words are told as they come. Rejects with what keeps the answer from being told at all.
   */
  readonly review?: ((answer: string, mayAskAgain: boolean) => Promise<string | null>) | undefined
  /** May words be told that the model has written beside its calls? Asked where answers are reviewed; absent, all are told. */
  readonly mayTell?: ((words: string) => Promise<boolean>) | undefined
}

/** May words of a turn be told that were held? Those of an answer were reviewed; one that was cut short is reviewed now, and rejects as they do. */
export async function mayBeTold(
  { text }: Pick<Turn, 'text'>,
  ending: Pick<Stop, 'ending'> | null,
  { review, mayTell }: HeldWords,
): Promise<boolean> {
  if (ending === null) return (await mayTell?.(text)) ?? true
  if (ending.ending !== 'answer') await review?.(text, false)
  return true
}
