/**
 * Fixed pieces of which one is chosen by a name. The names are few and compared
 * in turn: that is quicker than to look a member of an object up by a name that
 * differs from call to call.
 */
import { fixedPiece, type FixedPiece } from './record-octets.js';

export class NamedPieces<Name extends string> {
  private readonly pieces: readonly FixedPiece[];

  /** `text`: of the piece of each name. */
  constructor(
    private readonly names: readonly Name[],
    text: (name: Name) => string,
  ) {
    this.pieces = names.map((name) => fixedPiece(text(name)));
  }

  of(name: Name): FixedPiece {
    return this.pieces[placeOf(this.names, name)] as FixedPiece;
  }
}

/** Pieces of which each is chosen by three names; made when it is first asked for. */
export class TriplyNamedPieces<First extends string, Second extends string, Third extends string> {
  private readonly pieces: (FixedPiece | null)[];

  constructor(
    private readonly firsts: readonly First[],
    private readonly seconds: readonly Second[],
    private readonly thirds: readonly Third[],
    private readonly text: (first: First, second: Second, third: Third) => string,
  ) {
    this.pieces = new Array<null>(firsts.length * seconds.length * thirds.length).fill(null);
  }

  of(first: First, second: Second, third: Third): FixedPiece {
    const { firsts, seconds, thirds } = this;
    const row = placeOf(firsts, first) * seconds.length + placeOf(seconds, second);
    const place = row * thirds.length + placeOf(thirds, third);
    return this.pieces[place] ?? (this.pieces[place] = fixedPiece(this.text(first, second, third)));
  }
}

/** All names are among `names`. */
function placeOf(names: readonly string[], name: string): number {
  let place = 0;
  while (place < names.length - 1 && names[place] !== name) place++;
  return place;
}
