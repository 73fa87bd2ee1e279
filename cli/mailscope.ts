/** Entry of the command line where it is run from its sources; the built one has `start.ts`. */
import { main } from './program.js';

main(null);
