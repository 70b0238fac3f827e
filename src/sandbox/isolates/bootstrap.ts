/**
 * Runs first in every new context, before any user code, and keeps its own references to what it needs, so that a
 * program which replaces `JSON.stringify` or a prototype changes only itself. `write(stream, text)`, `timer(ms)`,
 * and `spoil()` come from the process; only strings and numbers cross. Returns the function that begins
 * a run after one that filled a stream or set a timer, and the one that describes a value when no timer is left.
 *
 * Written as text because it runs inside the isolate, where nothing of this module exists.
 */
export const bootstrapSource = String.raw`
'use strict';
const [write, timer, outputLimit, spoil] = [$0, $1, $2, $3];
const { stringify, parse } = JSON;
const { apply, ownKeys, getPrototypeOf } = Reflect;
const { isArray } = Array;
const { defineProperty } = Object;
const toStringTag = Object.prototype.toString;
const functionToString = Function.prototype.toString;
const dateToIso = Date.prototype.toISOString;
const dateValue = Date.prototype.getTime;
const regExpToString = RegExp.prototype.toString;
const PromiseConstructor = Promise;
const mapEntries = Map.prototype.entries;
const setValues = Set.prototype.values;
const ArrayFrom = Array.from;
const StringOf = String;
const ObjectPrototype = Object.prototype;
const TypeErrorOf = TypeError;

delete globalThis.SharedArrayBuffer;
delete globalThis.Atomics;
delete globalThis.WebAssembly;
// Finalizers run when the collector does, which may be in the next session: who touches them costs the isolate its life.
const Finalizers = globalThis.FinalizationRegistry;
defineProperty(globalThis, 'FinalizationRegistry', { get: () => { spoil(); return Finalizers; }, configurable: true });

const show = (value, depth, seen) => {
  try {
    if (typeof value === 'string') return depth === 0 ? value : stringify(value);
    if (typeof value === 'bigint') return StringOf(value) + 'n';
    if (typeof value === 'symbol') return apply(Symbol.prototype.toString, value, []);
    if (typeof value === 'function') return '[Function' + (typeof value.name === 'string' && value.name ? ' ' + value.name : '') + ']';
    if (value === null || typeof value !== 'object') return Object.is(value, -0) ? '-0' : StringOf(value);
    if (seen.includes(value)) return '[Circular]';
    if (value instanceof Error) return typeof value.stack === 'string' ? value.stack : StringOf(value);
    if (depth > 4) return isArray(value) ? '[Array]' : '[Object]';
    const inner = (item) => show(item, depth + 1, [...seen, value]);
    const tag = apply(toStringTag, value, []);
    if (tag === '[object Date]') return apply(dateValue, value, []) === apply(dateValue, value, []) ? apply(dateToIso, value, []) : 'Invalid Date';
    if (tag === '[object RegExp]') return apply(regExpToString, value, []);
    if (tag === '[object Map]') {
      const entries = ArrayFrom(apply(mapEntries, value, []));
      return 'Map(' + entries.length + ') {' + entries.slice(0, 100).map(([k, v]) => ' ' + inner(k) + ' => ' + inner(v)).join(',') + ' }';
    }
    if (tag === '[object Set]') {
      const items = ArrayFrom(apply(setValues, value, []));
      return 'Set(' + items.length + ') {' + items.slice(0, 100).map((v) => ' ' + inner(v)).join(',') + ' }';
    }
    if (isArray(value) || ArrayBuffer.isView(value)) {
      const items = [];
      for (let i = 0; i < value.length && i < 100; i += 1) items.push(inner(value[i]));
      if (value.length > 100) items.push('… ' + (value.length - 100) + ' more');
      return items.length === 0 ? '[]' : '[ ' + items.join(', ') + ' ]';
    }
    const keys = ownKeys(value).filter((key) => typeof key === 'string');
    const shown = keys.slice(0, 100).map((key) => key + ': ' + inner(value[key]));
    if (keys.length > 100) shown.push('… ' + (keys.length - 100) + ' more');
    const name = getPrototypeOf(value) !== ObjectPrototype && typeof value.constructor === 'function' ? StringOf(value.constructor.name) + ' ' : '';
    return name + (shown.length === 0 ? '{}' : '{ ' + shown.join(', ') + ' }');
  } catch {
    return '[a value that cannot be shown]';
  }
};
// What JSON would show as an empty object, or as null, is told by its text alone.
const opaque = ['Map', 'Set', 'WeakMap', 'WeakSet', 'Error', 'RegExp', 'ArrayBuffer', 'Promise', 'Generator', 'AsyncGenerator'].map((kind) => '[object ' + kind + ']');
const isView = ArrayBuffer.isView;
const isFinite = Number.isFinite;
const includes = opaque.includes;
const fail = () => { throw new TypeErrorOf('JSON cannot say it') };
// Throws where JSON would say something else than the value; large integers become their digits.
const exactly = function (key, value) {
  const given = this[key];
  if (typeof value === 'bigint') return StringOf(value);
  if (typeof value === 'number' && !isFinite(value)) fail();
  if ((value === null && given !== null) || (value === undefined && isArray(this))) fail();
  if (typeof value === 'function' || typeof value === 'symbol') fail();
  if (isView(given) || apply(includes, opaque, [apply(toStringTag, given, [])])) fail();
  return value;
};
const jsonOf = (value) => {
  try {
    if (typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol') return null;
    const json = stringify(value, exactly) ?? null;
    return json === 'null' && value !== null ? null : json;
  } catch {
    return null; // circular or hostile: the text is what there is
  }
};
const showAll = (values) => values.map((value) => show(value, 0, [])).join(' ');

// Once a stream is full nothing of it crosses any more: printing without end costs the program's own time only.
const full = { stdout: false, stderr: false };
const consoleMethod = (stream) => (...values) => {
  if (full[stream]) return;
  const text = showAll(values);
  full[stream] = write(stream, (text.length > outputLimit ? text.slice(0, outputLimit + 1) : text) + '\n');
};
globalThis.console = {
  log: consoleMethod('stdout'), info: consoleMethod('stdout'), debug: consoleMethod('stdout'), dir: consoleMethod('stdout'),
  table: consoleMethod('stdout'), warn: consoleMethod('stderr'), error: consoleMethod('stderr'), trace: consoleMethod('stderr'),
};
const awaited = { result: { promise: true, copy: true }, arguments: { copy: true } };
const applyReference = timer.apply;
const wait = (milliseconds) => apply(applyReference, timer, [undefined, [milliseconds], awaited]);
// Timers that are set and have neither come nor been cancelled. A run ends when it has none, or when one of them throws.
let timers = { __proto__: null };
let timerCount = 0;
let nextTimer = 1;
let failure = null;
let whenIdle = null;
const wake = () => { if (whenIdle !== null && (timerCount === 0 || failure !== null)) whenIdle(); };
const drop = (id) => {
  if (timers[id] === undefined) return false;
  delete timers[id];
  timerCount -= 1;
  return true;
};
const fire = (callback, values) => {
  try {
    apply(callback, undefined, values);
  } catch (thrown) {
    failure ??= { thrown };
  }
};
const setTimer = (callback, milliseconds, values, repeats) => {
  if (typeof callback !== 'function') throw new TypeErrorOf('The first argument of a timer is a function');
  const id = nextTimer++;
  const mine = timers;
  const next = async () => {
    await wait(Number(milliseconds) || 0);
    if (mine !== timers || timers[id] === undefined) return;
    if (!repeats) drop(id);
    fire(callback, values);
    if (repeats && failure === null && timers[id] !== undefined) next();
    wake();
  };
  timers[id] = true;
  timerCount += 1;
  next();
  return id;
};
const clearTimer = (id) => { if (drop(id)) wake(); };
globalThis.setTimeout = (callback, milliseconds, ...values) => setTimer(callback, milliseconds, values, false);
globalThis.setInterval = (callback, milliseconds, ...values) => setTimer(callback, milliseconds, values, true);
globalThis.clearTimeout = clearTimer;
globalThis.clearInterval = clearTimer;
// Resolves when no timer is left; rejects with what one of them threw.
const idle = () => new PromiseConstructor((resolve, reject) => {
  whenIdle = () => (failure === null ? resolve() : reject(failure.thrown));
  wake();
});
// What the run before has left, after it was broken off, does not go on in this one.
const begin = () => {
  full.stdout = false;
  full.stderr = false;
  timers = { __proto__: null };
  timerCount = 0;
  failure = null;
  whenIdle = null;
};
globalThis.structuredClone = (value) => (value === undefined ? undefined : parse(stringify(value)));

const errorOf = (thrown) => {
  try {
    if (thrown instanceof Error) {
      return { name: StringOf(thrown.name), value: StringOf(thrown.message), traceback: StringOf(thrown.stack) };
    }
  } catch { /* a getter of the program threw: described below as any other value */ }
  return { name: 'Error', value: show(thrown, 0, []), traceback: '' };
};
const limit = (text, maximum) => (text.length > maximum ? text.slice(0, maximum) : text);

return [begin, async (value, maximum) => {
  try {
    const settled = await value;
    await idle();
    if (settled === undefined) return stringify({ end: 'completed', text: null, json: null, cut: false });
    const text = show(settled, 0, []);
    const json = jsonOf(settled);
    const cut = text.length > maximum || (json !== null && json.length > maximum);
    return stringify({ end: 'completed', text: limit(text, maximum), json: json !== null && json.length > maximum ? null : json, cut });
  } catch (thrown) {
    const { name, value: message, traceback } = errorOf(thrown);
    return stringify({ end: 'raised', name: limit(name, 200), value: limit(message, 10000), traceback: limit(traceback, 20000) });
  }
}];
`
