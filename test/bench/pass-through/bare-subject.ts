/** The bare pass-through as a program of its own: `bare-subject.ts UPSTREAM`. */
import { BarePassThrough } from '../../support/http/bare-pass-through.ts'

const passThrough = await BarePassThrough.start(process.argv[2] ?? '')
console.log(`listens on ${passThrough.origin}`)
