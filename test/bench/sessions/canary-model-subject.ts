/** A model for many streams at once, in a process of its own: `canary-model-subject.ts PIECES PAUSE`; says where it is. */
import { CanaryModel } from '../../support/sessions/canary-model.ts'

const [pieces = 0, pause = 0] = process.argv.slice(2).map(Number)
const model = await CanaryModel.start({ pieces, pause })
console.log(`listens on ${model.baseUrl}`)
