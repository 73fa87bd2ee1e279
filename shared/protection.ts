/** The catalogue as the screens and reports see it: text and declarations, no behaviour. */
import type { MailProtocol } from './session.js';
import type { Severity } from './severity.js';
import type { Action } from './violation.js';

export type SettingDeclaration =
  | {
      readonly kind: 'number';
      readonly name: string;
      readonly title: string;
      readonly unit: string;
      readonly default: number;
      readonly minimum: number;
      readonly maximum: number;
      readonly reason: string;
    }
  | {
      readonly kind: 'choice';
      readonly name: string;
      readonly title: string;
      readonly default: string;
      readonly choices: readonly string[];
      readonly reason: string;
    }
  | {
      readonly kind: 'flag';
      readonly name: string;
      readonly title: string;
      readonly default: boolean;
      readonly reason: string;
    }
  | {
      readonly kind: 'list';
      readonly name: string;
      readonly title: string;
      /** What an entry is: `verb`, `network`, `code`, ... */
      readonly of: string;
      readonly default: readonly string[];
      readonly reason: string;
    };

export type SettingValue = number | string | boolean | readonly string[];

export interface ProtectionDescription {
  readonly id: string;
  readonly title: string;
  readonly protocols: readonly MailProtocol[];
  readonly family: string;
  readonly attackName: string;
  readonly attackInfo: string;
  /** The document's own spelling where ours corrects it. */
  readonly seedText?: string;
  readonly why: string;
  readonly sources: readonly string[];
  readonly references: readonly string[];
  readonly severity: Severity;
  readonly confidence: number;
  readonly remedy: string;
  readonly defaultAction: Action;
  readonly settings: readonly SettingDeclaration[];
}
