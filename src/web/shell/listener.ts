/** Which listener of the service served this page: the one of callers, or the one of operators. */
export const listener: 'service' | 'operators' =
  document.querySelector('meta[name="sallyport-listener"]')?.getAttribute('content') === 'operators'
    ? 'operators'
    : 'service'
