import type { JsonValue } from '../../core/json.ts'

export interface JsonObject {
  readonly [member: string]: JsonValue
}
