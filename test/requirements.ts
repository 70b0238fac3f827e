import { actionsPromises } from './promises/actions.ts'
import { readmePromises } from './promises/readme.ts'
import { securityPromises } from './promises/security.ts'
import { architecturePromises } from './promises/architecture.ts'
import { testingPromises } from './promises/testing.ts'
import { verificationPromises } from './promises/verification.ts'
import { operationsPromises } from './promises/operations.ts'
import { executePromises } from './promises/execute.ts'
import { analystPromises } from './promises/analyst.ts'
import { clientsPromises } from './promises/clients.ts'
import { contentPromises } from './promises/content.ts'
import { filterServicePromises } from './promises/filter-service.ts'
import { detectionPromises } from './promises/detection.ts'
import { detectorsPromises } from './promises/detectors.ts'
import { errorsPromises } from './promises/errors.ts'
import { evaluationPromises } from './promises/evaluation.ts'
import { filtersPromises } from './promises/filters.ts'
import { kubernetesPromises } from './promises/kubernetes.ts'
import { limitsPromises } from './promises/limits.ts'
import { faultsPromises } from './promises/faults.ts'
import { modelsPromises } from './promises/models.ts'
import { routingPromises } from './promises/routing.ts'
import { operatorsPromises } from './promises/operators.ts'
import { piiPromises } from './promises/pii.ts'
import { policyPromises } from './promises/policy.ts'
import { sqlGatePromises } from './promises/sql-gate.ts'
import { responsesPromises } from './promises/responses.ts'
import { sharesPromises } from './promises/shares.ts'
import { storagePromises } from './promises/storage.ts'
import { groundednessPromises } from './promises/groundedness.ts'
import { identityPromises } from './promises/identity.ts'
import { upstreamsPromises } from './promises/upstreams.ts'
import { wafPromises } from './promises/waf.ts'
import { picturesPromises } from './promises/pictures.ts'
import { benchmarksPromises } from './promises/benchmarks.ts'
import { injectionPromises } from './promises/injection.ts'
import { terminalPromises } from './promises/terminal.ts'
import { tuningPromises } from './promises/tuning.ts'
import { webPromises } from './promises/web.ts'

/** One promise that the documents make, which some test holds. */
export interface Requirement {
  readonly id: string
  /** The promise in plain words. */
  readonly text: string
  /** The document and the heading under which it stands, as an address within the repository. */
  readonly where: string
}

/** Promises by the heading under which they stand, then by id: their words. */
export type Promises = Readonly<Record<string, Readonly<Record<string, string>>>>

const promises = {
  ...readmePromises,
  ...analystPromises,
  ...securityPromises,
  ...architecturePromises,
  ...testingPromises,
  ...verificationPromises,
  ...operationsPromises,
  ...detectionPromises,
  ...errorsPromises,
  ...evaluationPromises,
  ...filtersPromises,
  ...groundednessPromises,
  ...limitsPromises,
  ...faultsPromises,
  ...modelsPromises,
  ...routingPromises,
  ...operatorsPromises,
  ...piiPromises,
  ...policyPromises,
  ...sqlGatePromises,
  ...responsesPromises,
  ...sharesPromises,
  ...storagePromises,
  ...identityPromises,
  ...benchmarksPromises,
  ...terminalPromises,
  ...tuningPromises,
  ...webPromises,
  ...upstreamsPromises,
  ...picturesPromises,
  ...wafPromises,
  ...kubernetesPromises,
  ...clientsPromises,
  ...executePromises,
  ...contentPromises,
  ...detectorsPromises,
  ...filterServicePromises,
  ...injectionPromises,
  ...actionsPromises,
} as const

/** An id that is there: the citation of any other does not compile. */
export type RequirementId = {
  [Where in keyof typeof promises]: keyof (typeof promises)[Where]
}[keyof typeof promises]

/** What README.md, SECURITY.md and docs/*.md promise; `test/unit/requirements.test.ts` wants a citation for each. */
export const requirements: readonly Requirement[] = Object.entries<Promises[string]>(promises).flatMap(
  ([where, held]) => Object.entries(held).map(([id, text]) => ({ id, text, where })),
)
