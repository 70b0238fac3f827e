/**
 * What the page of the app may load and run: its own files, and nothing that stands in the page itself. A script in a value that
 * is shown would have to be a file of this service to run, a picture or a form in it reaches nobody, and no page frames this one.
 * No text becomes markup: the app makes elements of it, and a browser refuses whatever would read it as HTML. A page that a program made is
 * seen in a frame of no origin, which is given it as a blob and nothing else.
 */
export const appPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  // Pages that programs made, in a frame of no origin that may neither run nor load anything: this policy holds in it besides.
  'frame-src blob:',
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')
