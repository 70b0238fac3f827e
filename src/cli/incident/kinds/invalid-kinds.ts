import { kindsOfCallers } from './callers.ts'
import { kindsOfFraming } from './framing.ts'
import { kindsOfJson } from './json.ts'
import type { InvalidKind } from './kind.ts'
import { kindsOfForms, kindsOfPictures } from './pictures.ts'

/** Every way in which requests of the incident are invalid. All of them are harmless to who sends them. */
export const invalidKinds: readonly InvalidKind[] = [
  ...kindsOfCallers,
  ...kindsOfFraming,
  ...kindsOfJson,
  ...kindsOfPictures,
  ...kindsOfForms,
]
