import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fromLabels } from '../../engine/owner.ts'

export const labelsName = 'labels.json'
/** A sandbox's name, as each driver gives them. */
export const sandboxName = /^sbx-[0-9a-f]{16}$/

/** Whose sandbox a bundle is; null where its labels are not there, torn, or not ours. */
export async function readLabels(bundle: string): Promise<ReturnType<typeof fromLabels>> {
  try {
    return fromLabels(JSON.parse(await readFile(join(bundle, labelsName), 'utf8')) as Record<string, string>)
  } catch {
    return null
  }
}

/**
 * Removes bundles that no sweep could give to an owner: a service that is killed right after it made the folder leaves it
 * without whole labels. Nothing was started for it then, since that comes after them. One that is younger than
 * `restMilliseconds` may get them yet.
 */
export async function clearNamelessBundles(folder: string, restMilliseconds: number): Promise<void> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => sandboxName.test(name))
  for (const name of names) {
    const bundle = join(folder, name)
    const facts = await stat(bundle).catch(() => null)
    if (facts === null || Date.now() - Math.floor(facts.ctimeMs) < restMilliseconds) continue
    if ((await readLabels(bundle)) === null) await rm(bundle, { recursive: true, force: true })
  }
}
