import type { Plugin } from 'vite';

export function quickStart(): Plugin;
