import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { CodePoints } from '../../../src/filters/remote/code-points.ts'
import { presidioOptions, type PresidioOptions } from '../../../src/filters/remote/options.ts'
import { createPresidioFilter } from '../../../src/filters/remote/presidio.ts'
import { createDetect } from '../../../src/gateway/privacy/detect/detect.ts'
import { createDetectorsFor } from '../../../src/gateway/privacy/detect/detectors.ts'
import {
  defaultPrivacyProfile,
  privacyOptions,
  type MaskingLevel,
} from '../../../src/gateway/privacy/profiles/options.ts'
import { presidioPackages, startPresidioServer } from '../../support/privacy/presidio-server.ts'
import { pythonEnvironment } from '../../support/python/python-environment.ts'
import type { Stretch } from './score.ts'

/** Something that looks for personal data, under the name its figures have. */
export interface System {
  readonly name: string
  find(texts: readonly string[]): Promise<readonly (readonly Stretch[])[]>
}

/** The names under which others are compared with the system that has them beside. */
export const presidioAlone = 'Presidio'
export const withPresidio = 'Sallyport with Presidio'

const toPart = (text: string) => ({ text, provenance: 'user' }) as const
const signal = new AbortController().signal

/** What is asked of Presidio where it is beside: what it has a model for, and addresses of the web, which are no kind of ours. */
const besideEntities = ['PERSON', 'LOCATION', 'ORGANIZATION', 'URL']

/** Its entities for kinds that count: without dates, ages, nationalities and what it finds by itself only with a word nearby. */
const aloneEntities = [
  ...besideEntities,
  'CREDIT_CARD',
  'CRYPTO',
  'EMAIL_ADDRESS',
  'IBAN_CODE',
  'IP_ADDRESS',
  'MAC_ADDRESS',
  'MEDICAL_LICENSE',
  'PHONE_NUMBER',
  'UK_NHS',
  'US_BANK_NUMBER',
  'US_DRIVER_LICENSE',
  'US_ITIN',
  'US_PASSPORT',
  'US_SSN',
]

/** The service's own way to look for what its default profile hides. */
function own(name: string, level: MaskingLevel, presidio: object | null): System {
  const options = privacyOptions.parse({ presidio, deadline_ms: 600_000 })
  const profile = defaultPrivacyProfile
  const { chain } = createDetectorsFor(options)(profile)
  const detect = createDetect({ chain, profile, level, group: 'default' })
  return {
    name,
    async find(texts) {
      const found: Stretch[][] = texts.map(() => [])
      for (const { part, start, end } of await detect(texts.map(toPart), signal)) found[part]?.push({ start, end })
      return found
    },
  }
}

function presidio(name: string, options: PresidioOptions): System {
  const filter = createPresidioFilter(options)
  return {
    name,
    async find(texts) {
      const found: Stretch[][] = texts.map(() => [])
      const context = { direction: 'inbound', group: 'default', executedSql: [] } as const
      for (const { part, start, end } of await filter.inspect(texts.map(toPart), context, signal)) {
        found[part]?.push({ start, end })
      }
      return found
    },
  }
}

function maskFlow(name: string, python: string, words: readonly string[]): System {
  return {
    name,
    async find(texts) {
      const program = ['-I', '-B', join(import.meta.dirname, 'maskflow_spans.py'), ...words]
      const output = execFileSync(python, program, { input: JSON.stringify(texts), maxBuffer: 1e8, encoding: 'utf8' })
      const places = JSON.parse(output) as [number, number][][]
      return places.map((list, index) => {
        const points = new CodePoints(texts[index] ?? '')
        return list.map(([start, end]) => ({ start: points.unitOf(start), end: points.unitOf(end) }))
      })
    },
  }
}

/** Every system that can be had on this machine; says aloud which cannot, and why. */
export async function openSystems(stack: AsyncDisposableStack): Promise<readonly System[]> {
  const systems = [own('Sallyport, what has a form', 'structured', null), own('Sallyport', 'all', null)]
  const packages = presidioPackages()
  if (typeof packages === 'string') process.stderr.write(`SKIPPED: Presidio cannot be had: ${packages}\n`)
  else {
    const { url } = stack.use(await startPresidioServer(packages.python))
    const common = { url, timeout_ms: 120_000 }
    const alone = { ...common, entities: aloneEntities }
    systems.push(
      presidio(presidioAlone, presidioOptions.parse(alone)),
      presidio('Presidio, whatever its score', presidioOptions.parse({ ...alone, threshold: 0 })),
      own(withPresidio, 'all', { ...common, entities: besideEntities }),
    )
  }
  const others = pythonEnvironment('maskflow', join(import.meta.dirname, 'maskflow.txt'))
  if (typeof others === 'string') process.stderr.write(`SKIPPED: MaskFlow cannot be had: ${others}\n`)
  else {
    systems.push(maskFlow('MaskFlow', others.python, []), maskFlow('MaskFlow with names', others.python, ['names']))
  }
  return systems
}
