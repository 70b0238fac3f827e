/** Is this the lane `kubernetes`, which runs all of what `npm test` takes a sample of? */
export const isClusterLane = process.env['SALLYPORT_KUBERNETES'] === 'from-nothing'
