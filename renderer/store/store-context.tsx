/** Hands store and bridge to the screens, so that tests can hand in others. */
import { createContext, useContext } from 'react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../shared/ipc.js';
import type { AppStore } from './app-state.js';

interface Services {
  readonly store: StoreApi<AppStore>;
  readonly bridge: Bridge;
}

const ServicesContext = createContext<Services | null>(null);

export function ServicesProvider({
  services,
  children,
}: {
  readonly services: Services;
  readonly children: ReactNode;
}) {
  return <ServicesContext.Provider value={services}>{children}</ServicesContext.Provider>;
}

/** Reads a part of the state; the component renders again when that part changes. */
export function useApp<T>(select: (state: AppStore) => T): T {
  return useStore(useServices().store, select);
}

/** The bridge, for what is fetched by the piece: rows, transcripts, octets. */
export function useBridge(): Bridge {
  return useServices().bridge;
}

/** The store itself, for callbacks that read the state when they run. */
export function useAppStore(): StoreApi<AppStore> {
  return useServices().store;
}

function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === null) throw new Error('ServicesProvider is missing above this component.');
  return services;
}
