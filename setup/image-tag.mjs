// The sandbox image's tag is a digest of everything the image is made from, so an edited file means another image and
// an unedited checkout finds the one it built before.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const IMAGE_NAME = 'sallyport-python'

/** The folder the image is built from, absolute. */
export const IMAGE_FOLDER = fileURLToPath(new URL('../sandbox-images/python/', import.meta.url))

/** Files that explain or prepare, and are no part of the image. */
const isIngredient = (/** @type {string} */ path) => !path.endsWith('.md') && path !== 'requirements.in'

/**
 * Paths relative to `folder` (with `/`), sorted, of the files the image is made from.
 * @param {string} [folder]
 * @returns {string[]}
 */
export function imageIngredients(folder = IMAGE_FOLDER) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .filter(isIngredient)
    .filter((path) => !path.split('/').some((part) => part === '__pycache__' || part.startsWith('.')))
    .sort()
}

/**
 * `sallyport-python:<first 12 hex digits of the SHA-256 over the ingredients' names and bytes>`.
 * @param {string} [folder]
 * @returns {string}
 */
export function imageTag(folder = IMAGE_FOLDER) {
  const digest = createHash('sha256')
  for (const path of imageIngredients(folder)) {
    const bytes = readFileSync(join(folder, path))
    digest.update(`${path}\0${bytes.length}\0`).update(bytes)
  }
  return `${IMAGE_NAME}:${digest.digest('hex').slice(0, 12)}`
}
