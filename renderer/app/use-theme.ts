/** Puts the chosen theme onto the document; `system` follows the operating system. */
import { useEffect, useLayoutEffect } from 'react';
import { useApp } from '../store/store-context.js';

export function useTheme(): void {
  const theme = useApp((state) => state.settings.theme);
  const systemDark = useApp((state) => state.systemDark);
  const setSystemDark = useApp((state) => state.setSystemDark);
  useEffect(() => {
    const query = window.matchMedia('(prefers-color-scheme: dark)');
    const follow = (): void => setSystemDark(query.matches);
    follow();
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, [setSystemDark]);
  const dark = theme === 'dark' || (theme === 'system' && systemDark);
  // A layout effect, so that whoever reads the tokens in an effect finds the new ones.
  useLayoutEffect(() => {
    document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
  }, [dark]);
}

/** `dark` or `light`, as shown now. */
export function useShownTheme(): 'dark' | 'light' {
  return useApp((state) =>
    state.settings.theme === 'dark' || (state.settings.theme === 'system' && state.systemDark) ? 'dark' : 'light',
  );
}
