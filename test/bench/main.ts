import { benchAgainst } from './against.ts'
import { benchAudit } from './audit.ts'
import { benchCommand } from './command.ts'
import { benchDetection } from './detection.ts'
import { benchEnvoy } from './envoy.ts'
import { benchFiles } from './files.ts'
import { benchFilters } from './filters.ts'
import { benchFleet } from './fleet.ts'
import { benchGateway } from './gateway.ts'
import { benchGrounding } from './grounding.ts'
import { benchHostileText } from './hostile-text.ts'
import { benchIsolate } from './isolate.ts'
import { benchKubernetes } from './kubernetes.ts'
import { benchLinearity } from './linearity.ts'
import { benchPassThrough } from './pass-through.ts'
import { benchPii } from './pii.ts'
import { benchProvenance } from './provenance.ts'
import { benchQuality } from './quality.ts'
import { benchRecognizers } from './recognizers.ts'
import { benchReplicas } from './replicas.ts'
import { benchRouting } from './routing.ts'
import { benchSandbox } from './sandbox.ts'
import { benchSessions } from './sessions.ts'
import { benchSql } from './sql.ts'
import { benchToxicity } from './toxicity.ts'
import { benchTuning } from './tuning.ts'
import { benchUpstreams } from './upstreams.ts'
import { benchWaf } from './waf.ts'
import { benchWeb } from './web.ts'
import { againstPath } from './subject.ts'

/** Measurements by the name they are asked for: `npm run bench -- filters`; without a name, all of them. */
const benches: Readonly<Record<string, () => Promise<void>>> = {
  audit: benchAudit,
  command: benchCommand,
  detection: benchDetection,
  envoy: benchEnvoy,
  files: benchFiles,
  filters: benchFilters,
  fleet: benchFleet,
  gateway: benchGateway,
  grounding: benchGrounding,
  'hostile-text': benchHostileText,
  isolate: benchIsolate,
  kubernetes: benchKubernetes,
  linearity: benchLinearity,
  'pass-through': benchPassThrough,
  pii: benchPii,
  provenance: benchProvenance,
  quality: benchQuality,
  recognizers: benchRecognizers,
  replicas: benchReplicas,
  routing: benchRouting,
  sandbox: benchSandbox,
  sessions: benchSessions,
  sql: benchSql,
  toxicity: benchToxicity,
  tuning: benchTuning,
  upstreams: benchUpstreams,
  waf: benchWaf,
  web: benchWeb,
}

/** These take both builds in turn themselves, sample by sample. */
const takingTurns = new Set(['command', 'filters', 'pass-through', 'provenance'])

const names = process.argv
  .slice(2)
  .filter(
    (argument, index, all) =>
      !argument.startsWith('-') &&
      !/^--(driver|fleet|against|peer|requests|profile|only|rounds|sessions|strategy)$/.test(all[index - 1] ?? ''),
  )
const unknown = names.filter((name) => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  console.error(`There is no measurement "${unknown.join('", "')}". There are: ${Object.keys(benches).join(', ')}.`)
  process.exitCode = 2
} else {
  const path = againstPath()
  const handedOn = process.argv.flatMap((argument, index, all) =>
    /^--(driver|fleet|only)$/.test(argument) ? [argument, all[index + 1] ?? ''] : [],
  )
  for (const name of names.length > 0 ? names : Object.keys(benches)) {
    if (path === null || takingTurns.has(name)) await benches[name]?.()
    else await benchAgainst(name, path, handedOn)
  }
}
