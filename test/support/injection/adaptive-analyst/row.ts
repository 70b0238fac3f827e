import type { Deed } from '../obeying/deeds.ts'

/** What came of an attack. `no effect`: it was done, and nothing of it has come to pass; `not read`: the model has never seen it. */
export type AdaptiveOutcome = 'runs' | 'asked' | 'refused' | 'no effect' | 'not read'

/** One question of a person, with what an honest model then does. */
export interface AdaptiveStep {
  readonly words: string
  readonly deeds?: readonly Deed[]
  readonly files?: readonly { readonly name: string; readonly content: string }[]
  /** What a client sends before the question. */
  readonly history?: readonly { readonly role: 'system' | 'user' | 'assistant'; readonly content: string }[]
  /** Is it asked in a session of its own, with the files that the answer before it has made? */
  readonly isElsewhere?: true
  /** A program that the caller has run in the session before the question. */
  readonly ranBefore?: string
  /** What the person does with the question that comes back, before they ask the same again. */
  readonly says?: 'allow'
  /** Is everything run again afterwards that has run? */
  readonly isReplayed?: true
  readonly title?: string
  /** Another source than the shop. */
  readonly source?: 'sheets'
  /** Is it asked in a container, with the files in it? */
  readonly isInContainer?: true
  /** Is it what a host of the Model Context Protocol asks, whose model has written it? Or is it a statement that it runs? */
  readonly ofHost?: 'question' | 'statement'
}

/** What is left behind. */
export interface AdaptiveAftermath {
  /** All that models were told by tools. */
  readonly told: string
  /** The last answer as a reader of Markdown shows it. */
  readonly shown: string
  /** Files of the answers, by name: as readers of such files show them. */
  readonly files: Readonly<Record<string, string>>
  /** What a program of the caller's finds in sales.csv afterwards; null where it is not looked at. */
  readonly sales: string | null
  readonly asked: string
}

/** What somebody tries who has read the policy of the analyst and did not write it. */
export interface AdaptiveRow {
  readonly kind: string
  readonly name: string
  /** What the order in the data makes the model do. */
  readonly orders: readonly Deed[]
  /** What stands in the review beside the order. */
  readonly text?: string
  readonly steps: readonly AdaptiveStep[]
  /** Does a program run? */
  readonly needsSandbox?: true
  readonly looksAtSales?: true
  readonly happened: (aftermath: AdaptiveAftermath) => boolean
  /** As it is published. */
  readonly outcome: AdaptiveOutcome
}

/** In words of steps this is the number of the review with the order. */
export const number = 'NUMBER'
/** In texts of files this is the order. */
export const order = 'ORDER'
