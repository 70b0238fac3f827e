import type { Command } from './sandbox-process.ts'

/** What the thread that starts sandboxes is told. */
export type StartOrder =
  | {
      readonly kind: 'start'
      readonly number: number
      readonly command: Command
      /** Paths of sockets that the other thread listens at: one for the standard input, one for the output. */
      readonly input: string
      readonly output: string
    }
  | { readonly kind: 'kill'; readonly number: number }

/** What it says of the process of that number. */
export type StartReport = { readonly number: number } & (
  | { readonly kind: 'began' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'said'; readonly piece: Uint8Array }
  | { readonly kind: 'ended'; readonly status: number | null }
)
