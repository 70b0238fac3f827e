import { judgeAction, type JudgedAction } from '../gateway/check-action.ts'
import type { ActionsOptions } from '../provenance/options.ts'

/** Says of calls of tools what a service with this configuration does, without one. Nothing is kept, and no trail is written. */
export interface LocalActions {
  /** May the call run, by what its conversation holds? In the form of Chat Completions, as `POST /v1/actions/check` takes them. */
  judge(asked: Parameters<typeof judgeAction>[0]): JudgedAction
}

export function openLocalActions({ actions }: { readonly actions: ActionsOptions }): LocalActions {
  const { tools, system_messages: operatorWords } = actions
  return { judge: (asked) => judgeAction(asked, { tools, operatorWords }) }
}
