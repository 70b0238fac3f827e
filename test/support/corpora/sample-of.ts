const isWhole = process.env['SALLYPORT_CORPORA'] === '1'

/**
 * Each sixth of so many programs, charts or files, and all of them in the lane `corpora`: what takes a run of its own is in
 * `npm test` often enough to show that a kind of it has broken, and whole before a release.
 */
export const sampleOf = <Item>(all: readonly Item[]): readonly Item[] =>
  isWhole ? all : all.filter((_, index) => index % 6 === 0)
