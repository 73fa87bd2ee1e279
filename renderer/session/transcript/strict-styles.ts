/**
 * Makes the terminal work under a Content-Security-Policy without
 * 'unsafe-inline'. xterm writes rules into style elements that it makes with
 * `createElement('style')` while it opens; such a policy refuses them. While
 * the given action runs, what stands in for a style element is an element that
 * shows nothing and puts its text into a constructed style sheet, which the
 * policy allows. (xterm's own `documentOverride` does not reach its scrollbar.)
 */

/** Runs `action`, during which style elements made through `page` become constructed style sheets. */
export function withConstructedStyles(page: Document, action: () => void): void {
  const make = page.createElement.bind(page);
  const createElement = (name: string, options?: ElementCreationOptions): HTMLElement =>
    name === 'style' ? withConstructedSheet(make('template'), page) : make(name, options);
  Object.defineProperty(page, 'createElement', { value: createElement, configurable: true });
  try {
    action();
  } finally {
    // The page's own method is its prototype's; this takes away what hides it.
    Reflect.deleteProperty(page, 'createElement');
  }
}

/** Takes the element's text as rules of a sheet that lives until the element is removed. */
function withConstructedSheet(element: HTMLElement, page: Document): HTMLElement {
  const sheet = new CSSStyleSheet();
  page.adoptedStyleSheets = [...page.adoptedStyleSheets, sheet];
  Object.defineProperty(element, 'textContent', {
    set: (rules: string) => {
      sheet.replaceSync(rules);
    },
  });
  Object.defineProperty(element, 'remove', {
    value: () => {
      page.adoptedStyleSheets = page.adoptedStyleSheets.filter((other) => other !== sheet);
      Element.prototype.remove.call(element);
    },
  });
  return element;
}
