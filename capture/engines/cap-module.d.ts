/**
 * The native package `cap` 0.2, as far as the capture helper uses it; it comes
 * without types. A CommonJS module whose members are made at run time, so an
 * import sees it as a whole only.
 */
declare module 'cap' {
  export interface CapDevice {
    readonly name: string;
    readonly description?: string;
    readonly addresses: readonly { readonly addr?: string }[];
    readonly flags?: string;
  }

  export interface Cap {
    /**
     * Opens, filters and begins; answers the name of the link type. Packets go
     * into `buffer`, one at a time, each told by an event while it lies there.
     */
    open(device: string, filter: string, kernelBufferBytes: number, buffer: Buffer): string;
    /** Puts a frame onto the interface. */
    send(frame: Buffer): void;
    close(): boolean;
    on(event: 'packet', listener: (capturedLength: number, truncated: boolean) => void): this;
  }

  export interface CapModule {
    readonly Cap: {
      new (): Cap;
      deviceList(): readonly CapDevice[];
    };
  }

  const whole: CapModule;
  export { whole as default };
}
