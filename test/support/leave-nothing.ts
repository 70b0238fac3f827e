/**
 * Runs before each file of tests: gives it, and all that it starts, a temporary folder of its own, and fails it where
 * something is left there at its end. What a test makes by `temporaryFolder` is removed for it and does not count; so
 * what is found was left by the product, or by a program that still runs.
 */
import { chmodSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll } from 'vitest'
import {
  foundBesideTemporaryFolders,
  outerFolder,
  removeTemporaryFolders,
  temporaryFolder,
} from './temporary-folder.ts'

// A short name, since addresses of sockets below it have room for 107 bytes.
const folder = temporaryFolder('t-', outerFolder)
// As open as /tmp: some tests run programs as another user.
chmodSync(folder, 0o1777)
process.env['TMPDIR'] = folder

/** Where npm, as a program that a test starts, keeps what Node compiled of it. */
const ofNpm = 'node-compile-cache'
const whatIsLeft = () => foundBesideTemporaryFolders(folder).filter((name) => name !== ofNpm)

afterAll(async () => {
  let left = whatIsLeft()
  // A program that was told to end may still be clearing up.
  for (let tries = 0; tries < 600 && left.length > 0; tries += 1) {
    await sleep(100)
    left = whatIsLeft()
  }
  removeTemporaryFolders()
  if (left.length > 0) throw new Error(`This file of tests left in its temporary folder: ${left.join(', ')}.`)
})
