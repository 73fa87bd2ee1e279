/**
 * `quickStart()`: a part of the build that has a program begin sooner. Modules
 * of Node are loaded where they are first used, and the text is ASCII, so that
 * it can be read as Latin-1: V8 then holds one octet for a character, not two.
 */

/** Node has loaded these already when a program begins; each other one takes up to 5 ms. */
const LOADED_MODULES = ['node:buffer', 'node:fs', 'node:os', 'node:path', 'node:worker_threads'];

/** @returns {import('vite').Plugin} */
export function quickStart() {
  return {
    name: 'quick-start',
    renderChunk: (code) => ({ code: withLateModules(code), map: null }),
    generateBundle(_options, bundle) {
      for (const part of Object.values(bundle)) if (part.type === 'chunk') part.code = inAscii(part.code);
    },
  };
}

/** @param {string} code */
function withLateModules(code) {
  let late = code;
  for (const [line, name = '', module = ''] of code.matchAll(/^let (node_\w+) = require\("(node:[\w/]+)"\);$/gm)) {
    const withoutLine = late.replace(line, '');
    // What is used as a whole is needed at once.
    const isUsedWhole = new RegExp(`\\b${name}\\b(?!\\.\\w)`).test(withoutLine);
    if (LOADED_MODULES.includes(module) || isUsedWhole) continue;
    late = withoutLine.replaceAll(new RegExp(`\\b${name}\\.(\\w+)`, 'g'), `(require("${module}").$1)`);
  }
  return late;
}

/**
 * The same program; strings, patterns and names may be written so, and comments do not matter.
 * @param {string} code
 */
function inAscii(code) {
  const escaped = /(?<!\\)(?:\\\\)*\\[^\0-\x7f]/.exec(code)?.[0];
  if (escaped !== undefined) throw new Error(`write ${escaped} without the backslash`);
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
