/** From the parent, as JSON: both sides are the same version of the same code, so shapes are agreed, not checked. Call `method` with `input`. */
export interface ProcessRequest {
  readonly id: number
  readonly method: string
  readonly input: unknown
}

/** From the child. A failed statement carries its SQLSTATE; any other fault its message, for the log only. */
export type ProcessReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly statement: { readonly sqlstate: string; readonly position: number | null } }
  | { readonly id: number; readonly fault: string }
  | { readonly progress: string }
