/** Milliseconds as they are told: to a tenth. What a clock says beyond is noise that only makes them long. */
export function toldMilliseconds(measured: number): number {
  return Math.round(measured * 10) / 10
}
