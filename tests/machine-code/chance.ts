/** Chance that is the same in every run: xorshift (Marsaglia, 2003). */
export class Chance {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 1;
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return least + ((this.state >>> 0) % (most - least + 1));
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.between(0, choices.length - 1)] as T;
  }

  /** True once in so many times. */
  one(of: number): boolean {
    return this.between(1, of) === 1;
  }

  octets(length: number): readonly number[] {
    return Array.from({ length }, () => this.between(0, 255));
  }
}
