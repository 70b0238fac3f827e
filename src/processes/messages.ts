/**
 * A message from the parent, as JSON: both sides are the same version of the same code, so shapes are agreed, not
 * checked. It is a call of `method` with `input`, the answer to a question of the running call, or the order to end
 * that call.
 */
export type ProcessRequest =
  | { readonly id: number; readonly method: string; readonly input: unknown }
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly abandon: true }

/**
 * A message from the child. A failure is a value that the handlers' side makes and the parent's side reads; a fault is
 * a message for the log only. A call that asks a question goes on with the answer.
 */
export type ProcessReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: unknown }
  | { readonly id: number; readonly fault: string }
  | { readonly id: number; readonly question: unknown }
  | { readonly id: number; readonly abandoned: true }
  | { readonly progress: string }
