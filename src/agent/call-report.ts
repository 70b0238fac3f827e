import type { ToolRequest } from '../models/model.ts'
import type { Fence } from '../text/untrusted.ts'
import { wholeLines } from '../text/whole-lines.ts'
import type { ReadData } from '../tools/tool.ts'
import type { TokenUsage } from '../core/events.ts'

/** What goes back to the model for one call. */
export interface CallReport {
  readonly callId: string
  readonly content: string
  /** Its beginning in whole lines, and where the rest is: for when the conversation has grown long. */
  readonly preview: string
  /** Only where the rest is. */
  readonly leftOut: string
  /** What the call did in one line, untrusted. */
  readonly line: string
  /** What it read of a database; absent where it read none. */
  readonly read?: ReadData
  /** What a model was asked for it, beside the turns of the run; absent where none was. */
  readonly used?: TokenUsage
  /** Did the model write something that was refused and that it may correct? */
  readonly correctable: boolean
}

export const previewCharacters = 600
const lineCharacters = 200

interface Told {
  /** The program's own word for what the text is. */
  readonly label: string
  /** Untrusted, and no longer than may be told. */
  readonly text: string
  /** Sentences of the program's own before it. */
  readonly before?: string
  /** Where what is not shown can be had. */
  readonly rest: string
  readonly line: string
}

export function reportOf(request: ToolRequest, told: Told, fence: Fence): Omit<CallReport, 'correctable'> {
  const { label, text, rest, before } = told
  const wrap = (part: string): string => `${before === undefined ? '' : `${before}\n`}${fence.wrap(label, part)}`
  const size = `${text.length.toLocaleString('en')} characters`
  const line = `${request.name}: ${told.line}`
  return {
    callId: request.callId,
    content: wrap(text),
    preview: `${wrap(wholeLines(text, previewCharacters))}\n[The beginning of ${size}. ${rest}]`,
    leftOut: `[Left out, since it does not fit: ${size}. ${rest}]`,
    // A line that is cut could hold half a value.
    line: line.length > lineCharacters || line.includes('\n') ? label : line,
  }
}
