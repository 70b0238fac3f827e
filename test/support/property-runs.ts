const isWhole = process.env['SALLYPORT_PROPERTIES'] === '1'

/** How many cases a property is tried with: a fifth of them, and 100 at least where there are so many, unless all are asked for by the lane `properties`. */
export const propertyRuns = (all: number): number => (isWhole ? all : Math.min(all, Math.max(100, Math.ceil(all / 5))))
