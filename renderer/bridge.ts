/**
 * The one file of the renderer that touches `window.mailscope`. In: the object
 * that the preload exposes. Out: the same as `Bridge`, and `ask`, which turns
 * every way a call can fail (an answer with a problem, a rejected promise) into
 * one shape. It refuses to run outside Mailscope's window.
 */
import type { Answer, Bridge } from '../shared/ipc.js';
import type { Problem } from '../shared/inspection.js';

declare global {
  interface Window {
    readonly mailscope?: Bridge;
  }
}

/** The bridge of this window. Throws when the page runs without Mailscope's preload. */
export function windowBridge(): Bridge {
  if (window.mailscope === undefined)
    throw new Error('This page only works in the Mailscope window: its preload is missing.');
  return window.mailscope;
}

/** The value of an answer, or the problem; a call that never got through becomes a problem as well. */
export async function ask<T>(call: Promise<Answer<T>>): Promise<Answer<T>> {
  try {
    return await call;
  } catch (error) {
    return { ok: false, problem: lostCall(error) };
  }
}

function lostCall(error: unknown): Problem {
  return {
    code: 'bridge-lost',
    message: error instanceof Error ? error.message : 'The main process did not answer.',
    hint: 'Try again; if it stays, close the window and open Mailscope anew.',
  };
}
