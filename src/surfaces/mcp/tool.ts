import type { z } from 'zod'
import type { AnswerArtifact } from '../../core/events.ts'
import type { Grant } from '../../core/grant.ts'
import type { Taint } from '../../core/provenance.ts'
import type { Principal } from '../../core/principal.ts'
import type { Received } from '../../core/request.ts'
import type { Finding } from '../../core/verdict.ts'

/** Who calls tools, and what is granted at this moment. */
export interface McpCaller extends Pick<Received, 'channel' | 'credential'> {
  readonly principal: Principal
  readonly grant: Grant
}

/** Whose results and running calls they are: the person, where an application asks for one. */
export function ownerOf({ principal: { id, endUser } }: McpCaller): string {
  return JSON.stringify([id, endUser ?? null])
}

/** One call of a tool. */
export interface ToolCall {
  readonly requestId: string
  readonly caller: McpCaller
  readonly signal: AbortSignal
  /** Tells whoever waits, in a few words of our own, what goes on. */
  readonly tell: (message: string) => void
  /** The same with the next sign that it goes on, for what comes often. */
  readonly note: (message: string) => void
}

/** Part of a result, as it is given in place of one that is too long. */
export interface View<Output> {
  /** Data for a model: fenced before it leaves. */
  readonly text: string
  readonly structured: Output
}

/** What a call came to. Everything in it has passed the filters. */
export type ToolOutcome<Output> =
  | {
      readonly kind: 'result'
      /** Did what was run fail? The model is told, so that it can do better. */
      readonly failed: boolean
      /** So much of it, from 0 to 1: rows of a table, characters of a text. All of it at 1. */
      readonly view: (share: number) => View<Output>
      /** All of it as one text, for whoever follows the link beside a view that is cut. */
      readonly whole: { readonly name: string; readonly mediaType: string; readonly text: () => string }
      /** Where it came from, which hosts are told beside it; absent for what the service says itself. */
      readonly origins?: readonly Taint[]
      /** Shown as they are. */
      readonly pictures?: readonly AnswerArtifact[]
      /** Given as links. */
      readonly files?: readonly AnswerArtifact[]
    }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }

/** What a tool says of itself, which hosts show to people before they let it run. */
export interface ToolHints {
  /** Does it change nothing? */
  readonly readOnlyHint: boolean
  /** May it take away or overwrite what was there? */
  readonly destructiveHint: boolean
  /** Does asking twice do no more than asking once? */
  readonly idempotentHint: boolean
  /** Does it reach anything beyond this service and its data sources? */
  readonly openWorldHint: boolean
}

/** A tool is data plus `execute`: what is listed, what is documented and what the tests check come from the same table. */
export interface McpTool<Input = never, Output = unknown> {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly input: z.ZodType<Input>
  readonly output: z.ZodType<Output>
  readonly hints: ToolHints
  /** May this caller be shown it? The use case behind it decides again. */
  readonly isFor: (caller: McpCaller) => boolean
  /** Rejects with a ServiceError. */
  execute(input: Input, call: ToolCall): Promise<ToolOutcome<Output>>
}
