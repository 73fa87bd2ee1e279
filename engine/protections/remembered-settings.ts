/**
 * Settings as hot checks ask for them: what was asked once is found by comparing
 * the few names of one protection, which takes less than a look-up. In: resolved
 * settings, which never change. Out: the same answers.
 */
import type { ResolvedSettings } from './protection.js';

export class RememberedSettings implements ResolvedSettings {
  private readonly numbers: Remembered<number>;
  private readonly flags: Remembered<boolean>;
  private readonly choices: Remembered<string>;
  private readonly sets: Remembered<ReadonlySet<string>>;

  constructor(settings: ResolvedSettings) {
    this.numbers = new Remembered((name) => settings.number(name));
    this.flags = new Remembered((name) => settings.flag(name));
    this.choices = new Remembered((name) => settings.choice(name));
    this.sets = new Remembered((name) => settings.set(name));
  }

  number(name: string): number {
    return this.numbers.of(name);
  }

  flag(name: string): boolean {
    return this.flags.of(name);
  }

  choice(name: string): string {
    return this.choices.of(name);
  }

  set(name: string): ReadonlySet<string> {
    return this.sets.of(name);
  }
}

class Remembered<T> {
  private readonly names: string[] = [];
  private readonly values: T[] = [];

  constructor(private readonly ask: (name: string) => T) {}

  of(name: string): T {
    const { names } = this;
    for (let i = 0; i < names.length; i++) if (names[i] === name) return this.values[i] as T;
    return this.add(name);
  }

  private add(name: string): T {
    const value = this.ask(name);
    this.names.push(name);
    this.values.push(value);
    return value;
  }
}
