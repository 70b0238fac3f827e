import { ServiceError, toServiceError } from '../core/errors.ts'
import type { RoleProof } from '../databases/database.ts'
import type { SourcesConfig } from './options.ts'
import type { SourceProof } from './source.ts'
import type { Sources } from './sources.ts'

export interface SourceParts {
  readonly config: SourcesConfig
  readonly sources: Sources
}

/**
 * Proves a source: its role can do nothing but read what policies name, the server is a replica, and every name in its
 * policies exists. Throws `invalid-config` with everything that is wrong, `database-unavailable` when it does not answer.
 */
export async function checkSource(parts: SourceParts, name: string, signal: AbortSignal): Promise<SourceProof> {
  return checkProven(parts, { name, proof: await parts.sources.database(name).prove(signal) }, signal)
}

interface Proven {
  readonly name: string
  readonly proof: RoleProof
}

async function checkProven(parts: SourceParts, { name, proof }: Proven, signal: AbortSignal): Promise<SourceProof> {
  const { config, sources } = parts
  const problems = problemsOfRole(config, name, proof)
  const groups = policyGroups(config, name)
  const settings = config.sources[name]?.database
  if (settings?.kind === 'postgresql' && settings.shadow.kind === 'postgresql') await sources.warmShadow(name, signal)
  for (const group of groups) {
    try {
      await sources.gate(name, group, signal)
    } catch (thrown) {
      const error = toServiceError(thrown)
      if (error.code !== 'invalid-config') throw error
      problems.push(error.message)
    }
  }
  if (problems.length === 0) {
    const { role, inRecovery, excess } = proof
    return { name, kind: sources.database(name).kind, role, inRecovery, excess, groups }
  }
  throw new ServiceError('invalid-config', problems.join('\n'), {
    advice: problems.some((problem) => problem.includes('the role "'))
      ? 'Make the role with "sallyport sql grant-script", or set accept_excess: true knowingly.'
      : 'Correct what is named; "sallyport config check --sources" tests it.',
  })
}

/**
 * Checks sources side by side, and throws what is wrong with all of them at once. Policies are looked at when every server
 * has said which database it holds: whether two sources are one is not known before.
 */
export async function checkSources(
  parts: SourceParts,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly SourceProof[]> {
  const asked = names.map((name) => ({ name, proof: parts.sources.database(name).prove(signal) }))
  await Promise.allSettled(asked.map(({ proof }) => proof))
  const checks = await Promise.allSettled(
    asked.map(async ({ name, proof }) => checkProven(parts, { name, proof: await proof }, signal)),
  )
  const faults = checks.flatMap((check) => (check.status === 'rejected' ? [toServiceError(check.reason)] : []))
  const [first, ...others] = faults
  if (first === undefined) return checks.flatMap((check) => (check.status === 'fulfilled' ? [check.value] : []))
  if (others.length === 0) throw first
  // A configuration that is wrong outweighs a server that is down: waiting does not mend it.
  const main = faults.find(({ code }) => code === 'invalid-config') ?? first
  throw new ServiceError(main.code, faults.map(({ message }) => message).join('\n'), { advice: main.advice })
}

/** What a service checks at its start: not the sample, which is the program's own, unless somebody wrote policies for it. */
export function servedSources(config: SourcesConfig): readonly string[] {
  return Object.keys(config.sources).filter(
    (name) => config.sources[name]?.database.kind !== 'sample' || policyGroups(config, name).length > 0,
  )
}

function policyGroups(config: SourcesConfig, name: string): readonly string[] {
  return Object.keys(config.sources[name]?.policies ?? {})
}

function problemsOfRole(config: SourcesConfig, name: string, { role, excess, inRecovery }: RoleProof): string[] {
  const settings = config.sources[name]?.database
  const isServer = settings?.kind === 'postgresql' || settings?.kind === 'mysql'
  const accepts = isServer && settings.accept_excess
  const needsReplica = isServer && !settings.allow_primary
  return [
    ...(excess.length === 0 || accepts ? [] : [`sources.${name}: the role "${role}" ${excess.join('; ')}`]),
    ...(inRecovery || !needsReplica
      ? []
      : [`sources.${name}: the server is a primary, not a replica; allow_primary: true accepts it knowingly`]),
  ]
}
