/**
 * The policy in the renderer's store: what holds, the one draft, what it
 * amounts to, and where the user is on the Policy screen. The draft lives
 * here, so leaving the screen loses nothing.
 */
import type { Problem } from '../../shared/inspection.js';
import type {
  ImportedPolicy,
  PolicyCheck,
  PolicyDescription,
  PolicyDocument,
  PolicyState,
} from '../../shared/policy.js';
import type { ProtectionDescription } from '../../shared/protection.js';
import type { PolicyTab } from '../policy/problem-place.js';

/** A wish to have a field focused; `serial` rises so that the same wish can be repeated. */
export interface FieldRequest {
  readonly field: string;
  readonly serial: number;
}

export interface PolicyDesk {
  /** Null until the main process answered. */
  readonly held: PolicyState | null;
  readonly catalogue: readonly ProtectionDescription[];
  /** What each profile amounts to by itself. */
  readonly profiles: Readonly<Record<string, PolicyDescription>>;
  /** The document as it is typed. */
  readonly draft: PolicyDocument;
  /** The file that the draft was read from or written to, with what it holds. */
  readonly file: ImportedPolicy | null;
  /** What the main process said of the draft, or of the one a moment ago; null before the first answer. */
  readonly check: PolicyCheck | null;
  /** The access list that the draft's networks make when it has none of its own; null when they make none. */
  readonly networksList: readonly string[] | null;
  /** Why the last apply, import or export failed. */
  readonly refused: Problem | null;
  readonly savedProblemDismissed: boolean;
  readonly tab: PolicyTab;
  readonly selectedId: string | null;
  readonly search: string;
  readonly closedFamilies: ReadonlySet<string>;
  readonly fieldRequest: FieldRequest | null;
  /** The screen whose finding led here; null when the user came by himself. */
  readonly cameFrom: 'sessions' | 'violations' | null;
}

export const NO_POLICY: PolicyDesk = {
  held: null,
  catalogue: [],
  profiles: {},
  draft: { schema: 1 },
  file: null,
  check: null,
  networksList: null,
  refused: null,
  savedProblemDismissed: false,
  tab: 'protections',
  selectedId: null,
  search: '',
  closedFamilies: new Set(),
  fieldRequest: null,
  cameFrom: null,
};

export interface PolicyActions {
  /** Fetches what the Policy screen shows; does nothing when it is there already. */
  loadPolicy: () => Promise<void>;
  editPolicy: (change: (draft: PolicyDocument) => PolicyDocument) => void;
  discardPolicy: () => void;
  applyPolicy: () => Promise<void>;
  importPolicy: () => Promise<void>;
  exportPolicy: () => Promise<void>;
  showPolicyTab: (tab: PolicyTab) => void;
  searchProtections: (search: string) => void;
  selectProtection: (id: string) => void;
  toggleFamily: (family: string) => void;
  /** Goes to the Policy screen and there to this path of the document: a protection, a field. */
  showInPolicy: (path: string) => void;
  dismissPolicyProblem: () => void;
}
